#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "source/cloudformation/cloudformation.h"

namespace sagewarden {
namespace {

constexpr std::string_view kVersion = "AWSTemplateFormatVersion";

// "AWS::S3::Bucket", "Custom::Thing", "Org::Team::Thing::MODULE"
bool is_resource_type(std::string_view text) {
  const size_t colons = text.find("::");
  return colons != 0 && colons != std::string_view::npos && text.size() > colons + 2 &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == ':' || c == '_' ||
                  c == '@' || c == '-' || c == '$' || c == '{' || c == '}';
         });
}

// A name at the front of a line or of what follows in a JSON object, with its quotes: the rest of
// the text behind its colon, or nothing.
bool take_key(std::string_view& text, std::string_view key) {
  std::string_view rest = text;
  const bool quoted = !rest.empty() && (rest[0] == '"' || rest[0] == '\'');
  const char quote = quoted ? rest[0] : '\0';
  if (quoted) rest.remove_prefix(1);
  if (!rest.starts_with(key)) return false;
  rest.remove_prefix(key.size());
  if (quoted) {
    if (rest.empty() || rest[0] != quote) return false;
    rest.remove_prefix(1);
  }
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
  if (rest.empty() || rest[0] != ':') return false;
  text = rest.substr(1);
  return true;
}

// Whether somewhere in the text a key Type has a resource type as its value.
bool has_typed_resource(std::string_view text) {
  constexpr std::string_view kType = "Type";
  for (size_t at = text.find(kType); at != std::string_view::npos; at = text.find(kType, at + 1)) {
    const size_t quote = at > 0 && (text[at - 1] == '"' || text[at - 1] == '\'') ? 1 : 0;
    std::string_view rest = text.substr(at - quote);
    if (!take_key(rest, kType)) continue;
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n\"'"), rest.size()));
    if (is_resource_type(rest.substr(0, rest.find_first_of(" \t\r\n\"',}#")))) return true;
  }
  return false;
}

// Calls `take` with the text from each key of the outermost object on, until it returns true.
template <class Take>
bool any_outer_json_key(std::string_view text, Take take) {
  size_t depth = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return false;
    if (c != '"') continue;
    if (depth == 1 && take(text.substr(at))) return true;
    for (++at; at < text.size() && text[at] != '"'; ++at) {
      if (text[at] == '\\') ++at;
    }
  }
  return false;
}

// The same for the lines of a YAML text that are not indented.
template <class Take>
bool any_outer_yaml_key(std::string_view text, Take take) {
  while (!text.empty()) {
    if (text[0] != ' ' && text[0] != '#' && take(text)) return true;
    const size_t end = text.find('\n');
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return false;
}

}  // namespace

bool is_cloudformation_template(const Node& root) {
  const Node* resources = root.find("Resources");
  if (root.find(kVersion) != nullptr) return true;
  if (resources == nullptr || !resources->is_mapping()) return false;
  return std::any_of(
      resources->entries.begin(), resources->entries.end(), [](const Node::Entry& entry) {
        const Node* type = entry.value.find("Type");
        return entry.key.starts_with("Fn::ForEach::") ||
               (type != nullptr && type->is_string() && is_resource_type(type->text));
      });
}

bool looks_like_cloudformation(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const auto take = [](std::string_view rest) {
    if (take_key(rest, kVersion)) return true;
    if (!take_key(rest, "Resources")) return false;
    return has_typed_resource(rest) || rest.find("Fn::ForEach::") != std::string_view::npos;
  };
  const std::string_view start = trim(text.substr(0, 4096));
  return start.starts_with('{') ? any_outer_json_key(text, take) : any_outer_yaml_key(text, take);
}

}  // namespace sagewarden
