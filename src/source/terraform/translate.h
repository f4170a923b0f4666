// From a provider's attributes to CloudFormation's properties.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "model/unknown.h"
#include "source/terraform/configuration.h"
#include "source/terraform/names.h"

namespace sagewarden::terraform {

// Everything that Terraform shows of one resource instance.
struct Instance {
  json::Value values = {};           // `after` of a plan, `values` or `attributes` of a state
  json::Value unknown = {};          // `after_unknown`, or Missing
  json::Value sensitive = {};        // `after_sensitive`, `sensitive_values`, or Missing
  Expressions expressions = {};      // of the configuration; Unseen for a state
  Scope scope = {};                  // where these expressions stand
  const Origins* origins = nullptr;  // null where there are no expressions
  Provider provider = Provider::Aws;
  // The plan makes it anew, so that what the configuration leaves out is what the API fills in; of
  // a resource that was there before, the old value may stay.
  bool created = false;
};

// So many parts of a resource's properties, or of its tags, are named as unknown; beyond that all
// of them are unknown. The tree of unknown places is searched from end to end, so that it must not
// grow with hostile input.
inline constexpr size_t kMostUnknown = 4096;

struct Translation {
  std::string properties;  // JSON
  std::string tags;        // JSON
  UnknownNode unknown_properties;
  UnknownNode unknown_tags;
  std::vector<std::string> defaulted;  // paths, "ProductionVariants[0].InitialVariantWeight"
  std::string repeated;  // an attribute that is given twice; the resource cannot be judged then
};

// `tree` is name_tree() of the resource's type for the same provider.
void translate_properties(const NameNode& tree, const Instance& instance, Translation& out);
void translate_tags(const Instance& instance, const ProviderFacts& provider, Translation& out);

}  // namespace sagewarden::terraform
