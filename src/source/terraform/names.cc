// Builds the tree of names once for a type and provider; each resource is then looked up in it.
// Builds the tree of names once for a type and provider; each resource is then looked up in it.
#include "source/terraform/names.h"

#include <algorithm>
#include <cassert>

namespace sagewarden::terraform {
namespace {

// Providers differ in where they put underscores ("vector_s3" or "vectors3"), never in the letters.
std::string squash(std::string_view name) {
  std::string out;
  out.reserve(name.size());
  for (const char c : name) {
    if (c == '_') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

void sort_children(NameNode& node) {  // NOLINT(misc-no-recursion): as deep as the table's paths
  std::ranges::sort(node.children, {}, &NameNode::key);
  for (NameNode& child : node.children) sort_children(child);
}

// The node of a path's parent. Parents have rows and sort before their children, so it is there.
NameNode& parent_of(NameNode& root, std::string_view& path) {
  NameNode* node = &root;
  for (size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
    std::string_view step = path.substr(0, dot);
    if (step.ends_with("[]")) step.remove_suffix(2);
    path.remove_prefix(dot + 1);
    const auto found = std::ranges::find(node->children, step, &NameNode::name);
    assert(found != node->children.end());
    node = &*found;
  }
  return *node;
}

}  // namespace

const NameNode* NameNode::find(std::string_view provider_name) const {
  const std::string wanted = squash(provider_name);
  const auto found = std::ranges::lower_bound(children, wanted, {}, &NameNode::key);
  return found != children.end() && found->key == wanted ? &*found : nullptr;
}

NameNode name_tree(const TypeShape& shape, Provider provider) {
  NameNode root;
  for (const Field& field : shape.fields) {
    std::string_view last = field.path;
    NameNode& parent = parent_of(root, last);
    const bool own_name = provider == Provider::Aws && !field.terraform.empty();
    parent.children.push_back({squash(own_name ? field.terraform : last), last, &field, {}});
  }
  sort_children(root);
  return root;
}

const TypeShape* wanted_shape(std::string_view terraform_type,
                              std::span<const std::string_view> types) {
  const TypeShape* const shape = find_terraform_shape(terraform_type);
  if (shape == nullptr) return nullptr;
  return std::ranges::binary_search(types, shape->cloudformation) ? shape : nullptr;
}

std::vector<std::string_view> types_without_names(std::span<const std::string_view> types) {
  std::vector<std::string_view> unnamed;
  for (const std::string_view type : types) {
    const TypeShape* const shape = find_type_shape(type);
    if (shape == nullptr || (shape->terraform_aws.empty() && shape->terraform_awscc.empty()))
      unnamed.push_back(type);
  }
  return unnamed;
}

std::string common_name(std::string_view type) {
  std::string name = squash(type);
  std::erase(name, ':');
  if (type.starts_with("awscc_")) name.erase(3, 2);
  return name;
}

std::string pascal_case(std::string_view provider_name) {
  std::string out;
  out.reserve(provider_name.size());
  bool first = true;
  for (const char c : provider_name) {
    if (c == '_') {
      first = true;
      continue;
    }
    out += first && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    first = false;
  }
  return out;
}

}  // namespace sagewarden::terraform
