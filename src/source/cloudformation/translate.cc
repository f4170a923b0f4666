#include "source/cloudformation/translate.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "base/json_writer.h"
#include "base/text.h"
#include "source/cloudformation/render.h"
#include "source/types/shape.h"

namespace sagewarden::cloudformation {
namespace {

using Kind = Value::Kind;

// ---- types: CloudFormation takes "true" for true and "2" for 2 ----

bool is_integer(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_real(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  const size_t point = text.find('.');
  return point != std::string_view::npos && is_integer(text.substr(point + 1)) &&
         is_integer(text.substr(0, point));
}

// It is not of its property's type: a control must not take it for what was meant.
void refuse(Value& value, std::string_view wanted) {
  std::string found = value.is(Kind::List) ? "a list" : "a mapping";
  if (value.is_scalar()) found = fmt::format("\"{}\"", shown(value.text));
  if (!value.optional) value.reason = fmt::format("it is {}, and must be {}", found, wanted);
  value.kind = Kind::Opaque;
  value.maybe_empty = value.text.empty();
}

void convert(Value& value, ValueType type) {
  if (!value.is_scalar()) return;
  const bool text = value.is(Kind::String);
  const std::string word = type == ValueType::Boolean ? lower(value.text) : std::string();
  switch (type) {
    case ValueType::String:
      value.kind = Kind::String;
      break;
    case ValueType::Boolean:
      if (word != "true" && word != "false") return refuse(value, "true or false");
      value.kind = Kind::Bool;
      value.boolean = word == "true";
      break;
    case ValueType::Number:
      if (text && is_real(value.text)) value.kind = Kind::Double;
      if (value.is(Kind::Double)) break;
      [[fallthrough]];
    case ValueType::Integer:
      if (text && is_integer(value.text)) value.kind = Kind::Int;
      if (!value.is(Kind::Int))
        refuse(value, type == ValueType::Number ? "a number" : "a whole number");
      break;
  }
}

void make_texts(Value& value) {
  convert(value, ValueType::String);
  for (Value& item : value.items) make_texts(item);
  for (Value::Member& member : value.members) make_texts(member.value);
}

// `path` is that of the value in the table of shapes; what has no row stays as it is written.
void apply_types(Value& value, std::string& path, const TypeShape& shape) {
  const Field* field = find_field(shape, path);
  if (field != nullptr && (field->shape == Shape::Map || field->shape == Shape::KeyValues)) {
    make_texts(value);
  } else if (field != nullptr && field->shape == Shape::Scalar) {
    if (value.is(Kind::List) || value.is(Kind::Object)) return refuse(value, "one value");
    convert(value, field->value);
  } else if (field != nullptr && field->shape == Shape::ScalarList) {
    if (value.is_scalar() || value.is(Kind::Object)) return refuse(value, "a list");
    for (Value& item : value.items) convert(item, field->value);
  } else if (path.size() <= kMaxPropertyPath) {
    const size_t length = path.size();
    path += "[]";
    for (Value& item : value.items) apply_types(item, path, shape);
    path.resize(length);
    for (Value::Member& member : value.members) {
      if (!path.empty()) path += '.';
      path += member.key;
      apply_types(member.value, path, shape);
      path.resize(length);
    }
  }
}

// ---- what a template leaves out ----

Value default_of(const Field& field) {
  if (field.read_only) return unknown("the service sets it", {});
  if (field.default_only_when_new)
    return unknown(fmt::format("it is left out, and the service's default has changed over time; a "
                               "new resource gets {}",
                               field.api_default),
                   {});
  const Result<Node> node = read_json_nodes(field.api_default);
  Value value = node ? scalar_of(*node) : unknown("it is left out", {});
  value.mark = {};
  return value;
}

// One field on its way down to all places where it belongs.
struct Filling {
  const Field& field;
  std::vector<std::string>& defaulted;
};

void fill_leaf(Value& parent, std::string_view name, const std::string& path,
               const Filling& filling) {
  Value* value = parent.find(name);
  if (value != nullptr && (!value->optional || value->is(Kind::Opaque))) return;
  Value otherwise = default_of(filling.field);
  if (value != nullptr) {
    // It is the default when it turns out to be left out.
    value->optional = false;
    const std::string reason = value->reason;
    *value = either(std::move(*value), std::move(otherwise), reason);
    return;
  }
  if (!otherwise.is(Kind::Opaque)) filling.defaulted.push_back(path);
  parent.members.push_back({std::string(name), {}, std::move(otherwise)});
}

// `rest` is what is left of the field's path, `path` where the way down has come to.
void fill(Value& parent, std::string_view rest, const std::string& path, const Filling& filling) {
  if (!parent.is(Kind::Object)) return;
  const size_t dot = rest.find('.');
  std::string_view step = rest.substr(0, dot);
  const bool elements = step.ends_with("[]");
  if (elements) step.remove_suffix(2);
  const std::string here = path.empty() ? std::string(step) : fmt::format("{}.{}", path, step);
  if (dot == std::string_view::npos) return fill_leaf(parent, step, here, filling);
  rest.remove_prefix(dot + 1);
  Value* child = parent.find(step);
  if (child == nullptr) return;
  if (!elements) return fill(*child, rest, here, filling);
  for (size_t i = 0; i < child->items.size(); ++i)
    fill(child->items[i], rest, fmt::format("{}[{}]", here, i), filling);
}

// What only the service sets is not believed: CloudFormation refuses it, and a control may ask it
// whether it applies at all.
void drop_read_only(Value& properties, const TypeShape& shape) {
  std::erase_if(properties.members, [&](const Value::Member& member) {
    const Field* field = find_field(shape, member.key);
    return (field != nullptr && field->read_only) ||
           (!shape.api_status.empty() && member.key == shape.api_status);
  });
}

// ---- tags ----

// The tags while they are collected: a key is written once.
struct Tags {
  json::Writer writer;
  Translated& out;
  std::unordered_set<std::string> keys;
  std::string hidden;  // why there may be tags whose keys are not known
  size_t unknown = 0;

  void add(const std::string& key, const Value& value) {
    if (value.mark.line != 0)
      out.lines.push_back(
          {"tags." + key.substr(0, kMaxPropertyPath), value.mark.line, value.mark.column});
    if (value.optional) {
      mark(key, value);
      return;
    }
    if (!keys.insert(key).second) return;
    writer.key(key);
    if (value.is_scalar()) {
      writer.string(value.text);
    } else {
      writer.null();
      mark(key, value);
    }
  }

  void mark(const std::string& key, const Value& value) {
    if (++unknown > kMaxUnknownParts) hidden = value.reason;
    if (!hidden.empty()) return;
    UnknownNode& node = out.unknown_tags.child(key);
    node.unknown = true;
    node.known = known_of(value);
    node.reason = value.reason.empty() ? "its value is no text" : value.reason;
  }
};

void add_tag(Tags& tags, const Value& tag) {
  const Value* key = tag.find("Key");
  if (!tag.is(Kind::Object) || key == nullptr || !key->is_scalar() || key->optional) {
    const Value& culprit = key != nullptr ? *key : tag;
    tags.hidden = culprit.reason.empty() ? "a tag is not written as {Key, Value}" : culprit.reason;
    return;
  }
  const Value* written = tag.find("Value");
  Value value = written != nullptr ? *written : text_value({}, tag.mark);
  value.mark = tag.mark;
  if (tag.optional) {
    value.optional = true;
    value.reason = tag.reason;
  }
  tags.add(key->text, value);
}

// Takes Tags out of the properties: a list of {Key, Value}, as all types of SageMaker have it, or a
// mapping as some others do.
void translate_tags(Value& properties, const TypeShape* shape, Translated& out) {
  Tags tags{json::Writer(out.tags), out, {}, {}, 0};
  tags.writer.begin_object();
  if (properties.is(Kind::Opaque)) tags.hidden = properties.reason;
  const auto found = std::find_if(properties.members.begin(), properties.members.end(),
                                  [](const Value::Member& member) { return member.key == "Tags"; });
  if (found != properties.members.end()) {
    const Value& value = found->value;
    if (found->key_mark.line != 0)
      out.lines.push_back({"tags", found->key_mark.line, found->key_mark.column});
    const bool may_be_mapping = shape == nullptr;
    if (value.optional || (!value.is(Kind::List) && !(may_be_mapping && value.is(Kind::Object)))) {
      tags.hidden = value.reason.empty() ? "Tags is no list of {Key, Value}" : value.reason;
    } else {
      for (const Value& tag : value.items) add_tag(tags, tag);
      for (const Value::Member& member : value.members) tags.add(member.key, member.value);
    }
    properties.members.erase(found);
  }
  tags.writer.end_object();
  if (tags.hidden.empty()) return;
  out.unknown_tags.unknown = true;
  out.unknown_tags.reason = tags.hidden;
}

// ---- lines ----

void collect_lines(const Value& value, std::string& path, std::vector<PropertyLine>& lines) {
  const size_t length = path.size();
  const auto add = [&](Mark mark, const Value& part) {
    if (mark.line != 0 && path.size() <= kMaxPropertyPath) {
      lines.push_back({path, mark.line, mark.column});
      collect_lines(part, path, lines);
    }
    path.resize(length);
  };
  for (size_t i = 0; i < value.items.size(); ++i) {
    path += fmt::format("[{}]", i);
    add(value.items[i].mark, value.items[i]);
  }
  for (const Value::Member& member : value.members) {
    if (!path.empty()) path += '.';
    if (member.key.size() > kMaxPropertyPath) {
      path.resize(length);
      continue;
    }
    path += member.key;
    add(member.key_mark, member.value);
  }
}

}  // namespace

Translated translate(std::string_view type, Value properties) {
  Translated out;
  std::string path;
  const TypeShape* shape = find_type_shape(type);
  if (shape != nullptr) {
    drop_read_only(properties, *shape);
    apply_types(properties, path, *shape);
    for (const Field& field : shape->fields) {
      if (!field.api_default.empty() || field.read_only)
        fill(properties, field.path, {}, {field, out.defaulted});
    }
    const Value* name = properties.find(shape->name_property);
    if (name != nullptr && name->is_scalar() && !name->optional) out.name = name->text;
  }
  translate_tags(properties, shape, out);
  collect_lines(properties, path, out.lines);
  settle(properties);
  json::Writer writer(out.properties);
  if (properties.is(Kind::Object)) {
    write_json(properties, writer);
  } else {
    writer.begin_object().end_object();
  }
  mark_unknowns(properties, out.unknown_properties);
  std::ranges::sort(out.lines, {}, &PropertyLine::path);
  std::ranges::sort(out.defaulted);
  return out;
}

}  // namespace sagewarden::cloudformation
