#include "source/cloudformation/resolver.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "model/arn.h"
#include "source/cloudformation/intrinsics.h"

namespace sagewarden::cloudformation {
namespace {

constexpr std::string_view kFunctionPrefix = "Fn::";
constexpr std::string_view kLoopPrefix = "Fn::ForEach::";
constexpr std::string_view kTransformKey = "Fn::Transform";
constexpr std::string_view kTooMuch = "the template takes too much work to resolve";
constexpr std::string_view kTooDeep = "expressions stand too deep inside each other";
constexpr size_t kIndexFrom = 16;  // mappings of this many entries get an index

bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

// The function's name when the mapping is a call of one: {Ref: …} or {Fn::Name: …}.
std::string_view function_name(const Node& node) {
  if (!node.is_mapping() || node.entries.size() != 1) return {};
  const std::string_view key = node.entries.front().key;
  if (key == "Ref") return key;
  if (!starts_with(key, kFunctionPrefix) || starts_with(key, kLoopPrefix)) return {};
  return key.substr(kFunctionPrefix.size());
}

std::string without_punctuation(std::string_view text) {
  std::string kept;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) kept += c;
  }
  return kept;
}

// The domain that a partition's endpoints end in; empty for a partition that is not listed.
std::string_view url_suffix(std::string_view partition) {
  constexpr std::array<std::array<std::string_view, 2>, 8> kSuffixes = {{
      {"aws", "amazonaws.com"},
      {"aws-cn", "amazonaws.com.cn"},
      {"aws-eusc", "amazonaws.eu"},
      {"aws-iso", "c2s.ic.gov"},
      {"aws-iso-b", "sc2s.sgov.gov"},
      {"aws-iso-e", "cloud.adc-e.uk"},
      {"aws-iso-f", "csp.hci.ic.gov"},
      {"aws-us-gov", "amazonaws.com"},
  }};
  for (const auto& [name, suffix] : kSuffixes) {
    if (name == partition) return suffix;
  }
  return {};
}

}  // namespace

Resolver::Resolver(const Node& root, size_t text_size, const SourceOptions& options,
                   Problems& problems)
    : root_(root),
      options_(options),
      problems_(problems),
      work_left_(kWorkBase + text_size * kWorkPerByte) {}

void Resolver::declare(Parameters parameters) {
  parameters_ = std::move(parameters);
  for (const Transform& transform : transforms(root_))
    more_names_ = more_names_ || transform.name != "AWS::LanguageExtensions";
}

void Resolver::declare_conditions() {
  const Node* section = root_.find("Conditions");
  if (section == nullptr) return;
  const Entries all = entries(*section, nullptr);
  more_names_ = more_names_ || !all.missing.empty();
  for (const Unrolled& entry : all.list) {
    Condition condition;
    condition.node = entry.value;
    condition.scope = entry.scope;
    conditions_.emplace(entry.key, std::move(condition));
  }
}

Entries Resolver::declare_resources() {
  Entries all = entries(*root_.find("Resources"), nullptr);
  more_names_ = more_names_ || !all.missing.empty();
  for (const Unrolled& entry : all.list) resources_.insert(entry.key);
  return all;
}

bool Resolver::spend(size_t bytes, Mark mark) {
  if (bytes <= work_left_) {
    work_left_ -= bytes;
    return true;
  }
  work_left_ = 0;
  exhausted_ = true;
  problems_.report(mark.line == 0 ? root_.mark : mark, code::kLimit,
                   std::string(kTooMuch) + "; what comes after this counts as not known");
  return false;
}

Value Resolver::malformed(Mark mark, const std::string& why) {
  problems_.report(mark, code::kMalformed, why + "; the value counts as not known");
  return unknown(why, mark);
}

