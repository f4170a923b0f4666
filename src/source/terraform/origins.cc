#include "source/terraform/origins.h"

#include <algorithm>
#include <array>
#include <utility>

#include "source/terraform/configuration.h"
#include "source/terraform/names.h"

namespace sagewarden::terraform {
namespace {

// A plan's own expressions lead through a handful, and name a handful; what goes on for longer was
// made to.
constexpr size_t kMostSteps = 256;

constexpr std::string_view kVariable = "var.";
constexpr std::string_view kModule = "module.";

// Attributes that both providers always set, of each resource and data source that has them:
// https://registry.terraform.io/providers/hashicorp/aws and …/awscc, "Attribute Reference".
constexpr std::array<std::string_view, 2> kIdentities = {"arn", "id"};

// The same of single types.
using TypeAttribute = std::pair<std::string_view, std::string_view>;
constexpr std::array<TypeAttribute, 7> kIdentitiesOfTypes = {{
    {"aws_kms_alias", "target_key_arn"},
    {"aws_kms_external_key", "key_id"},
    {"aws_kms_key", "key_id"},
    {"aws_kms_replica_key", "key_id"},
    {"awscc_kms_key", "key_id"},
    {"awscc_ec2_security_group", "group_id"},
    {"awscc_ec2_subnet", "subnet_id"},
}};

// Types whose resources stand in a SageMaker resource by their identity and nothing else. The
// attribute is not shown where the index is no constant (`aws_subnet.a[each.key].id`) or all
// instances are taken (`aws_subnet.a[*].id`, also in `one()`). How many instances there are is
// known when the plan is made: if there were none, so would be the value.
constexpr std::array<std::string_view, 6> kTakenByIdentity = {
    "aws_kms_key",   "aws_security_group",       "aws_subnet",
    "awscc_kms_key", "awscc_ec2_security_group", "awscc_ec2_subnet"};

// "key" of "key.arn" and "key[0]".
std::string_view first_name(std::string_view text) {
  return text.substr(0, text.find_first_of(".["));
}

// What is known before the plan is made, and never null.
bool is_known_before(std::string_view reference) {
  constexpr std::array<std::string_view, 4> kKnown = {"count.", "path.", "terraform.", "each.key"};
  return std::ranges::any_of(kKnown,
                             [&](std::string_view start) { return reference.starts_with(start); });
}

// Behind "aws_kms_key.k[0].arn" the plan names "aws_kms_key.k[0]" and "aws_kms_key.k" as well.
bool is_rest_of(std::string_view reference, std::string_view before) {
  return reference.size() < before.size() && before.starts_with(reference) &&
         (before[reference.size()] == '.' || before[reference.size()] == '[');
}

// The one thing that an expression refers to.
struct OnlyReference {
  std::string_view name;  // empty: the plan shows none
  bool has_others = false;
};

OnlyReference only_reference(json::Value expression) {
  OnlyReference only;
  std::string_view before;
  size_t count = 0;
  for (const json::Value element : expression[kReferences].elements()) {
    if (++count > kMostSteps) return {only.name, true};
    const std::string_view reference = element.string_or({});
    // The same once more is no rest: `a.arn != "" ? a.arn : null` names it twice.
    const bool is_rest = is_rest_of(reference, std::exchange(before, reference));
    if (is_rest || is_known_before(reference)) continue;
    if (!only.name.empty()) return {only.name, true};
    only.name = reference;
  }
  return only;
}

bool is_identity(std::string_view type, std::string_view attribute) {
  return std::ranges::find(kIdentities, attribute) != kIdentities.end() ||
         std::ranges::find(kIdentitiesOfTypes, TypeAttribute(type, attribute)) !=
             kIdentitiesOfTypes.end();
}

// What is taken out of a variable, an output or `each.value` in the end: "arn" of "each.value.arn"
// and `each.value["arn"]`; empty where it is taken as it is.
std::string taken_out(std::string_view reference) {
  constexpr std::string_view kKeyEnd = "\"]";
  if (reference.starts_with("each.") && reference.ends_with(kKeyEnd)) {
    reference.remove_suffix(kKeyEnd.size());
    return std::string(reference.substr(reference.rfind('"') + 1));
  }
  const std::string path = without_indices(reference);
  const auto dots = std::ranges::count(path, '.');
  if (dots < (reference.starts_with(kModule) ? 3 : 2)) return {};
  return path.substr(path.rfind('.') + 1);
}

// Whether a resource's or data source's attribute ("data.aws_kms_key.k.arn",
// "aws_kms_key.k[0].arn") is never null; of a whole resource, what is then taken out of it.
bool is_always_set(std::string_view reference, std::string_view taken) {
  const std::string object = without_indices(object_of(reference));
  const std::string whole = without_indices(reference);
  std::string_view type = object;
  if (type.starts_with("data.")) type.remove_prefix(sizeof("data.") - 1);
  type = first_name(type);
  if (!type.starts_with("aws_") && !type.starts_with("awscc_")) return false;
  if (whole == object) {
    return std::ranges::find(kTakenByIdentity, type) != kTakenByIdentity.end() &&
           (taken.empty() || is_identity(type, taken));
  }
  const std::string_view attribute = std::string_view(whole).substr(object.size() + 1);
  if (is_identity(type, attribute)) return true;
  // A name that is left out is made up by the provider or by AWS.
  const TypeShape* const shape = find_terraform_shape(type);
  return shape != nullptr &&
         (attribute == shape->terraform_name || pascal_case(attribute) == shape->name_property);
}

}  // namespace

std::string_view object_of(std::string_view reference) {
  constexpr std::array<std::string_view, 8> kNoObjects = {
      "var.", "local.", "each.", "count.", "path.", "terraform.", "self.", "ephemeral."};
  for (const std::string_view prefix : kNoObjects) {
    if (reference.starts_with(prefix)) return {};
  }
  const size_t from = reference.starts_with("data.") ? sizeof("data.") - 1 : 0;
  const size_t dot = reference.find('.', from);
  if (dot == std::string_view::npos) return reference;
  return reference.substr(0, reference.find_first_of(".[", dot + 1));
}

// What a variable, an output or `each.value` is, or nothing where the plan does not show it.
std::optional<Origins::Given> Origins::behind(std::string_view reference,
                                              const Scope& scope) const {
  if (reference.starts_with("each.")) {
    if (!scope.repeats.exists()) return std::nullopt;
    return Given{scope.repeats, scope};
  }
  const bool variable = reference.starts_with(kVariable);
  const std::string path = without_indices(reference);
  std::string_view name = path;
  std::string key = scope.module;
  if (variable) {
    name.remove_prefix(kVariable.size());
  } else {
    // "module.NAME.OUTPUT"; all of "module.NAME" may be anything.
    const size_t dot = name.find('.', kModule.size());
    if (dot == std::string_view::npos) return std::nullopt;
    key += name.substr(0, dot + 1);
    name.remove_prefix(dot + 1);
  }
  key += first_name(name);
  // A variable of the root module is among neither: it is known before the plan is made, so that it
  // is something else that is not known.
  const auto& given = variable ? variables_ : outputs_;
  const auto found = given.find(key);
  if (found == given.end()) return std::nullopt;
  return found->second;
}

// NOLINTNEXTLINE(misc-no-recursion): the parser bounds the depth
void Origins::read_module(json::Value module, const std::string& address) {
  for (const auto& [name, output] : module["outputs"].members()) {
    if (!address.empty())
      outputs_.emplace(address + std::string(name), Given{output["expression"], {address, {}}});
  }
  for (const auto& [name, call] : module["module_calls"].members()) {
    std::string inner = address + std::string(kModule);
    (inner += name) += '.';
    const Scope scope = {address, call["for_each_expression"]};
    for (const auto& [variable, expression] : call["expressions"].members())
      variables_.emplace(inner + std::string(variable), Given{expression, scope});
    read_module(call["module"], inner);
  }
}

Origin Origins::of(json::Value expression, const Scope& scope) const {
  if (expression.at(0).exists()) return Origin::Set;  // blocks, and at least one of them
  Given at = {expression, scope};
  std::string taken;
  for (size_t step = 0; step < kMostSteps; ++step) {
    const auto [reference, has_others] = only_reference(at.expression);
    if (has_others) return Origin::Several;
    const bool leads_on = reference.starts_with(kVariable) || reference.starts_with(kModule) ||
                          reference.starts_with("each.");
    if (!leads_on) {
      if (object_of(reference).empty()) return Origin::NotShown;
      return is_always_set(reference, taken) ? Origin::Set : Origin::MayBeNull;
    }
    if (taken.empty()) taken = taken_out(reference);
    std::optional<Given> next = behind(reference, at.scope);
    if (!next) return Origin::NotShown;
    at = *std::move(next);
  }
  return Origin::NotShown;
}

}  // namespace sagewarden::terraform
