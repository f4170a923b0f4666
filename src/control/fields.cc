#include "control/fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "control/node_text.h"

namespace sagewarden {
namespace {

std::string unknown_field(std::string_view name, std::string_view what,
                          std::span<const FieldRule> fields) {
  std::vector<std::string_view> names;
  for (const FieldRule& field : fields) names.push_back(field.name);
  const std::string_view meant = nearest(name, names);
  const std::string help = meant.empty() ? fmt::format("it may have {}", fmt::join(names, ", "))
                                         : fmt::format("did you mean \"{}\"?", meant);
  return fmt::format("{} has no field \"{}\"; {}", what, printable(name), help);
}

bool is_blank(const Node& node) {
  return node.is_string() && trim(node.text).empty();
}

}  // namespace

Result<void> check_fields(std::string_view file, const Node& node, std::string_view what,
                          std::span<const FieldRule> fields) {
  if (!node.is_mapping() || !node.tag.empty())
    return fail_at(file, node.mark,
                   fmt::format("{} must be a mapping, and this is {}", what,
                               node.tag.empty() ? kind_name(node.kind) : "tagged"));
  for (const Node::Entry& entry : node.entries) {
    const auto field = std::ranges::find(fields, std::string_view(entry.key), &FieldRule::name);
    if (field == fields.end())
      return fail_at(file, entry.key_mark, unknown_field(entry.key, what, fields));
    const bool wrong = field->kind != Node::Kind::Null && entry.value.kind != field->kind;
    if (wrong || !entry.value.tag.empty())
      return fail_at(
          file, entry.value.mark,
          fmt::format("\"{}\" must be {}, and this is {}", field->name, kind_name(field->kind),
                      wrong ? kind_name(entry.value.kind) : "tagged"));
    if (field->need == FieldRule::Need::Required && field->kind == Node::Kind::String &&
        is_blank(entry.value))
      return fail_at(file, entry.value.mark, fmt::format("\"{}\" is empty", field->name));
  }
  for (const FieldRule& field : fields) {
    if (field.need == FieldRule::Need::Required && node.find(field.name) == nullptr)
      return fail_at(file, node.mark, fmt::format("{} lacks the field \"{}\"", what, field.name));
  }
  return {};
}

}  // namespace sagewarden
