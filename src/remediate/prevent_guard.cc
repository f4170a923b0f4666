// The controls as rules of CloudFormation Guard. tests/prevent holds their verdicts against those
// of a scan. Guard's language: https://docs.aws.amazon.com/cfn-guard/latest/ug/writing-rules.html
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "base/json.h"
#include "base/text.h"
#include "remediate/prevent.h"

namespace sagewarden::remediate {
namespace {

// When a rule is about a resource at all. What is not known counts as yes.
enum class Concerns : uint8_t {
  All,
  SeveralInstances,  // jobs that start as many as the parameter min_instance_count says
  OwnDefinition,     // schedules that do not only name a definition, unless the parameter says all
  Given,             // those that have the member `about`
  GivenOrRequired,   // the same, unless the parameter require_data_storage says all
  OnlineStore,       // feature groups with an online store that is not in memory
};

enum class Demands : uint8_t {
  Value,       // `path` has the value `wanted`
  Listed,      // `path` has one of the values of the parameter `wanted`
  Set,         // `path` has a value, one of those that the parameter `wanted` lists, if any
  Key,         // the same of a KMS key; a key's id is as good as its ARN
  True,        // `path` is true
  Block,       // `path` holds something
  Tags,        // a tag, and all of the parameter required_tag_keys
  Instances,   // more than one instance in each variant with instances of its own
  Containers,  // `path` of each container has the value `wanted`
};

struct GuardRow {
  std::string_view control;
  Demands demands;
  std::string_view path;
  std::string_view wanted = {};
  Concerns concerns = Concerns::All;
  std::string_view about = {};
};

constexpr std::string_view kEncryption = "NetworkConfig.EnableInterContainerTrafficEncryption";
constexpr std::string_view kIsolation = "NetworkConfig.EnableNetworkIsolation";
constexpr std::string_view kAccessMode = "ImageConfig.RepositoryAccessMode";

// clang-format off
constexpr GuardRow kGuardRows[] = {
    {"SageMaker.1", Demands::Value, "DirectInternetAccess", "Disabled"},
    {"SageMaker.2", Demands::Set, "SubnetId", "allowed_subnet_ids"},
    {"SageMaker.3", Demands::Value, "RootAccess", "Disabled"},
    {"SageMaker.4", Demands::Instances, "InitialInstanceCount"},
    {"SageMaker.5", Demands::True, "EnableNetworkIsolation"},
    {"SageMaker.6", Demands::Tags, "Tags"},
    {"SageMaker.7", Demands::Tags, "Tags"},
    {"SageMaker.8", Demands::Listed, "PlatformIdentifier", "supported_platforms"},
    {"SageMaker.9", Demands::True, kEncryption, {}, Concerns::SeveralInstances},
    {"SageMaker.10", Demands::True, kEncryption, {}, Concerns::SeveralInstances},
    {"SageMaker.11", Demands::True, kIsolation},
    {"SageMaker.12", Demands::True, kIsolation},
    {"SageMaker.13", Demands::True, kEncryption, {}, Concerns::SeveralInstances},
    {"SageMaker.14", Demands::True, "MonitoringScheduleConfig.MonitoringJobDefinition.NetworkConfig.EnableNetworkIsolation", {}, Concerns::OwnDefinition},
    {"SageMaker.15", Demands::True, kEncryption, {}, Concerns::SeveralInstances},
    {"SageMaker.16", Demands::Value, "PrimaryContainer.ImageConfig.RepositoryAccessMode", "Vpc", Concerns::Given, "PrimaryContainer"},
    {"SageMaker.17", Demands::Set, "OfflineStoreConfig.S3StorageConfig.KmsKeyId", {}, Concerns::Given, "OfflineStoreConfig"},
    {"SageMaker.18", Demands::Set, "OnlineStoreConfig.SecurityConfig.KmsKeyId", {}, Concerns::OnlineStore},
    {"SageMaker.19", Demands::Containers, kAccessMode, "Vpc"},
    {"SageMaker.20", Demands::True, kIsolation},
    {"SageMaker.21", Demands::Set, "KmsKeyId"},
    {"SageMaker.22", Demands::True, "MonitoringScheduleConfig.MonitoringJobDefinition.NetworkConfig.EnableInterContainerTrafficEncryption", {}, Concerns::OwnDefinition},
    {"SageMaker.23", Demands::Set, "KmsKey"},
    {"SageMaker.24", Demands::Set, "DataStorageConfig.KmsKey", {}, Concerns::GivenOrRequired, "DataStorageConfig"},
    {"SageMaker.25", Demands::True, kIsolation},
    {"Sagewarden.1", Demands::Value, "AppNetworkAccessType", "VpcOnly"},
    {"Sagewarden.2", Demands::Tags, "Tags"},
    {"Sagewarden.3", Demands::Key, "KmsKeyId", "kms_key_arns"},
    {"Sagewarden.4", Demands::Set, "KmsKeyId"},
    {"Sagewarden.5", Demands::Set, "Description"},
    {"Sagewarden.6", Demands::Tags, "Tags"},
    {"Sagewarden.7", Demands::Set, "ImageDescription"},
    {"Sagewarden.8", Demands::Tags, "Tags"},
    {"Sagewarden.9", Demands::Block, "VpcConfig"},
    {"Sagewarden.10", Demands::Key, "KmsKeyId", "kms_key_arns"},
};
// clang-format on

// Guard knows nothing of CloudFormation's functions: these rules follow Fn::If, and references to
// parameters of the template as far as their declaration tells the value.
constexpr std::string_view kPrelude =
    R"(# Made by 'sagewarden prevent guard', for cfn-guard 3.1 and later:
#   cfn-guard validate --rules sagewarden.guard --data TEMPLATES
# A rule that a resource's Metadata names under guard.SuppressedRules is not applied to it.

let parameters = Parameters

# A function that gives the value at deployment.
rule sagewarden_is_function(value) {
  %value is_struct
  %value.Ref exists or
  %value[ keys == /^Fn::/ ] !empty
}

# There, and not taken away by AWS::NoValue.
rule sagewarden_is_given(value) {
  %value exists
  %value.Ref !exists or
  %value.Ref not IN ["AWS::NoValue"]
}

# A text that is not empty. A reference gives one, unless it is to a parameter that may be empty.
rule sagewarden_is_set(value) {
  %value exists
  when %value !is_struct {
    %value is_string
    %value != ""
  }
  when %value is_struct {
    %value.Ref exists or
    %value[ keys == /^Fn::/ ] !empty
    %value."Fn::Transform" !exists
    when %value.Ref exists {
      %value.Ref != "AWS::NoValue"
      let name = %value.Ref
      when %parameters.%name exists {
        %parameters.%name.Default !exists or
        %parameters.%name.Default != ""
        %parameters.%name.Type not IN ["String", "CommaDelimitedList"] or
        %parameters.%name.Default exists or
        %parameters.%name.MinLength exists or
        %parameters.%name.AllowedValues exists or
        %parameters.%name.AllowedPattern exists
      }
    }
    when %value."Fn::If" exists {
      sagewarden_is_set(%value."Fn::If"[1])
      sagewarden_is_set(%value."Fn::If"[2])
    }
  }
}

# A block that holds something.
rule sagewarden_is_block(value) {
  %value is_struct
  %value != {}
  %value.Ref !exists
  %value."Fn::Transform" !exists
  when %value."Fn::If" exists {
    sagewarden_is_block(%value."Fn::If"[1])
    sagewarden_is_block(%value."Fn::If"[2])
  }
}

# Two or more.
rule sagewarden_is_several(value) {
  %value exists
  when %value is_int { %value >= 2 }
  when %value !is_int { sagewarden_is_one_of(%value, [/^\+?0*([2-9]|[1-9][0-9]+)$/]) }
}

# One of the values of a list. A parameter has its default.
rule sagewarden_is_one_of(value, wanted) {
  %value exists
  when %value !is_struct {
    %value !is_list
    %value IN %wanted
  }
  when %value is_struct {
    %value.Ref exists or
    %value."Fn::If" exists
    when %value.Ref exists {
      let name = %value.Ref
      %parameters.%name.NoEcho !exists
      %parameters.%name.Type IN ["String", "Number"]
      %parameters.%name.Default IN %wanted
    }
    when %value."Fn::If" exists {
      sagewarden_is_one_of(%value."Fn::If"[1], %wanted)
      sagewarden_is_one_of(%value."Fn::If"[2], %wanted)
    }
  }
}
)";

std::string indented(std::string_view text, std::string_view indent) {
  std::string out;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    out.append(indent).append(line) += '\n';
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return out;
}

// A list in Guard's spelling.
Result<std::string> literal(std::span<const std::string> values) {
  std::string list;
  for (const std::string& value : values) {
    // Quotes end a text, << and >> a message; Guard has no escape for either.
    if (value.find_first_of("\"\\\n\r") != std::string::npos ||
        value.find("<<") != std::string::npos || value.find(">>") != std::string::npos)
      return fail(Error::Code::Invalid,
                  fmt::format("'{}' cannot be written in a rule of Guard", printable(value)));
    list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", value);
  }
  return fmt::format("[{}]", list);
}

// The parameter's value in force; null when the control has no such parameter.
json::Document in_force(const ControlInfo& info, std::string_view name) {
  const auto found = std::ranges::find(info.parameters, name, &Parameter::name);
  Result<json::Document> document =
      json::parse_document(found != info.parameters.end() ? found->value : "null");
  return document ? std::move(*document) : json::Document();
}

std::vector<std::string> list_in_force(const ControlInfo& info, std::string_view name) {
  std::vector<std::string> list;
  const json::Document document = in_force(info, name);
  for (const json::Value item : document.root.elements()) list.emplace_back(item.string_or({}));
  return list;
}

// The condition under which a resource is judged; empty: always.
std::string condition(const GuardRow& row, const ControlInfo& info) {
  constexpr int64_t kMostInstances = 100;  // MonitoringClusterConfig, InstanceCount
  std::string given = fmt::format("sagewarden_is_given({})", row.about);
  switch (row.concerns) {
    case Concerns::All:
      return {};
    case Concerns::SeveralInstances: {
      const json::Document least = in_force(info, "min_instance_count");
      std::string few = "0, \"0\"";
      for (int64_t n = 1; n < std::min(least.root.integer(), kMostInstances + 1); ++n)
        few += fmt::format(", {0}, \"{0}\"", n);
      if (least.root.integer() <= 1) return {};
      return fmt::format(
          "JobResources.ClusterConfig !is_struct or\n"
          "sagewarden_is_function(JobResources.ClusterConfig) or\n"
          "JobResources.ClusterConfig.InstanceCount is_list or\n"
          "JobResources.ClusterConfig.InstanceCount not IN [{}]",
          few);
    }
    case Concerns::OwnDefinition:
      if (in_force(info, "named_definition").root.string_or({}) == "fail") return {};
      return "sagewarden_is_given(MonitoringScheduleConfig.MonitoringJobDefinition) or\n"
             "MonitoringScheduleConfig.MonitoringJobDefinitionName !exists or\n"
             "MonitoringScheduleConfig.MonitoringJobDefinitionName IN [\"\"]";
    case Concerns::Given:
      return given;
    case Concerns::GivenOrRequired: {
      const json::Document required = in_force(info, "require_data_storage");
      return required.root.is_bool() && required.root.boolean() ? "" : given;
    }
    case Concerns::OnlineStore:
      return R"(sagewarden_is_given(OnlineStoreConfig)
OnlineStoreConfig !is_struct or
sagewarden_is_function(OnlineStoreConfig) or
OnlineStoreConfig.EnableOnlineStore is_list or
OnlineStoreConfig.EnableOnlineStore not IN [false, /^(?i)false$/]
OnlineStoreConfig !is_struct or
sagewarden_is_function(OnlineStoreConfig) or
OnlineStoreConfig.StorageType !exists or
OnlineStoreConfig.StorageType is_list or
OnlineStoreConfig.StorageType not IN ["InMemory"])";
  }
  return {};
}