Value Resolver::resolve(const Node& node, const Scope* scope) {
  const Deeper deeper(*this);
  if (!deeper.allowed()) {
    problems_.report(node.mark, code::kLimit,
                     std::string(kTooDeep) + "; the value counts as not known");
    return unknown(std::string(kTooDeep), node.mark);
  }
  Value value = exhausted_ ? Value() : resolve_node(node, scope);
  // A text may have been cut short when the work ran out, so nothing of this call is kept.
  if (exhausted_) return unknown(std::string(kTooMuch), node.mark);
  return value;
}

Value Resolver::resolve_node(const Node& node, const Scope* scope) {
  if (!spend(sizeof(Value), node.mark)) return {};
  const bool tagged = !node.tag.empty();
  const std::string_view name = tagged ? std::string_view(node.tag).substr(1) : function_name(node);
  if (name.empty()) return resolve_plain(node, scope);
  const Function function = find_function(name);
  if (function == nullptr)
    return malformed(node.mark, fmt::format("there is no function {} for a property's value",
                                            shown(tagged ? node.tag : node.entries[0].key)));
  return function(*this,
                  {name, tagged ? node : node.entries.front().value, tagged, node.mark, scope});
}

Value Resolver::resolve_plain(const Node& node, const Scope* scope) {
  switch (node.kind) {
    case Node::Kind::Null:
      return malformed(node.mark, "null is not allowed in a template");
    case Node::Kind::Bool:
    case Node::Kind::Int:
    case Node::Kind::Double:
      return scalar_of(node);
    case Node::Kind::String:
      spend(node.text.size(), node.mark);
      return text_value(substitute(node.text, scope), node.mark);
    case Node::Kind::Sequence:
      return resolve_list(node, scope);
    case Node::Kind::Mapping:
      return resolve_object(node, scope);
  }
  return absent(node.mark);
}

Value Resolver::resolve_list(const Node& node, const Scope* scope) {
  Value list = absent(node.mark);
  list.kind = Value::Kind::List;
  list.items.reserve(node.items.size());
  for (const Node& item : node.items) {
    Value value = resolve(item, scope);
    if (!value.is(Value::Kind::Absent)) list.items.push_back(std::move(value));
  }
  return list;
}

Value Resolver::resolve_object(const Node& node, const Scope* scope) {
  const Entries all = entries(node, scope);
  if (!all.missing.empty()) {
    Value some = opaque(all.missing, node.mark);
    some.maybe_empty = true;
    return some;
  }
  Value object = absent(node.mark);
  object.kind = Value::Kind::Object;
  object.members.reserve(all.list.size());
  for (const Unrolled& entry : all.list) {
    if (starts_with(entry.key, kFunctionPrefix))
      return malformed(entry.key_mark,
                       fmt::format("{} must stand alone in its mapping", shown(entry.key)));
    Value value = resolve(*entry.value, entry.scope);
    if (!value.is(Value::Kind::Absent))
      object.members.push_back({entry.key, entry.key_mark, std::move(value)});
  }
  return object;
}

// ---- loops ----

Entries Resolver::entries(const Node& mapping, const Scope* scope) {
  Entries out;
  out.list.reserve(mapping.entries.size());
  const size_t iterations = iterations_left_;
  collect(mapping, scope, out);
  if (iterations == iterations_left_) return out;
  // Only a loop can make the same name twice: the reader refuses that for what is written.
  std::unordered_set<std::string_view> names;
  for (const Unrolled& entry : out.list) {
    if (names.insert(entry.key).second) continue;
    out.missing = fmt::format("Fn::ForEach makes {} more than once", shown(entry.key));
    out.missing_mark = entry.key_mark;
  }
  return out;
}

void Resolver::collect(const Node& mapping, const Scope* scope, Entries& out) {
  for (const Node::Entry& entry : mapping.entries) {
    if (exhausted_) return;
    Unrolled unrolled{substitute(entry.key, scope), entry.key_mark, &entry.value, scope};
    spend(sizeof(Unrolled) + unrolled.key.size(), entry.key_mark);
    if (starts_with(unrolled.key, kLoopPrefix)) {
      unroll(unrolled, out);
    } else if (unrolled.key == kTransformKey && mapping.entries.size() > 1) {
      out.missing = "Fn::Transform may put anything here at deployment";
      out.missing_mark = entry.key_mark;
    } else {
      out.list.push_back(std::move(unrolled));
    }
  }
}

