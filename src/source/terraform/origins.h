// What an expression's value comes from, followed through variables and outputs of modules. The
// plan names what an expression refers to and leaves out what it does with that, so that a choice
// by FLAG that ends in null looks like a plain FLAG. So a value that is known only after apply
// counts as set only where the expression refers to one thing that the provider always sets.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/json.h"

namespace sagewarden::terraform {

enum class Origin {
  Set,        // one attribute that is never null
  Several,    // several things: it may choose between them, and one choice may be null
  MayBeNull,  // one thing that may be null, or that may decide whether there is a value
  NotShown,   // something that the plan does not show: a local value, an output that is not there
};

// Where an expression stands.
struct Scope {
  std::string module;        // "module.a.module.b.", without indices; empty in the root module
  json::Value repeats = {};  // the resource's or the call's `for_each_expression`, or Missing
};

class Origins {
 public:
  // `module` is a module of the configuration, `address` as Scope::module.
  void read_module(json::Value module, const std::string& address);

  Origin of(json::Value expression, const Scope& scope) const;

 private:
  struct Given {
    json::Value expression;
    Scope scope;  // where it stands
  };
  std::optional<Given> behind(std::string_view reference, const Scope& scope) const;

  std::unordered_map<std::string, Given> variables_;  // "module.a.NAME": what the call gives
  std::unordered_map<std::string, Given> outputs_;    // "module.a.NAME"
};

// The object that a reference looks into: "aws_kms_key.ml" of "aws_kms_key.ml[0].arn",
// "module.keys" of "module.keys.arn". Empty for variables, locals and the like, which are no
// objects of their own.
std::string_view object_of(std::string_view reference);

}  // namespace sagewarden::terraform
