// What the configuration that a plan carries says about a resource: which attributes it sets, from
// what, and what its provider adds.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/json.h"
#include "source/terraform/lookup.h"
#include "source/terraform/origins.h"

namespace sagewarden::terraform {

// The expressions of one block or object of the configuration.
struct Expressions {
  enum class Form {
    Unseen,      // the configuration does not show them (a dynamic block, a value passed along)
    Attributes,  // name → expression, or name → list of blocks
    Blocks,      // a list of Attributes
    Constant,    // the value itself
  };
  Form form = Form::Unseen;
  json::Value value;

  // What stands below an attribute whose expression this is.
  static Expressions below(const Expressions& parent, json::Value expression);
  // The element's, where the configuration shows as many elements as the value has; otherwise
  // dynamic blocks stand between and the places do not correspond.
  json::Value list_of(size_t count) const;
  Expressions element(json::Value element) const;
};

// The names that an expression refers to: a list of texts.
inline constexpr std::string_view kReferences = "references";

enum class Configured { No, Yes, Unclear };
// Whether the configuration sets an attribute. One that is missing among the expressions may still
// come from a dynamic block, which Terraform does not show, where it is a block.
Configured configured(const Expressions& expressions, json::Value expression, bool may_be_dynamic);

// The first of an expression's references that leads to a resource, data source or module
// ("aws_kms_key.ml.arn"), or else the first.
std::string_view best_reference(json::Value expression);
// What a provider block adds to its resources.
struct ProviderFacts {
  std::string_view region;
  bool default_tags_known = false;  // false when they are not constant or not shown
  json::Value default_tags;         // an object, or Missing when there are none
};

class Configuration {
 public:
  // Reads `configuration` and `variables` of a plan, for resources of these CloudFormation types.
  Configuration(json::Value plan, std::span<const std::string_view> types);

  // The configuration of a resource: module address (indices in it do not matter), type and name.
  // Missing when the plan shows none.
  json::Value resource(std::string_view module_address, std::string_view type,
                       std::string_view name) const;
  ProviderFacts provider(json::Value resource) const;
  const Origins& origins() const { return origins_; }

 private:
  void read_module(json::Value module, const std::string& address);

  Lookup providers_;
  Lookup variables_;
  std::span<const std::string_view> types_;
  std::unordered_map<std::string, json::Value> resources_;
  Origins origins_;
};

// A module's address without the indices of its instances: `module.a["x.y"].module.b[0]` →
// `module.a.module.b`.
std::string without_indices(std::string_view address);

}  // namespace sagewarden::terraform
