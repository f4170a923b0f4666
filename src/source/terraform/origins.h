// What an expression's value comes from, followed through variables and outputs of modules: only
// then can be told whether it may be a choice that ends in null.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "base/json.h"

namespace sagewarden::terraform {

enum class Origin {
  Single,    // one resource or data source at most: a condition before it was known already
  Several,   // one of them may stand for a choice that ends in null
  NotShown,  // something that the plan does not show: a local value, an output that is not there
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
  class Follower;

  std::unordered_map<std::string, Given> variables_;  // "module.a.NAME": what the call gives
  std::unordered_map<std::string, Given> outputs_;    // "module.a.NAME"
};

// The object that a reference looks into: "aws_kms_key.ml" of "aws_kms_key.ml[0].arn",
// "module.keys" of "module.keys.arn". Empty for variables, locals and the like, which are no
// objects of their own.
std::string_view object_of(std::string_view reference);

}  // namespace sagewarden::terraform
