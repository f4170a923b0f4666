#include "source/recognise.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.h"

namespace sagewarden {
namespace {

using Members = std::vector<OuterMember>;

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

std::string_view without_space(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  return text;
}

// The text behind the string that begins here, or nothing when it does not end.
std::string_view behind_string(std::string_view text) {
  for (size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == '"')
      return text.substr(at + 1);
  }
  return {};
}

// Walks over the brackets of a text; nothing else of it is looked at.
class OuterReader {
 public:
  explicit OuterReader(std::string_view text) : rest_(text) {}

  OuterJson read() {
    OuterJson outer;
    outer.list = rest_.starts_with('[');
    const size_t depth_of_names = outer.list ? 2 : 1;
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (c == '"') {
        const std::string_view behind = behind_string(rest_);
        const bool ended = behind.data() != nullptr;
        if (ended && depth_ == depth_of_names && objects_ == 1) take_name(behind, outer.members);
        if (!ended) return outer;
        rest_ = behind;
        continue;
      }
      if (c == '{' && depth_ + 1 == depth_of_names) ++objects_;
      if (c == '{' || c == '[') ++depth_;
      if (c == '}' || c == ']') {
        if (depth_ == 0) return outer;
        --depth_;
      }
      // Several documents may follow one another, but nothing else stands between them.
      if (depth_ == 0 && !is_space(c) && c != '}' && c != ']' && c != ',') return outer;
      rest_.remove_prefix(1);
    }
    outer.complete = depth_ == 0;
    return outer;
  }

 private:
  void take_name(std::string_view behind, Members& members) const {
    const size_t size = rest_.size() - behind.size();
    const std::string_view name = rest_.substr(1, size - 2);
    std::string_view value = without_space(behind);
    if (!value.starts_with(':')) return;
    value.remove_prefix(1);
    members.push_back({name, without_space(value)});
  }

  std::string_view rest_;
  size_t depth_ = 0;
  size_t objects_ = 0;  // begun at the depth whose names are wanted
};

// ---- what the formats are known by ----

const OuterMember* find(const Members& members, std::string_view name) {
  const auto found = std::ranges::find(members, name, &OuterMember::name);
  return found == members.end() ? nullptr : &*found;
}

bool has(const Members& members, std::string_view name, std::string_view begin = {}) {
  const OuterMember* member = find(members, name);
  return member != nullptr && member->value.starts_with(begin);
}

bool has_any(const Members& members, std::initializer_list<std::string_view> names) {
  return std::ranges::any_of(names, [&](std::string_view name) { return has(members, name); });
}

// Whether the value of a member holds the words. The text may end before the value does.
bool mentions(const OuterMember& member, std::string_view words) {
  return member.value.find(words) != std::string_view::npos;
}

// Notifications and events come from many services; ours say what they hold.
bool is_config_envelope(const Members& members) {
  for (const std::string_view name : {"detail", "Message", "Records", "Messages", "body", "Body"}) {
    const OuterMember* member = find(members, name);
    if (member == nullptr) continue;
    for (const std::string_view sign : {"configurationItem", "configSnapshotId",
                                        "ConfigurationItemChangeNotification", "configRuleName"}) {
      if (mentions(*member, sign)) return true;
    }
  }
  return false;
}

bool is_config_item(const Members& members) {
  return has(members, "resourceType", "\"") &&
         has_any(members, {"configuration", "configurationItemStatus",
                           "configurationItemCaptureTime", "ARN", "awsAccountId"});
}

bool is_config_items(const Members& members) {
  return has_any(members, {"configurationItem", "ConfigurationItem", "configurationItemSummary",
                           "baseConfigurationItems", "BaseConfigurationItems", "invokingEvent"}) ||
         is_config_item(members) || is_config_envelope(members);
}

// `aws sagemaker search` answers with Results too, but of objects.
bool is_config_query(const Members& members) {
  const OuterMember* results = find(members, "Results");
  if (results == nullptr || !results->value.starts_with('[')) return false;
  return has(members, "QueryInfo") || without_space(results->value.substr(1)).starts_with('"');
}

