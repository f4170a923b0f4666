// Hands the resources that a plan or state holds to the sink, one at a time.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "source/source.h"
#include "source/terraform/translate.h"

namespace sagewarden::terraform {

// A resource instance and where it stands.
struct Found {
  const TypeShape* shape = nullptr;
  std::string_view address;  // "module.ml.aws_sagemaker_model.churn[0]"
  Instance instance;
  ProviderFacts provider;
};

class Emitter {
 public:
  Emitter(const TextInput& input, const SourceOptions& options, Sink& sink);

  std::span<const std::string_view> types() const { return options_.types; }

  void found(const Found& found);
  void passed_over(std::string_view reason, std::string_view type) {
    sink_.passed_over(reason, type);
  }
  // A resource of which no table has the names: passed over, unless a control is about its type.
  void other_type(std::string_view terraform_type, std::string_view address);
  // Something in the document that could not be read; the first hundred by name, the others as a
  // number, so that hostile input cannot fill the memory with gaps.
  void gap(std::string_view code, std::string_view address, std::string message,
           std::string_view type = {});
  // To be called once at the end.
  void finish();

 private:
  const NameNode& tree(const TypeShape& shape, Provider provider);
  void hand_over(const Found& found, json::Value properties, json::Value tags);
  std::string_view arn_of(const Found& found) const;

  const TextInput& input_;
  const SourceOptions& options_;
  Sink& sink_;
  std::map<std::pair<const TypeShape*, Provider>, NameNode> trees_;
  Translation translation_;
  json::Parser properties_;
  json::Parser tags_;
  std::map<std::string, std::string_view> types_by_name_;  // the chosen ones by common_name()
  std::vector<std::string_view> unnamed_;  // those of them without Terraform names and not met yet
  size_t other_types_ = 0;                 // resources that may be of one of these
  size_t gaps_ = 0;
};

}  // namespace sagewarden::terraform