void Resolver::unroll(const Unrolled& loop, Entries& out) {
  const Deeper deeper(*this);
  const auto give_up = [&](const std::string& why) {
    out.missing = fmt::format("{}: {}", shown(loop.key), why);
    out.missing_mark = loop.key_mark;
    out.skipped.push_back(loop.value);
  };
  if (!deeper.allowed()) return give_up(std::string(kTooDeep));
  const std::vector<Node>& parts = loop.value->items;
  if (parts.size() != 3 || !parts[0].is_string() || !parts[2].is_mapping()) {
    const std::string why = "a loop takes a name, a collection and a mapping";
    malformed(loop.key_mark, why);
    return give_up(why);
  }
  const Value collection = resolve(parts[1], loop.scope);
  if (collection.is(Value::Kind::Opaque)) return give_up(collection.reason);
  for (const Value& item : collection.items) {
    if (!item.is_scalar() || item.optional)
      return give_up(item.reason.empty() ? "a loop goes over texts only" : item.reason);
  }
  if (!collection.is(Value::Kind::List)) {
    malformed(parts[1].mark, "a loop goes over a list");
    return give_up("a loop goes over a list");
  }
  for (const Value& item : collection.items) {
    if (iterations_left_ == 0) {
      const std::string why = fmt::format("more than {} turns of loops", kMaxIterations);
      problems_.report(loop.key_mark, code::kLimit, why + "; the rest is not read");
      return give_up(why);
    }
    --iterations_left_;
    if (!spend(sizeof(Scope) + item.text.size(), loop.key_mark)) return give_up("too much work");
    scopes_.push_back({loop.scope, parts[0].text, item.text});
    collect(parts[2], &scopes_.back(), out);
  }
}

std::string Resolver::substitute(std::string_view text, const Scope* scope) {
  std::string out;
  while (scope != nullptr && !exhausted_) {
    const size_t brace = text.find('{');
    const size_t end = brace == std::string_view::npos ? brace : text.find('}', brace);
    if (end == std::string_view::npos) break;
    const char sign = brace == 0 ? '\0' : text[brace - 1];
    const std::string_view name = text.substr(brace + 1, end - brace - 1);
    const Scope* found = scope;
    while (found != nullptr && found->name != name) found = found->outer;
    if (found == nullptr || (sign != '$' && sign != '&')) {
      out += text.substr(0, brace + 1);
      text.remove_prefix(brace + 1);
      continue;
    }
    if (!spend(found->value.size(), {})) break;
    out += text.substr(0, brace - 1);
    // `&{Name}` leaves out what a logical id may not hold.
    out += sign == '$' ? found->value : without_punctuation(found->value);
    text.remove_prefix(end + 1);
  }
  return out.append(text);
}

// ---- references ----

Value Resolver::pseudo_parameter(std::string_view name, Mark mark) const {
  const std::string_view region = options_.region;
  std::string_view partition = options_.partition;
  if (partition.empty() && !region.empty()) partition = partition_of_region(region);

  std::string_view known;
  if (name == "AWS::NoValue") return absent(mark);
  if (name == "AWS::Region") known = region;
  if (name == "AWS::AccountId") known = options_.account;
  if (name == "AWS::Partition") known = partition;
  if (name == "AWS::URLSuffix") known = url_suffix(partition);
  if (!known.empty()) return text_value(std::string(known), mark);
  return opaque(fmt::format("{} is known only at deployment", name), mark);
}