// The member with the elements in what a List call of SageMaker answers.
constexpr std::array<std::string_view, 11> kApiLists = {"AppImageConfigs",
                                                        "Domains",
                                                        "EndpointConfigs",
                                                        "Endpoints",
                                                        "FeatureGroupSummaries",
                                                        "Images",
                                                        "InferenceExperiments",
                                                        "JobDefinitionSummaries",
                                                        "Models",
                                                        "MonitoringScheduleSummaries",
                                                        "NotebookInstances"};

// An empty list, or one of SageMaker's resources.
bool is_sagemaker_list(const OuterMember& member) {
  if (!member.value.starts_with('[')) return false;
  return without_space(member.value.substr(1)).starts_with(']') || mentions(member, ":sagemaker:");
}

bool is_sagemaker_arn(std::string_view value) {
  constexpr std::string_view kBegin = "\"arn:";
  if (!value.starts_with(kBegin)) return false;
  const size_t partition_end = value.find(':', kBegin.size());
  return partition_end != std::string_view::npos &&
         value.substr(partition_end).starts_with(":sagemaker:");
}

bool is_api_member(const OuterMember& member) {
  const std::string_view name = member.name;
  if (name == "Results" || std::ranges::find(kApiLists, name) != kApiLists.end())
    return is_sagemaker_list(member);
  // list-tags, and what the tagging API answers.
  if (name == "Tags" || name == "ResourceTagMappingList")
    return mentions(member, "\"Key\"") || without_space(member.value.substr(1)).starts_with(']');
  // A failed call, as the service and boto3 write it.
  if (name == "__type") return mentions(member, "Exception");
  if (name == "Error") return mentions(member, "\"Code\"");
  if (name.starts_with("arn:")) return name.find(":sagemaker:") != std::string_view::npos;
  return name.ends_with("Arn") && is_sagemaker_arn(member.value);
}

InputFormat format_of(const OuterJson& outer) {
  const Members& members = outer.members;
  // A list of objects is never one of these: they are single documents.
  if (!outer.list) {
    if (has(members, "sagewarden_inventory")) return InputFormat::Inventory;
    if (has(members, "configurationItems")) return InputFormat::ConfigList;
    if (has_any(members, {"AWSTemplateFormatVersion", "Resources"}))
      return InputFormat::CloudFormation;
    if (has_any(members, {"format_version", "terraform_version"})) return InputFormat::Terraform;
  }
  if (is_config_items(members)) return InputFormat::ConfigItems;
  if (outer.list && has(members, "configurationItems")) return InputFormat::ConfigItems;
  if (is_config_query(members)) return InputFormat::ConfigQuery;
  if (std::ranges::any_of(members, is_api_member)) return InputFormat::ApiOutput;
  return InputFormat::None;
}

// A policy; SARIF; findings of OCSF and of Security Hub, alone and listed; our own reports.
bool only_names_resources(const Members& members) {
  return has_any(members, {"Statement", "runs", "class_uid", "ProductArn", "Findings"}) ||
         has(members, "format", "\"sagewarden-");
}

std::string names_of(const OuterJson& outer) {
  constexpr size_t kShown = 4;
  std::string names;
  for (size_t i = 0; i < std::min(outer.members.size(), kShown); ++i)
    names += (i > 0 ? ", " : "") + printable(outer.members[i].name.substr(0, 40));
  if (outer.members.size() > kShown) names += ", …";
  return names;
}

Recognised recognise_json(std::string_view text, Extent extent) {
  const OuterJson outer = outer_json(text);
  // What a listing of nothing leaves behind.
  if (outer.complete && outer.list && without_space(text.substr(1)).starts_with(']'))
    return {.format = InputFormat::ApiOutput};
  Recognised known{.format = format_of(outer)};
  if (known.format != InputFormat::None) return known;
  known.needs_more = extent == Extent::Start;
  // Of a start, nobody expects that it is complete.
  known.broken_json = extent == Extent::Whole && !outer.complete;
  const std::string names = names_of(outer);
  known.seems = known.broken_json ? "JSON that is cut off or malformed" : "JSON of another kind";
  if (!names.empty()) known.seems += " (with " + names + ")";
  return known;
}

