#include "remediate/family.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/json_writer.h"
#include "remediate/path.h"

namespace sagewarden::remediate {
namespace {

Broken with_controls(const Broken& broken, std::span<const std::string_view> controls,
                     bool wanted) {
  Broken part{broken.target, {}};
  for (const Repaired& repaired : broken.findings) {
    const bool is_among = std::ranges::find(controls, repaired.control) != controls.end();
    if (is_among == wanted) part.findings.push_back(repaired);
  }
  return part;
}

Action with_words(Action action, std::string summary) {
  action.summary = std::move(summary);
  action.downtime = "none: nothing is changed";
  action.cost = "none";
  return action;
}

}  // namespace

std::string object_of(
    std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  for (const auto& [name, value] : members) out.member(name, value);
  out.end_object();
  return text;
}

std::string json_string(std::string_view text) {
  std::string out;
  json::append_quoted(out, text);
  return out;
}

std::string text_of(json::Value value) {
  std::string text;
  json::Writer(text).value(value);
  return text;
}

std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'')
      out += "'\\''";
    else
      out += c;
  }
  return out + "'";
}

std::string listed(std::span<const std::string> texts) {
  std::string out;
  for (size_t i = 0; i < texts.size(); ++i) {
    if (i > 0) out += i + 1 == texts.size() ? " and " : ", ";
    out += texts[i];
  }
  return out;
}

Expectation as_seen(std::string path, json::Value root) {
  const json::Value value = at_path(root, path);
  if (!value.exists()) return missing(std::move(path));
  return equals_json(std::move(path), text_of(value));
}

Broken only(const Broken& broken, std::span<const std::string_view> controls) {
  return with_controls(broken, controls, true);
}

Broken without(const Broken& broken, std::span<const std::string_view> controls) {
  return with_controls(broken, controls, false);
}

Action left_to_people(const Broken& broken, std::string summary, std::vector<std::string> advice) {
  return with_words(by_hand(broken, std::move(advice)), std::move(summary));
}

Action not_read(const Broken& broken, const aws::CallError& error) {
  return with_words(unread(broken, error),
                    fmt::format("Nothing is planned for {}.", broken.target.name));
}

void add_unknown(std::vector<Action>& actions, const Broken& broken) {
  if (broken.findings.empty()) return;
  std::vector<std::string> advice;
  for (const Repaired& repaired : broken.findings)
    advice.push_back(fmt::format("there is no repair for {}: see what its page says under fix",
                                 repaired.control));
  actions.push_back(left_to_people(
      broken, fmt::format("Nothing is planned for {}.", broken.target.name), std::move(advice)));
}

}  // namespace sagewarden::remediate
