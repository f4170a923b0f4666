#include "source/cloudformation/template.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sagewarden::cloudformation {
namespace {

void drop_marks(Node& node) {  // NOLINT(misc-no-recursion): at most kMaxNodeDepth deep
  node.mark = {};
  for (Node& item : node.items) drop_marks(item);
  for (Node::Entry& entry : node.entries) {
    entry.key_mark = {};
    drop_marks(entry.value);
  }
}

}  // namespace

Result<Node> read_template(std::string_view text) {
  TRY_LET(Node root, read_yaml_or_json(text));
  const auto found = std::ranges::find(root.entries, "TemplateBody", &Node::Entry::key);
  if (root.find("Resources") != nullptr || found == root.entries.end()) return root;
  Node body = std::move(found->value);
  if (!body.is_string()) return body;
  Result<Node> inner = read_yaml_or_json(body.text);
  if (!inner)
    return fail(
        Error::Code::Invalid,
        fmt::format("line {}, column {}: the text in TemplateBody is no template (there, {})",
                    body.mark.line, body.mark.column, inner.error().message));
  drop_marks(*inner);
  return inner;
}

}  // namespace sagewarden::cloudformation
