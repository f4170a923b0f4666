#include "source/api/translate.h"

#include <fmt/core.h>

#include "base/json_writer.h"

namespace sagewarden::api {
namespace {

bool is_no_property(std::string_view name) {
  return name == "Tags" || name == "ResponseMetadata";
}

std::string_view parent_of(std::string_view path) {
  const size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : path.substr(0, dot);
}
std::string_view last_step_of(std::string_view path) {
  const size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

class Translator {
 public:
  Translator(const TypeShape& shape, std::string& out) : shape_(shape), writer_(out) {}

  // `path` names the object as the table does, and is empty for the resource itself.
  void object(json::Value value, const std::string& path) {  // NOLINT(misc-no-recursion)
    writer_.begin_object();
    for (const auto& [key, member] : value.members()) {
      if (member.is_null() || (path.empty() && is_no_property(key))) continue;
      const std::string_view name = property_name(path, key);
      writer_.key(name);
      this->member(member, path.empty() ? std::string(name) : fmt::format("{}.{}", path, name));
    }
    writer_.end_object();
  }

 private:
  void member(json::Value value, const std::string& path) {  // NOLINT(misc-no-recursion)
    if (value.is_object()) {
      const Field* const field = find_field(shape_, path);
      if (field != nullptr && field->shape == Shape::KeyValues) return key_values(value);
      return object(value, path);
    }
    if (!value.is_array()) {
      writer_.value(value);
      return;
    }
    writer_.begin_array();
    const std::string element_path = path + "[]";
    for (const json::Value element : value.elements()) member(element, element_path);
    writer_.end_array();
  }

  void key_values(json::Value map) {
    writer_.begin_array();
    for (const auto& [key, value] : map.members())
      writer_.begin_object().member("Key", key).key("Value").value(value).end_object();
    writer_.end_array();
  }

  std::string_view property_name(std::string_view parent, std::string_view api_name) const {
    for (const Field& field : shape_.fields) {
      if (!field.api.empty() && field.api == api_name && parent_of(field.path) == parent)
        return last_step_of(field.path);
    }
    return api_name;
  }

  const TypeShape& shape_;
  json::Writer writer_;
};

// Marks what SageMaker always returns and the export does not hold.
class LeftOut {
 public:
  explicit LeftOut(UnknownNode& unknown) : unknown_(unknown) {}

  // Follows the table's path from an object that stands at `place`, into every element of the lists
  // on its way, and marks its end where that is missing from a parent that is there.
  // NOLINTNEXTLINE(misc-no-recursion): as deep as the table's paths
  void follow(json::Value object, std::string_view path, const std::string& place) {
    if (!object.is_object()) return;  // the parent is not there: that is said of it, if at all
    const size_t end = path.find('.');
    std::string_view name = path.substr(0, end);
    const bool is_list = name.ends_with("[]");
    if (is_list) name.remove_suffix(2);
    const std::string here = place.empty() ? std::string(name) : fmt::format("{}.{}", place, name);
    const json::Value member = object[name];
    if (end == std::string_view::npos) {
      if (!member.exists()) mark(here);
    } else if (!is_list) {
      follow(member, path.substr(end + 1), here);
    } else {
      size_t position = 0;
      for (const json::Value element : member.elements()) {
        if (is_too_much()) return;
        follow(element, path.substr(end + 1), fmt::format("{}[{}]", here, position++));
      }
    }
  }

 private:
  bool is_too_much() const { return marks_ > kMostLeftOut; }

  void mark(const std::string& here) {
    ++marks_;
    const std::string reason =
        is_too_much()
            ? fmt::format("the export lacks more than {} of its parts", kMostLeftOut)
            : fmt::format("the export does not hold {}, which SageMaker always returns", here);
    mark_unknown(unknown_, is_too_much() ? "" : here, Known::Nothing, UnknownCause::NotExported,
                 reason);
  }

  UnknownNode& unknown_;
  size_t marks_ = 0;
};

}  // namespace

void append_properties(std::string& out, json::Value describe, const TypeShape& shape) {
  Translator(shape, out).object(describe, "");
}

void mark_left_out(UnknownNode& unknown, json::Value properties, const TypeShape& shape) {
  LeftOut left_out(unknown);
  for (const Field& field : shape.fields) {
    if (field.api_always) left_out.follow(properties, field.path, "");
  }
}

}  // namespace sagewarden::api
