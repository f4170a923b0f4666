// One walk over the attributes, with what is unknown, what is sensitive and what the configuration
// says beside them. The properties are written as text while walking, so that no second tree is
// built; a place that is unknown holds null in a list, where positions count, and nothing in an
// object.
#include "source/terraform/translate.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/json_writer.h"
#include "source/terraform/lookup.h"

namespace sagewarden::terraform {
namespace {

// One value with what Terraform says about it on the side.
struct Place {
  json::Value value;
  json::Value unknown;
  json::Value sensitive;
  Expressions expressions;
};

// Attributes of the resource that are no properties: Terraform's own, or handled elsewhere.
bool is_no_property(std::string_view name, Provider provider) {
  // No provider has such an attribute, and a control may ask it whether it applies at all.
  if (is_api_status(pascal_case(name))) return true;
  constexpr std::array<std::string_view, 7> kAws = {"arn",  "id",       "name_prefix", "region",
                                                    "tags", "tags_all", "timeouts"};
  constexpr std::array<std::string_view, 3> kAwscc = {"id", "tags", "timeouts"};
  return provider == Provider::Aws ? std::ranges::find(kAws, name) != kAws.end()
                                   : std::ranges::find(kAwscc, name) != kAwscc.end();
}

// Providers write "" and [] for what is not set.
bool is_absent(json::Value value) {
  return !value.exists() || value.is_null() || (value.is_string() && value.string().empty()) ||
         (value.is_array() && value.size() == 0);
}

json::Value first_known(json::Value list) {
  for (const json::Value element : list.elements()) {
    if (!element.is_null()) return element;
  }
  return {};
}

// What a value without a row is. hashicorp/aws wraps each object into a list, so that an object by
// itself is a map there.
Shape guess_shape(json::Value value, Provider provider) {
  if (value.is_object()) return provider == Provider::Aws ? Shape::Map : Shape::Block;
  if (!value.is_array()) return Shape::Scalar;
  if (!first_known(value).is_object()) return Shape::ScalarList;
  return provider == Provider::Aws && value.size() == 1 ? Shape::Block : Shape::BlockList;
}

// The table's shape, unless the value cannot be of that shape: then the value's own, so that
// nothing is dropped.
Shape shape_of(const NameNode* node, json::Value value, Provider provider) {
  if (node == nullptr) return guess_shape(value, provider);
  const bool objects =
      value.is_array() && (first_known(value).is_object() || !first_known(value).exists());
  switch (node->field->shape) {
    case Shape::Scalar:
      return value.is_array() || value.is_object() ? guess_shape(value, provider) : Shape::Scalar;
    case Shape::ScalarList:
      return value.is_array() && !first_known(value).is_object() ? Shape::ScalarList
                                                                 : guess_shape(value, provider);
    case Shape::Block:
      return value.is_object() || objects ? Shape::Block : guess_shape(value, provider);
    case Shape::BlockList:
      return value.is_object() || objects ? Shape::BlockList : guess_shape(value, provider);
    case Shape::Map:
      return value.is_object() ? Shape::Map : guess_shape(value, provider);
    case Shape::KeyValues:
      if (value.is_object()) return Shape::KeyValues;
      return objects ? Shape::BlockList : guess_shape(value, provider);
  }
  return Shape::Scalar;
}

class Translator {
 public:
  Translator(const Instance& instance, Translation& out)
      : instance_(instance), out_(out), writer_(out.properties) {}

  void object(const NameNode* node, const Place& place);

 private:
  // An object while it is written.
  struct Frame {
    const NameNode* node;
    const Place& place;
    Lookup sensitive;
    Lookup expressions;
    std::vector<bool> seen;  // by place among node->children: written or marked
  };
  struct Step {
    std::string_view name;  // empty: an element
    size_t position;
  };

  void attribute(Frame& frame, std::string_view name, json::Value value, json::Value unknown);
  bool unknown_attribute(const Frame& frame, const NameNode* child, std::string_view name);
  void configured_attribute(json::Value expression, const std::string& after_apply);
  void fill_defaults(const Frame& frame);
  void write(const NameNode* node, std::string_view name, const Place& place);
  void block(const NameNode* node, std::string_view name, const Place& place);
  void block_list(const NameNode* node, std::string_view name, const Place& place);
  void scalar_list(const NameNode* node, std::string_view name, const Place& place);
  void map(std::string_view name, const Place& place);
  void key_values(std::string_view name, const Place& place);
  void scalar(ValueType type, json::Value value);
  bool element_hidden(std::string_view name, json::Value unknown, json::Value sensitive);
  void mark(Known known, UnknownCause cause, std::string reason);
  std::string path() const;