// What is demanded.
struct Demand {
  std::string clauses;  // `<<>>` where the message goes
  std::string words;    // for the one who has to meet it
};

Demand one_of(std::string_view path, std::string_view values, std::string words) {
  return {fmt::format("sagewarden_is_one_of({}, {}) <<>>", path, values), std::move(words)};
}

Result<Demand> list_demand(const GuardRow& row, const ControlInfo& info) {
  std::vector<std::string> list;
  if (!row.wanted.empty()) list = list_in_force(info, row.wanted);
  if (list.empty() && row.demands != Demands::Listed)
    return Demand{fmt::format("sagewarden_is_set({}) <<>>", row.path),
                  fmt::format("Set {}.", row.path)};
  std::string words = list.empty()
                          ? fmt::format("No {} is allowed.", row.path)
                          : fmt::format("Set {} to one of {}.", row.path, fmt::join(list, ", "));
  constexpr std::string_view kKey = ":key/";  // before the id in a key's ARN
  if (row.demands == Demands::Key)
    for (size_t i = 0, count = list.size(); i < count; ++i)
      if (const size_t at = list[i].rfind(kKey);
          at != std::string::npos && at + kKey.size() < list[i].size())
        list.push_back(list[i].substr(at + kKey.size()));
  TRY_LET(const std::string values, literal(list));
  return one_of(row.path, values, std::move(words));
}

