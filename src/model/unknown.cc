#include "model/unknown.h"

#include <algorithm>

namespace sagewarden {

const UnknownNode* UnknownNode::find(std::string_view name) const {
  const auto found = std::find_if(children_.begin(), children_.end(),
                                  [&](const auto& child) { return child.first == name; });
  return found == children_.end() ? nullptr : found->second.get();
}

UnknownNode& UnknownNode::child(std::string_view name) {
  const auto found = std::find_if(children_.begin(), children_.end(),
                                  [&](const auto& child) { return child.first == name; });
  if (found != children_.end()) return *found->second;
  children_.emplace_back(std::string(name), std::make_unique<UnknownNode>());
  return *children_.back().second;
}

void mark_unknown(UnknownNode& root, std::string_view path, Known known, UnknownCause cause,
                  std::string reason) {
  UnknownNode* node = &root;
  while (!path.empty()) {
    const size_t end = path.find_first_of(".[");
    std::string_view step = path.substr(0, end);
    path.remove_prefix(end == std::string_view::npos ? path.size() : end + 1);
    if (!step.empty() && step.back() == ']') step.remove_suffix(1);
    if (!step.empty()) node = &node->child(step);
  }
  node->unknown = true;
  node->known = known;
  node->cause = cause;
  node->reason = std::move(reason);
}

}  // namespace sagewarden
