// The last step for plans and states alike: translate, let the JSON reader check and index what was
// written, find out where the resource is, and hand it over.
#include "source/terraform/emitter.h"

#include "base/text.h"
#include "model/arn.h"
#include "source/terraform/lookup.h"

namespace sagewarden::terraform {
namespace {

constexpr size_t kMostGaps = 100;

// The attribute's text, unless it must not be shown.
std::string_view plain_text(const Instance& instance, std::string_view attribute) {
  if (is_true(instance.sensitive) || holds_true(instance.sensitive[attribute])) return {};
  return instance.values[attribute].string_or({});
}

}  // namespace

Emitter::Emitter(const TextInput& input, const SourceOptions& options, Sink& sink)
    : input_(input), options_(options), sink_(sink), unnamed_(types_without_names(options.types)) {
  for (const std::string_view type : options.types) types_by_name_.emplace(common_name(type), type);
}

const NameNode& Emitter::tree(const TypeShape& shape, Provider provider) {
  const auto [place, added] = trees_.try_emplace({&shape, provider});
  if (added) place->second = name_tree(shape, provider);
  return place->second;
}

void Emitter::other_type(std::string_view terraform_type, std::string_view address) {
  const auto chosen = types_by_name_.find(common_name(terraform_type));
  if (chosen != types_by_name_.end()) {
    const std::string_view type = chosen->second;
    std::erase(unnamed_, type);
    return gap("NO_NAMES", address,
               "this program does not know the names of " + std::string(type) +
                   " in Terraform; give it as AWS Config or CloudFormation writes it",
               type);
  }
  passed_over("other type", terraform_type);
  // hashicorp/aws has names of its own for many: AWS::Logs::LogGroup is `aws_cloudwatch_log_group`.
  if (terraform_type.starts_with("aws_") && find_terraform_shape(terraform_type) == nullptr)
    ++other_types_;
}

void Emitter::gap(std::string_view code, std::string_view address, std::string message,
                  std::string_view type) {
  if (++gaps_ > kMostGaps) return;
  Gap gap;
  gap.kind = address.empty() ? Gap::Kind::File : Gap::Kind::Item;
  gap.location.file = input_.name;
  gap.location.address = address;
  gap.type = type;
  gap.code = code;
  gap.message = std::move(message);
  sink_.gap(std::move(gap));
}

void Emitter::finish() {
  if (other_types_ == 0) unnamed_.clear();
  for (const std::string_view type : unnamed_) {
    gap("NO_NAMES", {},
        "this program does not know what " + std::string(type) +
            " is called in Terraform: it may be among the other types here (" +
            count_of(other_types_, "resource", "resources") +
            "); give it as AWS Config or CloudFormation writes it",
        type);
  }
  if (gaps_ <= kMostGaps) return;
  Gap gap;
  gap.kind = Gap::Kind::File;
  gap.location.file = input_.name;
  gap.code = "MORE_GAPS";
  gap.message = count_of(gaps_ - kMostGaps, "more part", "more parts") +
                " of this file could not be read, for reasons like those named above";
  sink_.gap(std::move(gap));
}

// hashicorp/awscc has the ARN under CloudFormation's name, or as the identifier.
std::string_view Emitter::arn_of(const Found& found) const {
  const std::string_view arn = plain_text(found.instance, "arn");
  if (found.instance.provider == Provider::Aws || !arn.empty()) return arn;
  for (const auto& [name, value] : found.instance.values.members()) {
    const bool named = name == "id" || pascal_case(name) == found.shape->arn_member;
    if (named && value.string_or({}).starts_with("arn:")) return plain_text(found.instance, name);
  }
  return {};
}

void Emitter::found(const Found& found) {
  translation_ = {};
  translate_properties(tree(*found.shape, found.instance.provider), found.instance, translation_);
  translate_tags(found.instance, found.provider, translation_);
  if (!translation_.repeated.empty()) {
    gap("PARSE_ERROR", found.address,
        "`" + printable(translation_.repeated) +
            "` is given twice, and readers may disagree on which of the two counts");
    return;
  }
  // Evaluation runs on parsed documents, so what was translated is read back in.
  const Result<json::Value> properties = properties_.parse(translation_.properties);
  const Result<json::Value> tags = tags_.parse(translation_.tags);
  if (!properties || !tags) {
    gap("PARSE_ERROR", found.address, (properties ? tags : properties).error().message);
    return;
  }
  hand_over(found, *properties, *tags);
}

void Emitter::hand_over(const Found& found, json::Value properties, json::Value tags) {
  Location location;
  location.file = input_.name;
  location.address = found.address;
  Resource resource;
  resource.type = found.shape->cloudformation;
  resource.name = properties[found.shape->name_property].string_or(found.address);
  resource.account = options_.account;
  resource.arn = arn_of(found);
  const Result<Arn> arn = parse_arn(resource.arn);
  if (arn) {
    resource.account = arn->account_id;
    resource.region = arn->region;
    resource.partition = arn->partition;
  } else {
    // An ARN that is none must not become the identity under which findings are compared.
    resource.arn = {};
  }
  // Version 6 of hashicorp/aws names the region of each resource.
  if (resource.region.empty() && found.instance.provider == Provider::Aws)
    resource.region = plain_text(found.instance, "region");
  if (resource.region.empty()) resource.region = found.provider.region;
  if (resource.region.empty()) resource.region = options_.region;
  if (resource.partition.empty() && !resource.region.empty())
    resource.partition = partition_of_region(resource.region);
  if (resource.partition.empty()) resource.partition = options_.partition;
  if (resource.partition.empty()) resource.partition = "aws";
  resource.properties = properties;
  resource.tags = tags;
  if (!translation_.unknown_properties.empty())
    resource.unknown_properties = &translation_.unknown_properties;
  if (!translation_.unknown_tags.empty()) resource.unknown_tags = &translation_.unknown_tags;
  resource.location = &location;
  if (!translation_.defaulted.empty()) resource.defaulted = &translation_.defaulted;
  sink_.resource(resource);
}

}  // namespace sagewarden::terraform