Value Resolver::reference(std::string_view name, const Scope* scope, Mark mark) {
  constexpr std::array<std::string_view, 8> kPseudo = {
      "AWS::AccountId", "AWS::NoValue", "AWS::NotificationARNs", "AWS::Partition",
      "AWS::Region",    "AWS::StackId", "AWS::StackName",        "AWS::URLSuffix"};
  for (; scope != nullptr; scope = scope->outer) {
    if (scope->name != name) continue;
    spend(scope->value.size(), mark);
    return text_value(scope->value, mark);
  }
  if (std::find(kPseudo.begin(), kPseudo.end(), name) != kPseudo.end())
    return pseudo_parameter(name, mark);
  if (const auto found = parameters_.find(name); found != parameters_.end()) {
    const Parameter& parameter = found->second;
    const std::string& text = parameter.value.text;
    const auto elements = static_cast<size_t>(std::count(text.begin(), text.end(), ',')) + 1;
    const size_t bytes = parameter.value.reason.size() + text.size();
    if (!spend(bytes + (parameter.list ? elements * sizeof(Value) : 0), mark)) return {};
    return value_at(parameter, mark);
  }
  if (!more_names_ && !resources_.contains(name))
    return malformed(mark,
                     fmt::format("!Ref {}: there is no such parameter or resource", shown(name)));
  spend(name.size(), mark);
  return opaque(fmt::format("!Ref {} is known only at deployment", shown(name)), mark);
}

Value Resolver::attribute(std::string_view resource, std::string_view attribute, Mark mark) {
  const std::string call = fmt::format("!GetAtt {}.{}", shown(resource), shown(attribute));
  spend(call.size(), mark);
  if (!more_names_ && !resources_.contains(resource))
    return malformed(mark, fmt::format("{}: there is no such resource", call));
  return opaque(call + " is known only at deployment", mark);
}

const Node* Resolver::lookup(const Node& mapping, std::string_view key) {
  if (mapping.entries.size() < kIndexFrom) return mapping.find(key);
  auto [found, added] = indexes_.try_emplace(&mapping);
  if (added) {
    for (const Node::Entry& entry : mapping.entries) found->second.emplace(entry.key, &entry.value);
  }
  const auto value = found->second.find(key);
  return value == found->second.end() ? nullptr : value->second;
}

std::vector<const Node*> Resolver::find_in_map(const MapKeys& keys, Mark mark) {
  std::vector<const Node*> level;
  if (const Node* section = root_.find("Mappings")) level.push_back(section);
  for (const std::optional<std::string>& key : keys) {
    std::vector<const Node*> below;
    for (const Node* node : level) {
      if (node == nullptr) {
        below.push_back(nullptr);
        continue;
      }
      if (key) {
        if (const Node* found = lookup(*node, *key)) below.push_back(found);
        continue;
      }
      if (!spend(node->entries.size() * sizeof(Value), mark)) return {};
      for (const Node::Entry& entry : node->entries) {
        // A transform that brings in more of them.
        below.push_back(starts_with(entry.key, kFunctionPrefix) ? nullptr : &entry.value);
      }
    }
    level = std::move(below);
  }
  return level;
}

// ---- the Transform section ----

std::vector<Transform> transforms(const Node& root) {
  std::vector<Transform> all;
  const auto add = [&](const Node& node) {
    const Node* name = node.is_mapping() ? node.find("Name") : &node;
    const bool readable = name != nullptr && name->is_string();
    all.push_back({readable ? name->text : std::string("(without a name)"), node.mark});
  };
  const Node* section = root.find("Transform");
  if (section == nullptr) return all;
  if (!section->is_sequence()) {
    add(*section);
  } else {
    for (const Node& item : section->items) add(item);
  }
  return all;
}

bool changes_resources(std::string_view transform) {
  // These bring in resources of other services, and leave those of SageMaker as they are.
  constexpr std::array<std::string_view, 7> kHarmless = {"AWS::CodeDeployBlueGreen",
                                                         "AWS::CodeStar",
                                                         "AWS::LanguageExtensions",
                                                         "AWS::SecretsManager-2020-07-23",
                                                         "AWS::SecretsManager-2024-09-16",
                                                         "AWS::Serverless-2016-10-31",
                                                         "AWS::ServiceCatalog"};
  return !std::binary_search(kHarmless.begin(), kHarmless.end(), transform);
}

}  // namespace sagewarden::cloudformation