// ---- YAML: only templates are ----

// Whether a line has the name as a key: `Resources:`, `"Resources" :`.
bool is_key(std::string_view line, std::string_view name) {
  const bool quoted = line.starts_with('"') || line.starts_with('\'');
  if (quoted) line.remove_prefix(1);
  if (!line.starts_with(name)) return false;
  line.remove_prefix(name.size());
  if (quoted) line.remove_prefix(std::min<size_t>(1, line.size()));
  return trim(line).starts_with(':');
}

// Templates' outermost keys are indented like the first line that is no comment.
bool is_yaml_template(std::string_view text) {
  size_t indent = std::string_view::npos;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const size_t begin = line.find_first_not_of(' ');
    const bool empty = begin == std::string_view::npos || line[begin] == '#' ||
                       line[begin] == '\r' || line.starts_with("---") || line[begin] == '%';
    if (empty) continue;
    if (indent == std::string_view::npos) indent = begin;
    if (begin != indent) continue;
    const std::string_view key = line.substr(begin);
    if (is_key(key, "AWSTemplateFormatVersion") || is_key(key, "Resources")) return true;
  }
  return false;
}

// ---- other things that people have lying about ----

struct Magic {
  std::string_view bytes;
  std::string_view name;
};

constexpr std::array<Magic, 8> kMagics = {{
    {"PK\x03\x04", "a zip archive: unpack it first"},
    {"\x1f\x8b", "compressed twice: unpack it once"},
    {"BZh", "compressed with bzip2: unpack it, or use gzip"},
    {"\x28\xb5\x2f\xfd", "compressed with zstd: unpack it, or use gzip"},
    {"\xfd"
     "7zXZ",
     "compressed with xz: unpack it, or use gzip"},
    {"\xff\xfe", "UTF-16 text: save it as UTF-8"},
    {"\xfe\xff", "UTF-16 text: save it as UTF-8"},
    {"%PDF", "a PDF"},
}};

std::string seems_to_be(std::string_view text) {
  if (text.empty()) return "empty";
  for (const Magic& magic : kMagics) {
    if (text.starts_with(magic.bytes)) return std::string(magic.name);
  }
  if (without_space(text).empty()) return "blank";
  if (text.find('\0') != std::string_view::npos) return "binary data";
  return "text of another kind";
}

}  // namespace

bool may_hold_resources(std::string_view json) {
  const std::string_view start = without_space(json);
  if (!start.starts_with('{') && !start.starts_with('[')) return false;
  if (only_names_resources(outer_json(start).members)) return false;
  if (start.find("AWS::SageMaker::") != std::string_view::npos) return true;
  for (size_t at = start.find(":sagemaker:"); at != std::string_view::npos;
       at = start.find(":sagemaker:", at + 1)) {
    // `arn:` and the partition; in `arn:aws:states:::sagemaker:…` it is no service.
    const size_t begin = start.rfind(':', at == 0 ? 0 : at - 1);
    if (begin != std::string_view::npos && start.substr(0, begin).ends_with("arn")) return true;
  }
  return false;
}

OuterJson outer_json(std::string_view text) {
  return OuterReader(text).read();
}

Recognised recognise(std::string_view text, Extent extent) {
  const std::string_view start = without_space(text);
  if (start.starts_with('{') || start.starts_with('[')) return recognise_json(start, extent);
  if (is_yaml_template(text)) return {.format = InputFormat::CloudFormation};
  // A failed call's words in the place of its output.
  if (start.starts_with("An error occurred (")) return {.format = InputFormat::ApiOutput};
  Recognised unknown{.seems = seems_to_be(text)};
  unknown.broken_json = true;
  // A template may begin with long comments, or with mappings of many pages.
  unknown.needs_more = extent == Extent::Start && unknown.seems == "text of another kind";
  return unknown;
}

}  // namespace sagewarden
