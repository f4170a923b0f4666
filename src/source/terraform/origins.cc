#include "source/terraform/origins.h"

#include <array>

#include "source/terraform/configuration.h"

namespace sagewarden::terraform {
namespace {

// A plan's own expressions lead through a handful; what goes on for longer was made to.
constexpr size_t kMostSteps = 256;

constexpr std::string_view kVariable = "var.";
constexpr std::string_view kModule = "module.";

// "key" of "key.arn" and "key[0]".
std::string_view first_name(std::string_view text) {
  return text.substr(0, text.find_first_of(".["));
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

// Goes from reference to reference. Recursive: kMostSteps bounds the depth as well.
class Origins::Follower {
 public:
  explicit Follower(const Origins& origins) : origins_(origins) {}

  void expression(json::Value expression, const Scope& scope) {  // NOLINT(misc-no-recursion)
    std::string shown;  // the last module of which an output is named
    for (const json::Value element : expression[kReferences].elements()) {
      if (found_ != Origin::Single) return;
      if (++steps_ > kMostSteps) return not_shown();
      const std::string_view reference = element.string_or({});
      if (reference.starts_with(kVariable)) {
        variable(first_name(reference.substr(kVariable.size())), scope);
      } else if (reference.starts_with(kModule)) {
        module(without_indices(reference), scope, shown);
      } else if (reference.starts_with("each.")) {
        scope.repeats.exists() ? this->expression(scope.repeats, scope) : not_shown();
      } else if (reference.starts_with("local.")) {
        not_shown();
      } else {
        object(object_of(reference), scope);
      }
    }
  }

  Origin found() const { return found_; }

 private:
  void variable(std::string_view name, const Scope& scope) {  // NOLINT(misc-no-recursion)
    // Of the root module it is known before the plan is made.
    if (scope.module.empty()) return;
    const auto given = origins_.variables_.find(scope.module + std::string(name));
    if (given == origins_.variables_.end()) return not_shown();
    expression(given->second.expression, given->second.scope);
  }

  // `reference` is "module.NAME.OUTPUT…" or, behind such a one and also by itself, "module.NAME".
  void module(const std::string& reference, const Scope& scope,  // NOLINT(misc-no-recursion)
              std::string& shown) {
    const size_t dot = reference.find('.', kModule.size());
    if (dot == std::string::npos) {
      if (reference != shown) not_shown();
      return;
    }
    shown = reference.substr(0, dot);
    const std::string_view name = first_name(std::string_view(reference).substr(dot + 1));
    std::string key = scope.module + shown;
    (key += '.') += name;
    const auto output = origins_.outputs_.find(key);
    if (output == origins_.outputs_.end()) return not_shown();
    expression(output->second.expression, output->second.scope);
  }

  void object(std::string_view name, const Scope& scope) {
    if (name.empty()) return;
    const std::string object = scope.module + std::string(name);
    if (!seen_.empty() && seen_ != object) found_ = Origin::Several;
    seen_ = object;
  }

  void not_shown() {
    if (found_ == Origin::Single) found_ = Origin::NotShown;
  }

  const Origins& origins_;
  std::string seen_;
  size_t steps_ = 0;
  Origin found_ = Origin::Single;
};

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
  Follower follower(*this);
  follower.expression(expression, scope);
  return follower.found();
}

}  // namespace sagewarden::terraform
