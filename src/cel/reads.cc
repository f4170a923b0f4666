#include <algorithm>

#include "cel/program.h"

namespace sagewarden::cel {
namespace {

// A path is the only way to a variable.
// NOLINTNEXTLINE(misc-no-recursion): as deep as the expression, which has a limit
void collect(const Node& node, const Program::Impl& program, std::string_view variable,
             Reads& reads) {
  for (const Node* const argument : node.args) collect(*argument, program, variable, reads);
  const bool is_path = node.op == Op::Path || node.op == Op::HasPath;
  if (!is_path || node.local || program.variables[node.slot] != variable) return;
  if (node.steps.empty()) {
    reads.whole = true;
  } else {
    reads.members.emplace_back(node.steps.front().name);
  }
}

}  // namespace

Reads reads_of(const Program& program, std::string_view variable) {
  Reads reads;
  collect(*program.impl().root, program.impl(), variable, reads);
  std::ranges::sort(reads.members);
  reads.members.erase(std::unique(reads.members.begin(), reads.members.end()), reads.members.end());
  return reads;
}

}  // namespace sagewarden::cel