Result<Demand> tags_demand(const ControlInfo& info) {
  Demand demand = {"Tags is_list <<>>\nTags[ Key != /^aws:/ ] !empty <<>>", "Give it a tag."};
  const std::vector<std::string> keys = list_in_force(info, "required_tag_keys");
  for (const std::string& key : keys) {
    TRY_LET(const std::string one, literal({&key, 1}));
    // A key of AWS's own counts for nothing, even where it is asked for.
    demand.clauses += fmt::format("\nTags[ Key IN {}\n      Key != /^aws:/ ] !empty <<>>", one);
  }
  if (!keys.empty()) demand.words = fmt::format("Give it the tags {}.", fmt::join(keys, ", "));
  return demand;
}

Demand instances_demand(const ControlInfo& info) {
  constexpr std::string_view kOfVariants = R"(when {0} is_list {{
  {0}[ ServerlessConfig !exists or
       ServerlessConfig is_null or
       ServerlessConfig.Ref exists or
       ServerlessConfig."Fn::If" exists or
       ServerlessConfig."Fn::Transform" exists{1} ] {{
    sagewarden_is_several(InitialInstanceCount) <<>>
  }}
}})";
  const bool ignore = in_force(info, "missing_instance_count").root.string_or({}) == "ignore";
  const std::string counted = ignore ? "\n       InitialInstanceCount exists" : "";
  Demand demand = {R"(when ProductionVariants !exists or
     ProductionVariants !is_list {
  ProductionVariants is_list <<>>
}
)" + fmt::format(kOfVariants, "ProductionVariants", counted),
                   "Set InitialInstanceCount to 2 or more in each variant with instances."};
  const json::Document shadows = in_force(info, "include_shadow_variants");
  if (shadows.root.is_bool() && shadows.root.boolean())
    demand.clauses += R"(
