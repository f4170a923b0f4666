#include "source/api/recognise.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>

#include "model/resource_type.h"

namespace sagewarden::api {
namespace {

using Kind = Recognised::Kind;

// What the elements of a List call's output hold. A value with nothing more is a summary: its
// settings are missing because nobody asked for them, not because they are not set. Types whose
// list holds all that Describe does, or whose elements go by other names, have no row.
struct Summary {
  std::string_view type;
  std::array<std::string_view, 10> members;  // the rest is empty
};
// clang-format off
constexpr std::array<Summary, 7> kSummaries = {{
    {"AWS::SageMaker::Domain",
     {"CreationTime", "DomainArn", "DomainId", "DomainName", "LastModifiedTime", "Status", "Url"}},
    {"AWS::SageMaker::Endpoint",
     {"CreationTime", "EndpointArn", "EndpointName", "EndpointStatus", "LastModifiedTime"}},
    {"AWS::SageMaker::EndpointConfig",
     {"CreationTime", "EndpointConfigArn", "EndpointConfigName"}},
    {"AWS::SageMaker::FeatureGroup",
     {"CreationTime", "FeatureGroupArn", "FeatureGroupName", "FeatureGroupStatus", "OfflineStoreStatus"}},
    {"AWS::SageMaker::Model",
     {"CreationTime", "ModelArn", "ModelName"}},
    {"AWS::SageMaker::MonitoringSchedule",
     {"CreationTime", "EndpointName", "LastModifiedTime", "MonitoringJobDefinitionName", "MonitoringScheduleArn",
      "MonitoringScheduleName", "MonitoringScheduleStatus", "MonitoringType"}},
    {"AWS::SageMaker::NotebookInstance",
     {"AdditionalCodeRepositories", "CreationTime", "DefaultCodeRepository", "InstanceType", "LastModifiedTime",
      "NotebookInstanceArn", "NotebookInstanceLifecycleConfigName", "NotebookInstanceName", "NotebookInstanceStatus",
      "Url"}},
}};

// The member of a List call's output that holds the summaries. Job definitions share one name.
struct List {
  std::string_view member;
  std::string_view type;
};
constexpr std::array<List, 11> kLists = {{
    {"AppImageConfigs", "AWS::SageMaker::AppImageConfig"},
    {"Domains", "AWS::SageMaker::Domain"},
    {"EndpointConfigs", "AWS::SageMaker::EndpointConfig"},
    {"Endpoints", "AWS::SageMaker::Endpoint"},
    {"FeatureGroupSummaries", "AWS::SageMaker::FeatureGroup"},
    {"Images", "AWS::SageMaker::Image"},
    {"InferenceExperiments", "AWS::SageMaker::InferenceExperiment"},
    {"JobDefinitionSummaries", ""},
    {"Models", "AWS::SageMaker::Model"},
    {"MonitoringScheduleSummaries", "AWS::SageMaker::MonitoringSchedule"},
    {"NotebookInstances", "AWS::SageMaker::NotebookInstance"},
}};
// clang-format on

// Tags may have been merged into a summary; they are no setting.
bool is_summary(json::Value value, std::string_view type) {
  const auto* const row = std::ranges::find(kSummaries, type, &Summary::type);
  if (row == kSummaries.end()) return false;
  for (const auto& [key, member] : value.members()) {
    if (key != "Tags" && std::ranges::find(row->members, key) == row->members.end()) return false;
  }
  return true;
}

bool is_sagemaker_arn(json::Value value, Arn& arn) {
  if (!value.is_string()) return false;
  const Result<Arn> parsed = parse_arn(value.string());
  if (!parsed || parsed->service != "sagemaker") return false;
  arn = *parsed;
  return true;
}

// DescribeFeatureMetadata names the group of the feature as DescribeFeatureGroup does.
bool is_feature(json::Value value) {
  return value["FeatureName"].exists() && value["FeatureGroupArn"].exists();
}

// The ARN alone does not tell: other outputs name the resource that they belong to by its ARN
// (DescribeImageVersion has an ImageArn). So the name must stand beside it, and the ARN must be one
// of the type, as the four job definitions share their names.
bool is_describe(json::Value value, const TypeShape& shape, Arn& arn) {
  if (is_feature(value)) return false;
  if (!value[shape.name_member].is_string()) return false;
  if (!is_sagemaker_arn(value[shape.arn_member], arn)) return false;
  const std::string_view part = find_resource_type(shape.cloudformation)->arn_part;
  return arn.resource.starts_with(part) && arn.resource.substr(part.size()).starts_with('/');
}

// "TrainingJob" and "training-job" are the same but for case and dashes.
bool is_same_word(std::string_view pascal, std::string_view kebab) {
  const auto letters = [](std::string_view text) {
    std::string out;
    for (const char c : text) {
      if (c != '-') out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return out;
  };
  return letters(pascal) == letters(kebab);
}

// What an ARN is of says the type, whatever the case of the member that holds it; a type without a
// row goes by the member.
std::string type_of(std::string_view arn_part, std::string_view member) {
  const auto types = resource_types();
  const auto found = std::ranges::find(types, arn_part, &ResourceType::arn_part);
  if (found != types.end()) return std::string(found->cloudformation);
  std::string name(member);
  name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
  return "AWS::SageMaker::" + name;
}

// A SageMaker resource and no output of a Describe call that we have a table for: a member
// `<Type>Arn` with an ARN of that type. Of several, one of a type without a table is its own:
// DescribeImageVersion has an ImageArn, too.
bool is_other(json::Value value, Recognised& out) {
  constexpr std::string_view kEnd = "Arn";
  for (const auto& [key, member] : value.members()) {
    Arn arn;
    if (!key.ends_with(kEnd) || !is_sagemaker_arn(member, arn)) continue;
    const std::string_view type = key.substr(0, key.size() - kEnd.size());
    const std::string_view part = arn.resource.substr(0, arn.resource.find('/'));
    if (type.empty() || !is_same_word(type, part)) continue;
    const std::string named =
        is_feature(value) ? "AWS::SageMaker::FeatureMetadata" : type_of(part, type);
    const bool is_known = find_resource_type(named) != nullptr;
    if (!out.type.empty() && is_known) continue;
    out.arn = arn;
    out.arn_text = member.string();
    out.type = named;
    if (!is_known) break;
  }
  return !out.type.empty();
}

bool has_list(json::Value value) {
  return std::ranges::any_of(kLists,
                             [&](const List& list) { return value[list.member].is_array(); });
}

// As the service writes it, and as boto3's ClientError.response holds it.
bool is_failure(json::Value value, Recognised& out) {
  const json::Value error = value["Error"].is_object() ? value["Error"] : value;
  const json::Value code = value["__type"].is_string() ? value["__type"] : error["Code"];
  if (!code.is_string()) return false;
  out.code = code.string();
  // "com.amazonaws.sagemaker#AccessDeniedException:http://…": the name stands in the middle.
  out.code = out.code.substr(out.code.rfind('#') + 1);
  out.code = out.code.substr(0, out.code.find(':'));
  const std::string_view message = error["Message"].string_or("");
  out.message = message.empty() ? error["message"].string_or("") : message;
  return true;
}

bool is_tag_index(json::Value value) {
  if (value["ResourceTagMappingList"].is_array()) return true;
  const bool has_tags = value["Tags"].is_array();
  if (has_tags && (value["ResourceArn"].is_string() || value["ResourceARN"].is_string()))
    return true;
  size_t arns = 0;
  for (const auto& [key, member] : value.members()) {
    if (!key.starts_with("arn:")) return false;
    ++arns;
  }
  return arns > 0;
}

}  // namespace

bool goes_on(json::Value output) {
  const json::Value next = output["NextToken"];
  return next.exists() && !next.is_null() && !(next.is_string() && next.string().empty());
}

Recognised recognise(json::Value value) {
  Recognised out;
  if (!value.is_object()) return out;
  for (const TypeShape& shape : type_shapes()) {
    if (!is_describe(value, shape, out.arn)) continue;
    out.shape = &shape;
    out.type = shape.cloudformation;
    out.arn_text = value[shape.arn_member].string();
    out.kind = is_summary(value, out.type) ? Kind::Summary : Kind::Describe;
    return out;
  }
  if (is_tag_index(value)) {
    out.kind = Kind::TagIndex;
  } else if (is_other(value, out)) {
    out.kind = Kind::Other;
  } else if (has_list(value)) {
    out.kind = Kind::List;
  } else if (value["Results"].is_array()) {
    out.kind = Kind::Search;
    out.list = value["Results"];
    out.goes_on = goes_on(value);
  } else if (value["Tags"].is_array()) {
    out.kind = Kind::Tags;
  } else if (is_failure(value, out)) {
    out.kind = Kind::Failure;
  }
  return out;
}

Lists lists_in(json::Value output) {
  constexpr std::array<std::string_view, 2> kBeside = {"NextToken", "ResponseMetadata"};
  constexpr std::array<std::string_view, 5> kOfFailure = {"Error", "__type", "Code", "Message",
                                                          "message"};
  Lists found;
  bool tells_failure = false;
  for (const auto& [name, member] : output.members()) {
    const auto* const row = std::ranges::find(kLists, name, &List::member);
    if (row != kLists.end() && member.is_array()) {
      Recognised& one = found.lists.emplace_back();
      one.kind = Kind::List;
      one.list = member;
      one.shape = find_type_shape(row->type);
      one.type = row->type;
      one.goes_on = goes_on(output);
    } else if (std::ranges::find(kOfFailure, name) != kOfFailure.end()) {
      tells_failure = tells_failure || !member.is_null();
    } else if (std::ranges::find(kBeside, name) == kBeside.end()) {
      found.more = found.more || member.size() > 0;
    }
  }
  Recognised failure{.kind = Kind::Failure};
  if (is_failure(output, failure)) found.failure = failure;
  // Told in a way that we do not know.
  found.more = found.more || (tells_failure && !found.failure);
  return found;
}

}  // namespace sagewarden::api
