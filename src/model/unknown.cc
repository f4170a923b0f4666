#include "model/unknown.h"

#include <algorithm>

namespace sagewarden {
namespace {

// Up to so many, going through them is no slower than looking up.
constexpr size_t kFewChildren = 16;

}  // namespace

const UnknownNode* UnknownNode::find(std::string_view name) const {
  if (index_ != nullptr) {
    const auto found = index_->find(name);
    return found == index_->end() ? nullptr : found->second;
  }
  const auto found = std::find_if(children_.begin(), children_.end(),
                                  [&](const auto& child) { return child.first == name; });
  return found == children_.end() ? nullptr : found->second.get();
}

UnknownNode& UnknownNode::child(std::string_view name) {
  if (const UnknownNode* const found = find(name)) return const_cast<UnknownNode&>(*found);
  UnknownNode& made =
      *children_.emplace_back(std::string(name), std::make_unique<UnknownNode>()).second;
  if (index_ != nullptr) {
    index_->emplace(name, &made);
  } else if (children_.size() > kFewChildren) {
    index_ = std::make_unique<Index>();
    for (const auto& [key, node] : children_) index_->emplace(key, node.get());
  }
  if (open_) {
    made.open(cause, reason);
    if (others_ == nullptr) {
      others_ = std::make_unique<UnknownNode>();
      others_->open(cause, reason);
    }
  }
  return made;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the paths that the source marked
void UnknownNode::open(UnknownCause why, std::string_view for_people) {
  open_ = true;
  if (!unknown) {
    known = Known::Nothing;
    cause = why;
    reason = for_people;
  }
  for (const auto& [name, node] : children_) node->open(why, for_people);
  if (children_.empty()) return;
  others_ = std::make_unique<UnknownNode>();
  others_->open(why, for_people);
}

void UnknownNode::close() {
  open_ = false;
  others_.reset();
}

const UnknownNode* UnknownNode::below(std::string_view name) const {
  if (const UnknownNode* const found = find(name)) return found;
  if (!open_) return nullptr;
  return others_ != nullptr ? others_.get() : this;
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
