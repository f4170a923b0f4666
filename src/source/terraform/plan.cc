// Plans as `terraform show -json PLANFILE` prints them. `resource_changes` says of each resource
// what it will be and how much of that is unknown; `planned_values` repeats the values and is
// needed only where there are no changes; `configuration` says what is set; `prior_state` is what
// was, and is not judged.
#include <array>
#include <unordered_set>

#include "source/terraform/documents.h"
#include "source/terraform/lookup.h"

namespace sagewarden::terraform {
namespace {

// The resource's type and address, where it can be one of ours.
struct Subject {
  std::string_view address;
  std::string_view type;
  const TypeShape* shape = nullptr;  // null: not for us, and counted
  bool is_broken = false;            // and named as a gap
};

bool has_action(json::Value change, std::string_view action) {
  for (const json::Value one : change["actions"].elements()) {
    if (one.string_or({}) == action) return true;
  }
  return false;
}

class PlanReader {
 public:
  PlanReader(json::Value plan, Emitter& emitter)
      : plan_(plan), emitter_(emitter), configuration_(plan, emitter.types()) {}

  void read();

 private:
  Subject subject_of(json::Value resource, bool counts);
  void other_type(json::Value resource, const Subject& subject);
  void see_all_addresses(json::Value resource);
  void read_change(json::Value resource_change);
  void read_planned(const ModuleResource& planned, bool counts);
  void read_deferred(json::Value deferred);
  void emit(const Subject& subject, Instance instance, json::Value configuration,
            std::string_view module_address);

