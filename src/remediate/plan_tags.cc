#include "remediate/plan_tags.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/json_writer.h"
#include "base/text.h"
#include "remediate/family.h"

namespace sagewarden::remediate {
namespace {

using TagMap = std::map<std::string, std::string>;

// A resource can have this many that are not AWS's own.
constexpr size_t kMostTags = 50;
constexpr size_t kLongestTagKey = 128;
constexpr size_t kLongestTagValue = 256;

constexpr std::string_view kHowToTag =
    "give the tags that your policy asks for and plan again: --tag KEY=VALUE, once for each";

TagMap observed_tags(const Action& observed) {
  TagMap tags;
  const Result<json::Document> document = json::parse_document(copied_tags(observed));
  if (!document) return tags;
  for (const json::Value tag : document->root.elements())
    tags.emplace(tag["Key"].string_or(""), tag["Value"].string_or(""));
  return tags;
}

// Why AWS would not take the tag; empty when it would.
std::string tag_fault(const std::string& key, const std::string& value) {
  if (key.empty() || key.size() > kLongestTagKey)
    return fmt::format("a tag's key has 1 to {} characters: \"{}\"", kLongestTagKey, key);
  if (value.size() > kLongestTagValue)
    return fmt::format("the value of tag {} has more than {} characters", key, kLongestTagValue);
  if (lower(key).starts_with("aws:")) return fmt::format("tag {}: aws: is AWS's own", key);
  // Neither would it be found again by a path.
  if (key.find_first_of("[]") != std::string::npos)
    return fmt::format("tag {}: brackets are not allowed in a key", key);
  return {};
}

std::string tag_path(std::string_view key) {
  return fmt::format("Tags[Key={}].Value", key);
}

std::string add_tags_input(std::string_view arn, const TagMap& tags) {
  std::string text;
  json::Writer out(text);
  out.begin_object().member("ResourceArn", arn).key("Tags").begin_array();
  for (const auto& [key, value] : tags)
    out.begin_object().member("Key", key).member("Value", value).end_object();
  out.end_array().end_object();
  return text;
}

std::string delete_tags_input(std::string_view arn, const TagMap& tags) {
  std::string text;
  json::Writer out(text);
  out.begin_object().member("ResourceArn", arn).key("TagKeys").begin_array();
  for (const auto& [key, value] : tags) out.string(key);
  out.end_array().end_object();
  return text;
}

Step add_tags_step(const Target& target, const PlannedCall& list, const TagMap& tags) {
  Step step;
  step.title = fmt::format("Add tags to {}", target.name);
  step.call = {.operation = "AddTags", .input = add_tags_input(target.arn, tags)};
  step.check.read = list;
  Step undo;
  undo.title = fmt::format("Remove the added tags from {}", target.name);
  undo.call = {.operation = "DeleteTags", .input = delete_tags_input(target.arn, tags)};
  undo.check.read = list;
  for (const auto& [key, value] : tags) {
    step.check.reached.push_back(equals(tag_path(key), value));
    step.from.push_back(missing(tag_path(key)));
    undo.check.reached.push_back(missing(tag_path(key)));
    undo.from.push_back(equals(tag_path(key), value));
  }
  step.undo = {std::move(undo)};
  return step;
}

// Why none can be added; empty when they can.
std::string tag_obstacle(const TagMap& wanted, const TagMap& there, const TagMap& added) {
  if (wanted.empty())
    return "whose it is and what it costs whom is nothing to be invented: " +
           std::string(kHowToTag);
  for (const auto& [key, value] : wanted)
    if (std::string fault = tag_fault(key, value); !fault.empty()) return fault;
  if (added.empty())
    return "it has all the tags that were given: the control asks for other keys; " +
           std::string(kHowToTag);
  if (there.size() + added.size() > kMostTags)
    return fmt::format("it has {} tags, and AWS allows {}: remove some", there.size(), kMostTags);
  return {};
}

}  // namespace

Action plan_tags(const Broken& broken, Action observed, const Planning& planning) {
  const Target& target = broken.target;
  const TagMap& wanted = planning.options.tags;
  const TagMap there = observed_tags(observed);
  TagMap added;
  std::vector<std::string> keys;
  std::vector<std::string> kept;
  for (const auto& [key, value] : wanted) {
    const auto has = there.find(key);
    if (has == there.end()) {
      added.emplace(key, value);
      keys.push_back(key);
    } else if (has->second != value) {
      kept.push_back(fmt::format("tag {} is \"{}\" already and stays so", key, has->second));
    }
  }
  if (std::string why = tag_obstacle(wanted, there, added); !why.empty()) {
    kept.insert(kept.begin(), std::move(why));
    return left_to_people(broken, fmt::format("{} needs tags.", target.name), std::move(kept));
  }
  Action action = in_place(broken);
  action.summary = fmt::format("{} gets {} {}; the tags that it has stay as they are.", target.name,
                               keys.size() == 1 ? "the tag" : "the tags", listed(keys));
  action.downtime = "none";
  action.cost = "none";
  action.risks = {
      "Policies, budgets and clean-up jobs that go by tags see the resource differently from then "
      "on."};
  action.advice = std::move(kept);
  // Whatever else changes about the resource is no matter to its tags.
  for (Observation& seen : observed.seen)
    if (seen.read.operation == "ListTags") action.seen.push_back(std::move(seen));
  action.steps = {add_tags_step(target, action.seen.front().read, added)};
  return action;
}

}  // namespace sagewarden::remediate