when ShadowProductionVariants exists {
  when ShadowProductionVariants !is_list { ShadowProductionVariants is_list <<>> }
)" + indented(fmt::format(kOfVariants, "ShadowProductionVariants", counted), "  ") +
                      "}";
  return demand;
}

Demand containers_demand(const GuardRow& row) {
  return {fmt::format(R"(when sagewarden_is_given(Containers) {{
  when Containers !is_list {{ Containers is_list <<>> }}
  when Containers is_list
       Containers != [] {{
    Containers[*] {{
      sagewarden_is_one_of({}, ["{}"]) <<>>
    }}
  }}
}})",
                      row.path, row.wanted),
          fmt::format("Set {} to {} in each of Containers.", row.path, row.wanted)};
}

Result<Demand> demand_of(const GuardRow& row, const ControlInfo& info) {
  switch (row.demands) {
    case Demands::Value:
      return one_of(row.path, fmt::format("[\"{}\"]", row.wanted),
                    fmt::format("Set {} to {}.", row.path, row.wanted));
    case Demands::True:
      return one_of(row.path, "[true, /^(?i)true$/]", fmt::format("Set {} to true.", row.path));
    case Demands::Listed:
    case Demands::Set:
    case Demands::Key:
      return list_demand(row, info);
    case Demands::Block:
      return Demand{fmt::format("sagewarden_is_block({}) <<>>", row.path),
                    fmt::format("Set {}.", row.path)};
    case Demands::Tags:
      return tags_demand(info);
    case Demands::Instances:
      return instances_demand(info);
    case Demands::Containers:
      return containers_demand(row);
  }
  return Demand{};
}

std::string rule_name(const ControlInfo& info) {
  std::string name = info.config_rule;
  for (char& c : name)
    c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

Result<std::string> rule_of(const GuardRow& row, const ControlInfo& info) {
  TRY_LET(const Demand demand, demand_of(row, info));
  const std::string name = rule_name(info);
  const std::string message =
      fmt::format("<<[{}] {}. {}>>", info.id, info.title, printable(demand.words));
  std::string clauses;
  std::string_view rest = demand.clauses;
  for (size_t at = 0; (at = rest.find("<<>>")) != std::string_view::npos;) {
    clauses.append(rest.substr(0, at)).append(message);
    rest.remove_prefix(at + 4);
  }
  clauses += rest;
  if (const std::string when = condition(row, info); !when.empty()) {
    const std::string under = indented(when, "     ");  // below the word `when`
    clauses = fmt::format("when {} {{\n{}}}", std::string_view(under).substr(5, under.size() - 6),
                          indented(clauses, "  "));
  }
  return fmt::format(R"(
# {0}: {1}
let {2} = Resources.*[
  Type == "{3}"
  Metadata.guard.SuppressedRules !exists or
  Metadata.guard.SuppressedRules.* != "{4}"
]
rule {4} when %{2} !empty {{
  %{2}.Properties {{
{5}  }}
}}
)",
                     info.id, info.title, lower(name), info.resource_type, name,
                     indented(clauses, "    "));
}

}  // namespace

Result<Prevention> guard_rules(std::span<const ControlInfo> controls) {
  Prevention made;
  std::string rules;
  for (const ControlInfo& info : controls) {
    Coverage coverage = {info.id, {}, {}};
    const auto* const row = std::ranges::find(kGuardRows, info.id, &GuardRow::control);
    if (row == std::end(kGuardRows)) {
      coverage.limit = "there is no rule of Guard for controls of your own: scan templates in CI";
    } else {
      TRY_LET(const std::string rule, rule_of(*row, info));
      rules += rule;
      coverage.how = rule_name(info);
    }
    made.controls.push_back(std::move(coverage));
  }
  if (!rules.empty()) made.document = std::string(kPrelude) + rules;
  return made;
}

}  // namespace sagewarden::remediate
