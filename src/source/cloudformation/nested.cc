#include "source/cloudformation/nested.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

#include "source/cloudformation/template.h"

namespace sagewarden::cloudformation {
namespace {

namespace fs = std::filesystem;

struct StackType {
  std::string_view type;
  std::string_view property;
};

constexpr std::array<StackType, 3> kStackTypes = {{
    {"AWS::CloudFormation::Stack", "TemplateURL"},
    {kStackSet, "TemplateURL"},
    {"AWS::Serverless::Application", "Location"},
}};

bool is_filled(const Handed& handed) {
  return handed.text ? !handed.text->empty() : handed.filled;
}

// One of the two, and nobody knows which.
Handed either(const Handed& a, const Handed& b) {
  if (a.text && a.text == b.text) return a;
  Handed both;
  both.filled = is_filled(a) && is_filled(b);
  both.why = !a.text ? a.why : b.why;
  if (a.text && b.text) both.why = "the stacks that it is nested in give it different values";
  return both;
}

void merge(HandedDown& into, const HandedDown& other) {
  const Handed left_out = {std::nullopt, "not all stacks that it is nested in give it a value",
                           false};
  for (auto& [name, handed] : into.parameters) {
    const auto found = other.parameters.find(name);
    handed = found == other.parameters.end() ? left_out : either(handed, found->second);
  }
  for (const auto& [name, handed] : other.parameters) into.parameters.try_emplace(name, left_out);
  if (into.unclear.empty()) into.unclear = other.unclear;
}

std::string_view text_below(const Node* node, std::string_view name) {
  const Node* found = node == nullptr ? nullptr : node->find(name);
  return found != nullptr && found->is_string() && found->tag.empty() ? found->text
                                                                      : std::string_view();
}

// The files that the template names as nested in it, as far as they can be told without resolving
// anything.
std::vector<std::string> nested_files(const std::string& file, std::string_view text) {
  std::vector<std::string> out;
  const bool some = std::ranges::any_of(kStackTypes, [&](const StackType& stack) {
    return text.find(stack.type) != std::string_view::npos;
  });
  if (!some) return out;
  const Result<Node> root = read_template(text);
  const Node* resources = root ? root->find("Resources") : nullptr;
  if (resources == nullptr) return out;
  for (const Node::Entry& entry : resources->entries) {
    const std::string_view property = template_property(text_below(&entry.value, "Type"));
    if (property.empty()) continue;
    const std::string nested =
        nested_file(file, entry.value, text_below(entry.value.find("Properties"), property));
    if (!nested.empty()) out.push_back(same_file(nested));
  }
  return out;
}

}  // namespace

std::string_view template_property(std::string_view type) {
  const auto* found = std::ranges::find(kStackTypes, type, &StackType::type);
  return found == kStackTypes.end() ? std::string_view() : found->property;
}

bool is_module(std::string_view type) {
  return type.ends_with("::MODULE");
}

bool brings_others(std::string_view type) {
  return !template_property(type).empty() || is_module(type);
}

std::string nested_file(const std::string& file, const Node& resource, std::string_view property) {
  constexpr std::string_view kFile = "file://";
  std::string_view path = text_below(resource.find("Metadata"), "aws:asset:path");
  if (path.empty()) path = property;
  if (path.starts_with(kFile)) path.remove_prefix(kFile.size());
  if (path.empty() || path.find("://") != std::string_view::npos ||
      path.find('\0') != std::string_view::npos)
    return {};
  return (fs::path(file).parent_path() / path).string();
}

std::string same_file(const std::string& path) {
  std::error_code error;
  const fs::path absolute = fs::absolute(path, error);
  const fs::path canonical = error ? fs::path() : fs::weakly_canonical(absolute, error);
  return error ? path : canonical.string();
}

void NestedStacks::queue(Template& one) {
  one.queued = true;
  ready_.push_back(one.id);
}

void NestedStacks::add(size_t id, const std::string& file, std::string_view text) {
  std::vector<std::string> nested = nested_files(file, text);
  std::string name = same_file(file);
  const std::scoped_lock lock(mutex_);
  files_[id] = name;
  Template& one = templates_[std::move(name)];
  one.id = id;
  one.nested = std::move(nested);
}

std::optional<size_t> NestedStacks::next() {
  const std::scoped_lock lock(mutex_);
  if (!counted_) {
    counted_ = true;
    for (const auto& [file, one] : templates_) {
      for (const std::string& nested : one.nested) {
        if (const auto found = templates_.find(nested); found != templates_.end())
          ++found->second.parents;
      }
    }
    for (auto& [file, one] : templates_) {
      if (one.parents == 0) queue(one);
    }
    std::ranges::sort(ready_);
  }
  if (ready_.empty()) return std::nullopt;
  const size_t id = ready_.front();
  ready_.pop_front();
  return id;
}

void NestedStacks::done(size_t id) {
  const std::scoped_lock lock(mutex_);
  for (const std::string& nested : templates_[files_[id]].nested) {
    const auto found = templates_.find(nested);
    if (found != templates_.end() && --found->second.parents == 0 && !found->second.queued)
      queue(found->second);
  }
}

bool NestedStacks::release_rest() {
  const std::scoped_lock lock(mutex_);
  for (auto& [file, one] : templates_) {
    if (one.queued) continue;
    if (!one.handed) one.handed.emplace();
    one.handed->unclear = "the template is nested in itself";
    queue(one);
  }
  return !ready_.empty();
}

bool NestedStacks::is_input(const std::string& file) const {
  const std::string name = same_file(file);
  const std::scoped_lock lock(mutex_);
  return templates_.contains(name);
}

bool NestedStacks::hand_down(const std::string& file, HandedDown handed) {
  const std::string name = same_file(file);
  const std::scoped_lock lock(mutex_);
  const auto found = templates_.find(name);
  if (found == templates_.end() || found->second.queued) return false;
  std::optional<HandedDown>& so_far = found->second.handed;
  if (so_far) {
    merge(*so_far, handed);
  } else {
    so_far = std::move(handed);
  }
  return true;
}

std::optional<HandedDown> NestedStacks::handed_to(const std::string& file) const {
  const std::string name = same_file(file);
  const std::scoped_lock lock(mutex_);
  const auto found = templates_.find(name);
  return found == templates_.end() ? std::nullopt : found->second.handed;
}

}  // namespace sagewarden::cloudformation
