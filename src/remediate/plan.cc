#include "remediate/plan.h"

#include <algorithm>
#include <utility>

#include "base/json_writer.h"
#include "remediate/path.h"

namespace sagewarden::remediate {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  json::append_quoted(out, text);
  return out;
}

}  // namespace

std::string_view name_of(Effect effect) {
  switch (effect) {
    case Effect::Changes:
      return "changes";
    case Effect::Creates:
      return "creates";
    case Effect::Deletes:
      return "deletes";
  }
  return "";
}

std::string_view name_of(Found found) {
  switch (found) {
    case Found::Ok:
      return "ok";
    case Found::Wrong:
      return "wrong";
    case Found::Uncertain:
      return "uncertain";
    case Found::Unread:
      return "unread";
  }
  return "";
}

std::string_view name_of(Way way) {
  switch (way) {
    case Way::InPlace:
      return "in-place";
    case Way::Replace:
      return "replace";
    case Way::ByHand:
      return "by-hand";
  }
  return "";
}

Expectation equals(std::string path, std::string_view text) {
  return {std::move(path), {quoted(text)}};
}

Expectation equals_json(std::string path, std::string json) {
  return {std::move(path), {std::move(json)}};
}

Expectation any_of(std::string path, std::initializer_list<std::string_view> texts) {
  Expectation expected{std::move(path), {}};
  for (const std::string_view text : texts) expected.values.push_back(quoted(text));
  return expected;
}

Expectation missing(std::string path) {
  return {std::move(path), {}};
}

bool only_waits(const Step& step) {
  return step.call.operation.empty();
}

bool holds(const Expectation& expected, json::Value root) {
  const json::Value value = at_path(root, expected.path);
  if (expected.values.empty()) return !value.exists();
  if (!value.exists()) return false;
  const std::string found = canonical(value);
  return std::ranges::any_of(expected.values, [&](const std::string& wanted) {
    const Result<json::Document> document = json::parse_document(wanted);
    return document && canonical(document->root) == found;
  });
}

bool takes_away(const Step& creation, const Step& deletion) {
  constexpr std::string_view kCreate = "Create";
  constexpr std::string_view kDelete = "Delete";
  const std::string_view made = creation.call.operation;
  const std::string_view deleted = deletion.call.operation;
  return creation.effect == Effect::Creates && deletion.effect == Effect::Deletes && deletion.own &&
         deletion.check.gone && made.starts_with(kCreate) && deleted.starts_with(kDelete) &&
         made.substr(kCreate.size()) == deleted.substr(kDelete.size()) &&
         creation.call.service == deletion.call.service &&
         creation.check.read == deletion.check.read &&
         deletion.call.input == deletion.check.read.input;
}

}  // namespace sagewarden::remediate
