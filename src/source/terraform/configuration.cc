// Terraform prints the configuration as expressions without their text: a constant, or the names
// that an expression refers to. https://developer.hashicorp.com/terraform/internals/json-format
#include "source/terraform/configuration.h"

#include "source/terraform/names.h"

namespace sagewarden::terraform {
namespace {

constexpr std::string_view kConstant = "constant_value";

// A constant, or the value of the root module's variable that the expression is.
json::Value constant_of(json::Value expression, const Lookup& variables) {
  if (expression[kConstant].exists()) return expression[kConstant];
  // The text around the reference is not shown, but a region is a variable as it is.
  const json::Value references = expression[kReferences];
  const std::string_view reference = references.at(0).string_or({});
  if (references.size() != 1 || !reference.starts_with("var.")) return {};
  return variables[reference.substr(sizeof("var.") - 1)]["value"];
}

}  // namespace

Expressions Expressions::below(const Expressions& parent, json::Value expression) {
  // Inside a constant there are values, no expressions.
  if (parent.form == Form::Constant) return {Form::Constant, expression};
  if (expression.is_array()) return {Form::Blocks, expression};
  if (expression[kConstant].exists()) return {Form::Constant, expression[kConstant]};
  // Neither constant nor references: a single nested block, or a function call, which shows
  // nothing.
  if (expression[kReferences].exists() || expression.size() == 0) return {};
  return {Form::Attributes, expression};
}

json::Value Expressions::list_of(size_t count) const {
  const bool list = form == Form::Blocks || form == Form::Constant;
  return list && value.is_array() && value.size() == count ? value : json::Value();
}

Expressions Expressions::element(json::Value element) const {
  if (!element.exists()) return {};
  return {form == Form::Constant ? Form::Constant : Form::Attributes, element};
}

Configured configured(const Expressions& expressions, json::Value expression, bool may_be_dynamic) {
  const bool set = expression.exists() && !expression.is_null();
  switch (expressions.form) {
    case Expressions::Form::Unseen:
    case Expressions::Form::Blocks:
      return Configured::Unclear;
    case Expressions::Form::Constant:
      return set ? Configured::Yes : Configured::No;
    case Expressions::Form::Attributes:
      if (!set && may_be_dynamic) return Configured::Unclear;
      // `attribute = null` is the same as leaving it out.
      return set && !expression[kConstant].is_null() ? Configured::Yes : Configured::No;
  }
  return Configured::Unclear;
}

std::string_view best_reference(json::Value expression) {
  for (const json::Value reference : expression[kReferences].elements()) {
    if (!object_of(reference.string_or({})).empty()) return reference.string();
  }
  return expression[kReferences].at(0).string_or({});
}

std::string without_indices(std::string_view address) {
  std::string out;
  bool in_index = false;
  bool in_quotes = false;
  // A key may hold anything, brackets and dots too; its quotes are escaped.
  for (size_t at = 0; at < address.size(); ++at) {
    const char c = address[at];
    if (in_quotes) {
      if (c == '\\') ++at;
      if (c == '"') in_quotes = false;
    } else if (in_index) {
      in_quotes = c == '"';
      in_index = c != ']';
    } else if (c == '[') {
      in_index = true;
    } else {
      out += c;
    }
  }
  return out;
}

Configuration::Configuration(json::Value plan, std::span<const std::string_view> types)
    : providers_(plan["configuration"]["provider_config"]),
      variables_(plan["variables"]),
      types_(types) {
  read_module(plan["configuration"]["root_module"], "");
  origins_.read_module(plan["configuration"]["root_module"], "");
}

// NOLINTNEXTLINE(misc-no-recursion): the parser bounds the depth
void Configuration::read_module(json::Value module, const std::string& address) {
  for (const json::Value resource : module["resources"].elements()) {
    const std::string_view type = resource["type"].string_or({});
    if (resource["mode"].string_or("managed") != "managed" || wanted_shape(type, types_) == nullptr)
      continue;
    std::string key = address + std::string(type) + ".";
    key += resource["name"].string_or({});
    resources_.emplace(std::move(key), resource);
  }
  for (const auto& [name, call] : module["module_calls"].members()) {
    std::string inner = address + "module.";
    inner += name;
    read_module(call["module"], inner + ".");
  }
}

json::Value Configuration::resource(std::string_view module_address, std::string_view type,
                                    std::string_view name) const {
  // All instances of a module and of a resource share one configuration.
  std::string key = without_indices(module_address);
  if (!key.empty()) key += '.';
  ((key += type) += '.') += name;
  const auto found = resources_.find(key);
  return found != resources_.end() ? found->second : json::Value();
}

ProviderFacts Configuration::provider(json::Value resource) const {
  const json::Value block = providers_[resource["provider_config_key"].string_or({})];
  if (!block.is_object()) return {};
  const json::Value expressions = block["expressions"];
  ProviderFacts facts;
  facts.region = constant_of(expressions["region"], variables_).string_or({});
  // What is not constant may hold whatever tags it likes.
  const json::Value default_tags = expressions["default_tags"];
  if (!default_tags.exists()) {
    facts.default_tags_known = true;
  } else if (default_tags.size() == 1) {
    facts.default_tags = default_tags.at(0)["tags"][kConstant];
    facts.default_tags_known = facts.default_tags.is_object();
  }
  return facts;
}

}  // namespace sagewarden::terraform
