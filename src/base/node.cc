#include "base/node.h"

#include <algorithm>
#include <unordered_set>

#include "base/text.h"

namespace sagewarden {

const Node::Entry* Node::entry(std::string_view name) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& entry) { return entry.key == name; });
  return found == entries.end() ? nullptr : &*found;
}

const Node* Node::find(std::string_view name) const {
  const Entry* found = entry(name);
  return found == nullptr ? nullptr : &found->value;
}

Result<Node> read_yaml_or_json(std::string_view text) {
  const std::string_view start = trim(text.substr(0, 4096));
  const bool bracket = !start.empty() && (start[0] == '{' || start[0] == '[');
  if (!bracket) return read_yaml(text);
  Result<Node> json = read_json_nodes(text);
  if (json) return json;
  // YAML's flow style looks like JSON; when neither can read it, JSON's message is the useful one.
  Result<Node> yaml = read_yaml(text);
  return yaml ? std::move(yaml) : std::move(json);
}

}  // namespace sagewarden
