#include "remediate/wording.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/json_writer.h"
#include "base/text.h"
#include "remediate/images.h"
#include "remediate/path.h"

namespace sagewarden::remediate {
namespace {

// Members whose values are not shown have one of these in their name: container environments,
// registry and Git credentials, tokens, scripts.
constexpr std::array<std::string_view, 7> kPrivate = {
    "Environment", "Auth", "Credential", "Secret", "Password", "Token", "Content"};
// Longer values are not what people look for in a message.
constexpr size_t kMostShown = 200;
// Shorter ones are no secrets, and taking them out would spoil the message.
constexpr size_t kLeastHidden = 4;

bool is_private(std::string_view path) {
  return std::ranges::any_of(
      kPrivate, [&](std::string_view name) { return path.find(name) != std::string_view::npos; });
}

// Empty when it is not to be shown.
std::string shown(std::string_view path, json::Value value) {
  if (is_private(path) || value.is_object() || value.is_array()) return {};
  std::string text;
  json::Writer(text).value(value);
  return text.size() > kMostShown ? std::string() : printable(text);
}

std::string shown(const Expectation& expected) {
  std::string all;
  for (const std::string& value : expected.values) {
    const Result<json::Document> document = json::parse_document(value);
    const std::string one = document ? shown(expected.path, document->root) : std::string();
    if (one.empty()) return {};
    all += (all.empty() ? "" : " or ") + one;
  }
  return all;
}

std::string seen_at(const Expectation& expected, json::Value root) {
  const json::Value value = at_path(root, expected.path);
  if (!value.exists()) return fmt::format("{} is not set", expected.path);
  const std::string text = shown(expected.path, value);
  return text.empty() ? fmt::format("{} has another value", expected.path)
                      : fmt::format("{} is {}", expected.path, text);
}

void collect_private(json::Value value, bool hidden, std::vector<std::string>& found) {
  if (hidden && value.is_string() && value.string().size() >= kLeastHidden)
    found.emplace_back(value.string());
  for (const json::Value element : value.elements()) collect_private(element, hidden, found);
  for (const auto& [name, below] : value.members())
    collect_private(below, hidden || is_private(name), found);
}

std::string without_secrets(std::string text, const PlannedCall& planned) {
  std::vector<std::string> secrets;
  if (const Result<json::Document> input = json::parse_document(planned.input))
    collect_private(input->root, false, secrets);
  // The longest first: one may be a part of another.
  std::ranges::sort(secrets, std::ranges::greater(), &std::string::size);
  constexpr std::string_view kHidden = "[hidden]";
  for (const std::string& secret : secrets)
    for (size_t at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + kHidden.size()))
      text.replace(at, secret.size(), kHidden);
  return text;
}

}  // namespace

std::string unmet(const std::vector<Expectation>& expected, json::Value root) {
  for (const Expectation& one : expected) {
    if (holds(one, root)) continue;
    if (one.values.empty()) return fmt::format("{} is set", one.path);
    const std::string wanted = shown(one);
    const std::string seen = seen_at(one, root);
    return wanted.empty() ? seen : fmt::format("{}, not {}", seen, wanted);
  }
  return {};
}

std::string met(const std::vector<Expectation>& expected, json::Value root) {
  for (const Expectation& one : expected)
    if (holds(one, root)) return seen_at(one, root);
  return {};
}

std::string reason_of(json::Value root, const PlannedCall& planned) {
  const auto told = [&](std::string_view who, std::string_view reason) {
    if (reason.empty()) return std::string();
    return fmt::format(" ({}: {})", who, printable(without_secrets(std::string(reason), planned)));
  };
  std::string text = told("AWS", root["FailureReason"].string_or(""));
  // What a job of ours left in S3: notebook_scripts.h.
  text += told("it says", root["Metadata"]["reason"].string_or(""));
  return text;
}

std::string told(const aws::CallError& error, const PlannedCall& planned,
                 const std::vector<std::string>& also_needs) {
  aws::CallError safe = error;
  safe.message = without_secrets(error.message, planned);
  std::string text = aws::describe(safe);
  if (error.kind != aws::CallError::Kind::Denied) return text;
  if (is_skopeo_call(planned)) return text + "; log in with `skopeo login`";
  text += fmt::format("; allow {}:{}", planned.service, planned.operation);
  for (const std::string& action : also_needs) text += ", " + action;
  return text;
}

}  // namespace sagewarden::remediate