  const Instance& instance_;
  Translation& out_;
  json::Writer writer_;
  std::vector<Step> steps_;
  size_t marks_ = 0;
};

std::string Translator::path() const {
  std::string out;
  for (const Step& step : steps_) {
    if (step.name.empty()) {
      (((out += '[') += std::to_string(step.position))) += ']';
    } else {
      if (!out.empty()) out += '.';
      out += step.name;
    }
  }
  return out;
}

void Translator::mark(Known known, UnknownCause cause, std::string reason) {
  UnknownNode* node = &out_.unknown_properties;
  if (++marks_ > kMostUnknown) {
    known = Known::Nothing;
    reason = "more than " + std::to_string(kMostUnknown) + " of its parts are unknown";
  } else {
    for (const Step& step : steps_)
      node = step.name.empty() ? &node->child(step.position) : &node->child(step.name);
  }
  node->unknown = true;
  node->known = known;
  node->cause = cause;
  node->reason = std::move(reason);
}

std::string in_backquotes(std::string_view name) {
  return "`" + std::string(name) + "`";
}

// NOLINTNEXTLINE(misc-no-recursion): the parser bounds the depth
void Translator::object(const NameNode* node, const Place& place) {
  writer_.begin_object();
  if (const std::string_view twice = repeated_name(place.value); !twice.empty())
    out_.repeated = twice;
  const Lookup values(place.value);
  const Lookup unknown(place.unknown);
  Frame frame = {node, place, Lookup(place.sensitive), Lookup(place.expressions.value),
                 std::vector<bool>(node != nullptr ? node->children.size() : 0)};
  const bool root = steps_.empty();
  for (const auto& [name, value] : place.value.members()) {
    if (root && is_no_property(name, instance_.provider)) continue;
    attribute(frame, name, value, unknown[name]);
  }
  // What is wholly unknown is left out of the values.
  for (const auto& [name, value] : place.unknown.members()) {
    if (root && is_no_property(name, instance_.provider)) continue;
    if (!values[name].exists()) attribute(frame, name, {}, value);
  }
  fill_defaults(frame);
  writer_.end_object();
}

// NOLINTNEXTLINE(misc-no-recursion): as object()
void Translator::attribute(Frame& frame, std::string_view name, json::Value value,
                           json::Value unknown) {
  const NameNode* const child = frame.node != nullptr ? frame.node->find(name) : nullptr;
  const std::string by_rule = child == nullptr ? pascal_case(name) : std::string();
  const size_t at = child != nullptr ? static_cast<size_t>(child - frame.node->children.data()) : 0;
  // Two spellings of one name.
  if (child != nullptr && frame.seen[at]) {
    out_.repeated = name;
    return;
  }
  const std::string_view property = child != nullptr ? child->name : std::string_view(by_rule);
  steps_.push_back({property, 0});
  const json::Value sensitive = frame.sensitive[name];
  bool there = true;
  if (is_true(unknown)) {
    there = unknown_attribute(frame, child, name);
  } else if (is_absent(value)) {
    // Left out, unless Terraform speaks of parts that it does not show.
    there = holds_true(unknown);
    if (there) {
      mark(Known::Nothing, UnknownCause::AfterApply,
           "parts of " + in_backquotes(name) + " are known after apply");
    }
  } else if (is_true(sensitive)) {
    mark(Known::Set, UnknownCause::NotResolved, in_backquotes(name) + " is marked sensitive");
  } else {
    writer_.key(property);
    write(child, name,
          {value, unknown, sensitive,
           Expressions::below(frame.place.expressions, frame.expressions[name])});
  }
  steps_.pop_back();
  if (there && child != nullptr) frame.seen[at] = true;
}

// Marks an attribute that is wholly unknown; false when it counts as left out instead.
bool Translator::unknown_attribute(const Frame& frame, const NameNode* child,
                                   std::string_view name) {
  const Field* const field = child != nullptr ? child->field : nullptr;
  const bool aws = instance_.provider == Provider::Aws;
  const bool block =
      field == nullptr || field->shape == Shape::Block || field->shape == Shape::BlockList;
  const json::Value expression = frame.expressions[name];
  const std::string after_apply = in_backquotes(name) + " is known after apply";
  switch (configured(frame.place.expressions, expression, aws && block)) {
    case Configured::Yes:
      configured_attribute(expression, after_apply);
      return true;
    case Configured::Unclear:
      mark(Known::Nothing, UnknownCause::AfterApply, after_apply);
      return true;
    case Configured::No:
      break;
  }
  // fill_defaults() has better words for it.
  if (field != nullptr && field->default_only_when_new) return false;
  const bool read_only = field != nullptr && field->read_only;
  const bool has_default = field != nullptr && !field->api_default.empty();
  // hashicorp/awscc calls every optional property computed, so that nothing but AWS fills in what
  // is not configured, as for a template; hashicorp/aws may have more to it.
  if (instance_.created && !read_only && (!aws || has_default)) return false;
  mark(Known::Nothing, UnknownCause::AfterApply, after_apply + " and not configured");
  return true;
}

// Marks an attribute that the configuration sets.
void Translator::configured_attribute(json::Value expression, const std::string& after_apply) {
  const std::string from(best_reference(expression));
  const Origin origin = instance_.origins == nullptr
                            ? Origin::NotShown
                            : instance_.origins->of(expression, instance_.scope);
  switch (origin) {
    case Origin::Set:
      return mark(Known::Set, UnknownCause::AfterApply,
                  from.empty() ? after_apply : after_apply + ": it is set from " + from);
    case Origin::Several:
      return mark(Known::Nothing, UnknownCause::AfterApply,
                  after_apply +
                      " and may be null: its expression refers to several things and may "
                      "choose between them");
    case Origin::MayBeNull:
      return mark(Known::Nothing, UnknownCause::AfterApply,
                  after_apply + " and may be null: it depends on " + from +
                      ", which may be null or make it null");
    case Origin::NotShown:
      return mark(Known::Nothing, UnknownCause::AfterApply,
                  after_apply + " and may be null: the plan does not show what " +
                      (from.empty() ? "it" : from) + " is made of");
  }
}

void Translator::fill_defaults(const Frame& frame) {
  if (frame.node == nullptr) return;
  for (size_t i = 0; i < frame.seen.size(); ++i) {
    if (frame.seen[i]) continue;
    const NameNode& child = frame.node->children[i];
    const Field& field = *child.field;
    steps_.push_back({child.name, 0});
    if (field.read_only) {
      mark(Known::Nothing, UnknownCause::NotResolved, "AWS sets it; Terraform does not show it");
    } else if (field.default_only_when_new) {
      mark(Known::Nothing, UnknownCause::NotResolved,
           "not set, and what AWS then chooses has changed over time (now " +
               std::string(field.api_default) + ")");
    } else if (!field.api_default.empty()) {
      writer_.key(child.name).raw(field.api_default);
      out_.defaulted.push_back(path());
    }
    steps_.pop_back();
  }
}

// NOLINTNEXTLINE(misc-no-recursion): as object()
void Translator::write(const NameNode* node, std::string_view name, const Place& place) {
  switch (shape_of(node, place.value, instance_.provider)) {
    case Shape::Scalar:
      if (element_hidden(name, place.unknown, place.sensitive)) return;
      return scalar(node != nullptr ? node->field->value : ValueType::String, place.value);
    case Shape::ScalarList:
      return scalar_list(node, name, place);
    case Shape::Block:
      return block(node, name, place);
    case Shape::BlockList:
      return block_list(node, name, place);
    case Shape::Map:
      return map(name, place);
    case Shape::KeyValues:
      return key_values(name, place);
  }
}

// Writes null and marks the place where an element or entry is unknown or sensitive, in whole or in
// part.
bool Translator::element_hidden(std::string_view name, json::Value unknown, json::Value sensitive) {
  if (holds_true(unknown)) {
    mark(Known::Set, UnknownCause::AfterApply, in_backquotes(name) + " is known after apply");
  } else if (holds_true(sensitive)) {
    mark(Known::Set, UnknownCause::NotResolved, in_backquotes(name) + " is marked sensitive");
  } else {
    return false;
  }
  writer_.null();
  return true;
}

// NOLINTNEXTLINE(misc-no-recursion): as object()
void Translator::block(const NameNode* node, std::string_view name, const Place& place) {
  if (place.value.is_object()) return object(node, place);
  const size_t count = place.value.size();
  // A provider that allows several where the API takes one: none of them may be judged for all.
  if (count > 1) {
    mark(Known::Set, UnknownCause::NotResolved,
         "there are " + std::to_string(count) + " blocks " + in_backquotes(name) +
             " where CloudFormation has one");
    writer_.null();
    return;
  }
  const json::Value unknown = place.unknown.at(0);
  const json::Value sensitive = place.sensitive.at(0);
  if (is_true(unknown) || is_true(sensitive)) {
    element_hidden(name, unknown, sensitive);
    return;
  }
  const json::Value expressions = place.expressions.list_of(1).at(0);
  object(node, {place.value.at(0), unknown, sensitive, place.expressions.element(expressions)});
}

// NOLINTNEXTLINE(misc-no-recursion): as object()
void Translator::block_list(const NameNode* node, std::string_view name, const Place& place) {
  writer_.begin_array();
  if (place.value.is_object()) {
    steps_.push_back({{}, 0});
    object(node, place);
    steps_.pop_back();
  }
  Cursor unknown(place.unknown);
  Cursor sensitive(place.sensitive);
  Cursor expressions(place.expressions.list_of(place.value.size()));
  size_t position = 0;
  for (const json::Value element : place.value.elements()) {
    const Place inner = {element, unknown.next(), sensitive.next(),
                         place.expressions.element(expressions.next())};
    steps_.push_back({{}, position++});
    if (is_true(inner.unknown) || is_true(inner.sensitive)) {
      element_hidden(name, inner.unknown, inner.sensitive);
    } else {
      object(node, inner);
    }
    steps_.pop_back();
  }
  writer_.end_array();
}

void Translator::scalar_list(const NameNode* node, std::string_view name, const Place& place) {
  writer_.begin_array();
  Cursor unknown(place.unknown);
  Cursor sensitive(place.sensitive);
  size_t position = 0;
  for (const json::Value element : place.value.elements()) {
    steps_.push_back({{}, position++});
    if (!element_hidden(name, unknown.next(), sensitive.next()))
      scalar(node != nullptr ? node->field->value : ValueType::String, element);
    steps_.pop_back();
  }
  writer_.end_array();
}

void Translator::map(std::string_view name, const Place& place) {
  if (const std::string_view twice = repeated_name(place.value); !twice.empty())
    out_.repeated = twice;
  const Lookup values(place.value);
  const Lookup unknown(place.unknown);
  const Lookup sensitive(place.sensitive);
  writer_.begin_object();
  for (const auto& [key, value] : place.value.members()) {
    writer_.key(key);
    steps_.push_back({key, 0});
    if (!element_hidden(name, unknown[key], sensitive[key])) writer_.value(value);
    steps_.pop_back();
  }
  // Unknown entries are left out of the values.
  for (const auto& [key, value] : place.unknown.members()) {
    if (values[key].exists() || !holds_true(value)) continue;
    steps_.push_back({key, 0});
    mark(Known::Set, UnknownCause::AfterApply, in_backquotes(name) + " is known after apply");
    steps_.pop_back();
  }
  writer_.end_object();
}

void Translator::key_values(std::string_view name, const Place& place) {
  if (const std::string_view twice = repeated_name(place.value); !twice.empty())
    out_.repeated = twice;
  const Lookup values(place.value);
  const Lookup unknown(place.unknown);
  const Lookup sensitive(place.sensitive);
  writer_.begin_array();
  size_t position = 0;
  // In step with CloudFormation's list, whose order nobody depends on.
  const auto entry = [&](std::string_view key, json::Value value) {
    writer_.begin_object().member("Key", key).key("Value");
    steps_.push_back({{}, position++});
    steps_.push_back({"Value", 0});
    if (!element_hidden(name, unknown[key], sensitive[key])) writer_.value(value);
    steps_.resize(steps_.size() - 2);
    writer_.end_object();
  };
  for (const auto& [key, value] : place.value.members()) entry(key, value);
  for (const auto& [key, value] : place.unknown.members()) {
    if (!values[key].exists() && holds_true(value)) entry(key, {});
  }
  writer_.end_array();
}

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Writes the value as the table's type, where it is the text of such a value; anything else as it
// is.
void Translator::scalar(ValueType type, json::Value value) {
  if (value.is_string()) {
    const std::string_view text = value.string();
    if (type == ValueType::Boolean && (text == "true" || text == "false")) {
      writer_.boolean(text == "true");
      return;
    }
    if (type == ValueType::Integer || type == ValueType::Number) {
      if (const auto integer = whole_number<int64_t>(text)) {
        writer_.integer(*integer);
        return;
      }
    }
    if (type == ValueType::Number) {
      if (const auto real = whole_number<double>(text)) {
        writer_.real(*real);
        return;
      }
    }
  }
  writer_.value(value);
}

}  // namespace

void translate_properties(const NameNode& tree, const Instance& instance, Translation& out) {
  if (is_true(instance.unknown) || is_true(instance.sensitive)) {
    out.properties = "{}";
    out.unknown_properties.unknown = true;
    out.unknown_properties.cause =
        is_true(instance.unknown) ? UnknownCause::AfterApply : UnknownCause::NotResolved;
    out.unknown_properties.reason = is_true(instance.unknown)
                                        ? "the whole resource is known after apply"
                                        : "the whole resource is marked sensitive";
    return;
  }
  Translator(instance, out)
      .object(&tree, {instance.values, instance.unknown, instance.sensitive, instance.expressions});
}

}  // namespace sagewarden::terraform
