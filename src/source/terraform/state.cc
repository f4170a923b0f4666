// States: as `terraform show -json` prints them, and as the file `terraform.tfstate` that Terraform
// itself keeps. Nothing in them is unknown, but some of it is sensitive.
#include <algorithm>
#include <array>

#include "base/json_writer.h"
#include "base/text.h"
#include "source/terraform/documents.h"
#include "source/terraform/lookup.h"

namespace sagewarden::terraform {
namespace {

void read_resource(const ModuleResource& found, Emitter& emitter) {
  const json::Value resource = found.resource;
  const std::string_view address = resource["address"].string_or({});
  const std::string_view type = resource["type"].string_or({});
  const std::string_view mode = resource["mode"].string_or({});
  if (address.empty() || type.empty() || mode.empty()) {
    return emitter.gap("PARSE_ERROR", address,
                       "a resource without address, mode or type: the state is not as Terraform "
                       "writes it");
  }
  // Before the type is asked for: it may be what is given twice.
  if (const std::string_view twice = repeated_name(resource); !twice.empty())
    return emitter.gap("PARSE_ERROR", address, "a member is given twice: " + std::string(twice));
  if (mode != "managed") return emitter.passed_over("data source", type);
  const TypeShape* const shape = wanted_shape(type, emitter.types());
  if (shape == nullptr && resource["deposed_key"].exists())
    return emitter.passed_over("other type", type);
  if (shape == nullptr) return emitter.other_type(type, address);
  // What was replaced and could not be deleted yet, under the address of what replaced it.
  if (resource["deposed_key"].exists())
    return emitter.passed_over("to be destroyed", shape->cloudformation);
  const json::Value values = resource["values"];
  if (!values.is_object())
    return emitter.gap("PARSE_ERROR", address, "the state shows no values of this resource");
  Instance instance;
  instance.values = values;
  instance.sensitive = resource["sensitive_values"];
  instance.provider = provider_of(type);
  emitter.found({shape, address, instance, {}});
}

// The address as Terraform prints it: `module.a.aws_sagemaker_model.churn["eu"]`.
std::string instance_address(json::Value resource, json::Value instance) {
  std::string address(resource["module"].string_or({}));
  if (!address.empty()) address += '.';
  ((address += resource["type"].string_or({})) += '.') += resource["name"].string_or({});
  const json::Value index = instance["index_key"];
  // Numbers for `count`, quoted text for `for_each`: JSON writes both as Terraform does.
  if (!index.exists() || index.is_null()) return address;
  address += '[';
  json::Writer(address).value(index);
  return address += ']';
}

// The first step of each sensitive path names an attribute; all of it is kept back.
// `{"kms_key_id":true}`
std::string sensitive_attributes(json::Value paths) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  for (const json::Value path : paths.elements()) {
    const json::Value first = path.is_array() ? path.at(0) : path;
    const std::string_view name = first.is_string() ? first.string() : first["value"].string_or({});
    if (!name.empty()) writer.key(name).boolean(true);
  }
  writer.end_object();
  return out;
}

void read_instance(json::Value resource, json::Value instance, const TypeShape& shape,
                   Emitter& emitter) {
  const std::string address = instance_address(resource, instance);
  // What was replaced and could not be deleted yet.
  if (instance["deposed"].exists())
    return emitter.passed_over("to be destroyed", shape.cloudformation);
  const json::Value attributes = instance["attributes"];
  const std::string_view twice = repeated_name(instance);
  if (!attributes.is_object() || !twice.empty()) {
    return emitter.gap("PARSE_ERROR", address,
                       twice.empty()
                           ? "the state file shows no attributes of this resource (a release "
                             "before Terraform 0.12 wrote it?): run `terraform show -json`"
                           : "a member is given twice: " + std::string(twice));
  }
  const Result<json::Document> sensitive =
      json::parse_document(sensitive_attributes(instance["sensitive_attributes"]));
  if (!sensitive) return emitter.gap("PARSE_ERROR", address, sensitive.error().message);
  Found found;
  found.shape = &shape;
  found.address = address;
  found.instance.values = attributes;
  found.instance.sensitive = sensitive->root;
  found.instance.provider = provider_of(resource["type"].string_or({}));
  emitter.found(found);
}

}  // namespace

bool is_list_or_absent(json::Value value) {
  return !value.exists() || value.is_null() || value.is_array();
}

Provider provider_of(std::string_view terraform_type) {
  return terraform_type.starts_with("awscc_") ? Provider::Awscc : Provider::Aws;
}

Result<void> read_state(json::Value document, Emitter& emitter) {
  const json::Value values = document["values"];
  if (!values.exists() || values.is_null()) {
    // A state in which nothing is has no values. Terraform's other JSON has other members.
    constexpr std::array<std::string_view, 4> kOfEmptyState = {
        "format_version", "terraform_version", "values", "checks"};
    for (const auto& [name, value] : document.members()) {
      if (std::ranges::find(kOfEmptyState, name) == kOfEmptyState.end())
        return fail(Error::Code::Invalid, "neither a plan nor a state: it has `" + printable(name) +
                                              "`, but no `values`");
    }
    return {};
  }
  const json::Value root = values["root_module"];
  if (!root.is_object())
    return fail(Error::Code::Invalid, "the state's values have no root_module");
  for_each_resource(root, [&](const ModuleResource& found) { read_resource(found, emitter); });
  return {};
}

Result<void> read_state_file(json::Value document, Emitter& emitter) {
  const json::Value resources = document["resources"];
  if (!is_list_or_absent(resources))
    return fail(Error::Code::Invalid, "the state file's resources are not a list");
  for (const json::Value resource : resources.elements()) {
    const std::string_view type = resource["type"].string_or({});
    const std::string_view mode = resource["mode"].string_or({});
    const json::Value instances = resource["instances"];
    if (type.empty() || mode.empty() || !instances.is_array()) {
      emitter.gap("PARSE_ERROR", resource["name"].string_or({}),
                  "a resource without mode, type or instances: the state file is not as Terraform "
                  "writes it");
      continue;
    }
    if (const std::string_view twice = repeated_name(resource); !twice.empty()) {
      emitter.gap("PARSE_ERROR", resource["name"].string_or({}),
                  "a member is given twice: " + std::string(twice));
      continue;
    }
    const TypeShape* const shape = wanted_shape(type, emitter.types());
    for (const json::Value instance : instances.elements()) {
      if (mode != "managed") {
        emitter.passed_over("data source", type);
      } else if (shape == nullptr && instance["deposed"].exists()) {
        emitter.passed_over("other type", type);
      } else if (shape == nullptr) {
        emitter.other_type(type, instance_address(resource, instance));
      } else {
        read_instance(resource, instance, *shape, emitter);
      }
    }
  }
  return {};
}

}  // namespace sagewarden::terraform