  json::Value plan_;
  Emitter& emitter_;
  Configuration configuration_;
  std::unordered_set<std::string_view>
      addresses_;  // that resource_changes had: of our types and broken
};

Subject PlanReader::subject_of(json::Value resource, bool counts) {
  Subject subject = {resource["address"].string_or({}), resource["type"].string_or({})};
  const std::string_view mode = resource["mode"].string_or({});
  if (subject.address.empty() || subject.type.empty() || mode.empty()) {
    emitter_.gap(
        "PARSE_ERROR", subject.address,
        "a resource without address, mode or type: the plan is not as Terraform writes it");
    subject.is_broken = true;
    return subject;
  }
  // Before the type is asked for: it may be what is given twice.
  if (const std::string_view twice = repeated_name(resource); !twice.empty()) {
    emitter_.gap("PARSE_ERROR", subject.address, "a member is given twice: " + std::string(twice));
    subject.is_broken = true;
    return subject;
  }
  // Everything that is not judged is counted, so that the totals of a report add up.
  const TypeShape* const shape = wanted_shape(subject.type, emitter_.types());
  if (mode != "managed") {
    if (counts) emitter_.passed_over("data source", subject.type);
  } else if (shape == nullptr) {
    if (counts) other_type(resource, subject);
  } else {
    subject.shape = shape;
  }
  return subject;
}

void PlanReader::other_type(json::Value resource, const Subject& subject) {
  // What goes away is nothing that a control would be asked about.
  if (resource["change"]["after"].is_null()) {
    emitter_.passed_over("other type", subject.type);
  } else {
    emitter_.other_type(subject.type, subject.address);
  }
}

void PlanReader::emit(const Subject& subject, Instance instance, json::Value configuration,
                      std::string_view module_address) {
  instance.provider = provider_of(subject.type);
  instance.origins = &configuration_.origins();
  instance.scope = {without_indices(module_address), configuration["for_each_expression"]};
  if (!instance.scope.module.empty()) instance.scope.module += '.';
  if (configuration.exists())
    instance.expressions = {Expressions::Form::Attributes, configuration["expressions"]};
  emitter_.found(
      {subject.shape, subject.address, instance, configuration_.provider(configuration)});
}

// Every one that may be meant.
void PlanReader::see_all_addresses(json::Value resource) {
  for (const auto& [name, value] : resource.members()) {
    if (name == "address" && value.is_string()) addresses_.insert(value.string());
  }
}

void PlanReader::read_change(json::Value resource_change) {
  const Subject subject = subject_of(resource_change, true);
  // planned_values would show it without what is unknown of it, so that it could pass.
  if (subject.is_broken) see_all_addresses(resource_change);
  if (subject.shape == nullptr) return;
  const json::Value change = resource_change["change"];
  const bool deposed = resource_change["deposed"].exists();
  // A deposed object is an old one, left over under the address of the resource that replaced it.
  if (!deposed) addresses_.insert(subject.address);
  const json::Value after = change["after"];
  if (after.is_object() && !deposed) {
    if (const std::string_view twice = repeated_name(change); !twice.empty()) {
      emitter_.gap("PARSE_ERROR", subject.address, "given twice: " + std::string(twice));
      return;
    }
    const std::string_view module_address = resource_change["module_address"].string_or({});
    const json::Value configuration = configuration_.resource(
        module_address, subject.type, resource_change["name"].string_or({}));
    emit(subject,
         {.values = after,
          .unknown = change["after_unknown"],
          .sensitive = change["after_sensitive"],
          .created = has_action(change, "create")},
         configuration, module_address);
  } else if (has_action(change, "delete")) {
    emitter_.passed_over("to be destroyed", subject.shape->cloudformation);
  } else if (has_action(change, "forget")) {  // stays in AWS, but not under Terraform
    emitter_.passed_over("no longer managed", subject.shape->cloudformation);
  } else {
    emitter_.gap("PARSE_ERROR", subject.address,
                 "the plan shows neither what this resource will be nor that it goes away");
  }
}

// A plan that only refreshes has no changes, but shows what there is.
void PlanReader::read_planned(const ModuleResource& planned, bool counts) {
  const Subject subject = subject_of(planned.resource, counts);
  if (subject.shape == nullptr || addresses_.contains(subject.address)) return;
  const json::Value values = planned.resource["values"];
  if (!values.is_object()) {
    emitter_.gap("PARSE_ERROR", subject.address, "the plan shows no values of this resource");
    return;
  }
  emit(subject, {.values = values, .sensitive = planned.resource["sensitive_values"]},
       configuration_.resource(planned.module_address, subject.type,
                               planned.resource["name"].string_or({})),
       planned.module_address);
}

void PlanReader::read_deferred(json::Value deferred) {
  const json::Value resource = deferred["resource_change"];
  const std::string_view type = resource["type"].string_or({});
  if (resource["mode"].string_or({}) != "managed") return;
  if (wanted_shape(type, emitter_.types()) == nullptr)
    return other_type(resource, {resource["address"].string_or({}), type});
  emitter_.gap("DEFERRED", resource["address"].string_or("deferred resource"),
               "Terraform leaves this resource to a later plan (" +
                   std::string(deferred["reason"].string_or("no reason given")) +
                   "): scan that one too");
}

void PlanReader::read() {
  const json::Value changes = plan_["resource_changes"];
  for (const json::Value change : changes.elements()) read_change(change);
  // What the changes have counted is not to be counted again.
  const bool counts = changes.size() == 0;
  for_each_resource(plan_["planned_values"]["root_module"],
                    [&](const ModuleResource& planned) { read_planned(planned, counts); });
  for (const json::Value deferred : plan_["deferred_changes"].elements()) read_deferred(deferred);
  // The flags are Terraform's own; older releases leave them out.
  if (is_true(plan_["errored"])) {
    emitter_.gap("PLAN_ERRORED", {},
                 "Terraform met an error while it made this plan, so that it lacks resources: "
                 "repair the error and plan again");
  } else if (const json::Value complete = plan_["complete"];
             complete.is_bool() && !complete.boolean()) {
    emitter_.gap("PLAN_INCOMPLETE", {},
                 "the plan is not complete: it was made for some targets only, or Terraform "
                 "deferred changes; plan without -target to see everything");
  }
}

}  // namespace

Result<void> read_plan(json::Value document, Emitter& emitter) {
  constexpr std::array<std::string_view, 2> kLists = {"resource_changes", "deferred_changes"};
  for (const std::string_view name : kLists) {
    if (!is_list_or_absent(document[name]))
      return fail(Error::Code::Invalid, std::string(name) + " is not a list");
  }
  const json::Value planned = document["planned_values"];
  if (planned.exists() && !planned.is_null() && !planned.is_object())
    return fail(Error::Code::Invalid, "planned_values is not an object");
  if (!planned.is_object() && !document["resource_changes"].is_array())
    return fail(Error::Code::Invalid,
                "the plan has neither planned_values nor resource_changes: it was cut");
  PlanReader(document, emitter).read();
  return {};
}

}  // namespace sagewarden::terraform
