#include "source/recognise.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <optional>

#include "base/text.h"

namespace sagewarden {
namespace {

using Members = std::vector<OuterMember>;

constexpr std::string_view kOurTypes = "AWS::SageMaker::";
constexpr std::string_view kOtherText = "text of another kind";
constexpr std::string_view kMakePlan =
    "scan its plan: terraform plan -out=tfplan && terraform show -json tfplan > plan.json";
constexpr std::string_view kSavedPlan =
    "a saved Terraform plan; scan what it holds: terraform show -json FILE > plan.json";

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
    // What is looked for in a value is looked for in that one alone, however many there are.
    if (!members.empty()) {
      std::string_view& before = members.back().value;
      before = before.substr(0, static_cast<size_t>(rest_.data() - before.data()));
    }
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

// What get-template answers: the template is one of its members, as JSON or as a text.
constexpr std::array<std::string_view, 3> kTemplateEnvelope = {"ResponseMetadata",
                                                               "StagesAvailable", "TemplateBody"};

bool is_of_template_envelope(std::string_view name) {
  return std::ranges::find(kTemplateEnvelope, name) != kTemplateEnvelope.end();
}

bool is_template_envelope(const Members& members) {
  return (has(members, "TemplateBody", "{") || has(members, "TemplateBody", "\"")) &&
         std::ranges::all_of(members, is_of_template_envelope, &OuterMember::name);
}

InputFormat format_of(const OuterJson& outer) {
  const Members& members = outer.members;
  // A list of objects is never one of these: they are single documents.
  if (!outer.list) {
    if (has(members, "sagewarden_inventory")) return InputFormat::Inventory;
    if (has(members, "configurationItems")) return InputFormat::ConfigList;
    if (has_any(members, {"AWSTemplateFormatVersion", "Resources"}) ||
        is_template_envelope(members))
      return InputFormat::CloudFormation;
    if (has_any(members, {"format_version", "terraform_version"})) return InputFormat::Terraform;
  }
  if (is_config_items(members)) return InputFormat::ConfigItems;
  if (outer.list && has(members, "configurationItems")) return InputFormat::ConfigItems;
  if (is_config_query(members)) return InputFormat::ConfigQuery;
  if (std::ranges::any_of(members, is_api_member)) return InputFormat::ApiOutput;
  return InputFormat::None;
}

std::string names_of(const OuterJson& outer) {
  constexpr size_t kShown = 4;
  std::string names;
  for (size_t i = 0; i < std::min(outer.members.size(), kShown); ++i)
    names += (i > 0 ? ", " : "") + printable(outer.members[i].name.substr(0, 40));
  if (outer.members.size() > kShown) names += ", …";
  return names;
}

// ---- what is of no format, and is plainly meant as input all the same ----

// A policy; SARIF; findings of OCSF and of Security Hub, alone and listed; files of exceptions and
// controls; a Jupyter notebook, which names its kernel's image.
constexpr std::array<std::string_view, 8> kOnlyNaming = {
    "Statement", "runs", "class_uid", "ProductArn", "Findings", "exceptions", "passes", "nbformat"};

bool is_only_naming(std::string_view name) {
  return std::ranges::find(kOnlyNaming, name) != kOnlyNaming.end();
}

// Members of Describe output that SageMaker alone has. What is cut out of output (`--query`) may
// keep some of them and no ARN.
constexpr std::array<std::string_view, 26> kOwnMembers = {
    "AppImageConfigName",       "AppNetworkAccessType",
    "AsyncInferenceConfig",     "DataCaptureConfig",
    "DataQualityJobInput",      "DirectInternetAccess",
    "EnableNetworkIsolation",   "EndpointConfigName",
    "FeatureGroupName",         "HomeEfsFileSystemId",
    "InferenceExecutionConfig", "KernelGatewayImageConfig",
    "ModelBiasJobInput",        "ModelExplainabilityJobInput",
    "ModelQualityJobInput",     "MonitoringScheduleConfig",
    "MonitoringScheduleName",   "NotebookInstanceLifecycleConfigName",
    "NotebookInstanceName",     "NotebookInstanceStatus",
    "OfflineStoreConfig",       "OnlineStoreConfig",
    "PrimaryContainer",         "ProductionVariants",
    "ShadowModeConfig",         "ShadowProductionVariants"};

bool is_own_member(std::string_view name) {
  return std::ranges::find(kOwnMembers, name) != kOwnMembers.end();
}

// Whether the words stand for one resource: patterns, and texts that get filled in, do not.
bool begins_with_arn(std::string_view value) {
  constexpr std::string_view kBegin = "arn:";
  constexpr size_t kMaxArn = 2048;
  value = value.substr(0, kMaxArn);
  if (!value.starts_with(kBegin)) return false;
  const size_t service = value.find(':', kBegin.size());
  if (service == std::string_view::npos || !value.substr(service).starts_with(":sagemaker:"))
    return false;
  const std::string_view arn = value.substr(0, value.find_first_of("\"' \t\r\n,"));
  return arn.find_first_of("*?${}<>") == std::string_view::npos;
}

// Anywhere in JSON: a type, or a string that begins with an ARN.
bool names_resource(std::string_view text) {
  if (text.find(kOurTypes) != std::string_view::npos) return true;
  for (const std::string_view begin : {"\"arn:", "'arn:"}) {
    for (size_t at = text.find(begin); at != std::string_view::npos;
         at = text.find(begin, at + 1)) {
      if (begins_with_arn(text.substr(at + 1))) return true;
    }
  }
  return false;
}

// Whether the names of the first object are not in double quotes: what a program prints of its own
// data, as Python does. Comments may stand in what configures other programs.
bool has_bare_names(std::string_view text) {
  std::string_view rest = without_space(text.substr(1));
  if (text.front() == '[') {
    if (!rest.starts_with('{')) return false;
    rest = without_space(rest.substr(1));
  }
  return !rest.empty() &&
         (rest.front() == '\'' || std::isalpha(static_cast<unsigned char>(rest.front())) != 0);
}

bool has_own_member(const Members& members) {
  return std::ranges::any_of(members, is_own_member, &OuterMember::name);
}

// Of a JSON document, of the first element of a list, or of that of a list in one of its members.
bool is_part_of_output(const OuterJson& outer) {
  return has_own_member(outer.members) ||
         std::ranges::any_of(outer.members, [](const OuterMember& member) {
           return member.value.starts_with('[') && has_own_member(outer_json(member.value).members);
         });
}

bool only_names_json(const OuterJson& outer) {
  return std::ranges::any_of(outer.members, is_only_naming, &OuterMember::name) ||
         has(outer.members, "format", "\"sagewarden-");
}

// Terraform and OpenTofu: what `plan -json` and `apply -json` print, a line for each step.
bool is_terraform_log(const Members& members) {
  return has(members, "@module", "\"terraform.ui\"") || has(members, "@module", "\"tofu.ui\"");
}

// What stands where output was expected when a call has failed.
bool is_only_a_message(const OuterJson& outer) {
  return outer.complete && !outer.list && outer.members.size() == 1 &&
         (has(outer.members, "message", "\"") || has(outer.members, "Message", "\""));
}

Recognised recognise_json(std::string_view text, Extent extent) {
  const OuterJson outer = outer_json(text);
  // What a listing of nothing leaves behind.
  if (outer.complete && outer.list && without_space(text.substr(1)).starts_with(']'))
    return {.format = InputFormat::ApiOutput};
  Recognised known{.format = format_of(outer)};
  if (known.format != InputFormat::None) return known;
  if (is_terraform_log(outer.members))
    return {.seems = fmt::format("the log of a Terraform run; {}", kMakePlan), .evident = true};
  // A plan that HCP Terraform holds.
  if (has(outer.members, "remote_plan_format"))
    return {.seems = std::string(kSavedPlan), .evident = true};
  known.needs_more = extent == Extent::Start;
  known.only_names = only_names_json(outer);
  const bool is_part = is_part_of_output(outer);
  known.evident = !known.only_names && (is_part || names_resource(text));
  // Of a start, nobody expects that it is complete.
  const bool is_bare = has_bare_names(text);
  const bool is_broken = is_bare || (extent == Extent::Whole && !outer.complete);
  const bool is_message = is_only_a_message(outer);
  known.broken_json = is_broken || is_message;
  const std::string names = names_of(outer);
  known.seems = is_broken ? "JSON that is cut off or malformed" : "JSON of another kind";
  if (!names.empty()) known.seems += " (with " + names + ")";
  if (is_bare) {
    known.seems =
        "no JSON: its names are not in double quotes, as where Python prints a "
        "dictionary (json.dumps writes JSON)";
  }
  if (is_message) known.seems = "a message in the place of output";
  if (is_part) known.seems += ", perhaps a part of API output: give all of it, without --query";
  return known;
}

// ---- YAML: only templates are ----

struct YamlLine {
  size_t dash = 0;        // the indentation
  size_t indent = 0;      // that of the text, behind the dashes of elements
  bool element = false;   // begins an element of a list
  std::string_view text;  // never empty, and no comment
};

// The next line that says something, or nothing; takes it from the text.
std::optional<YamlLine> next_line(std::string_view& text) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    size_t begin = line.find_first_not_of(' ');
    if (begin == std::string_view::npos || line.starts_with("---")) continue;
    YamlLine out;
    out.dash = begin;
    while (line.substr(begin).starts_with("- ")) {
      out.element = true;
      begin = std::min(line.find_first_not_of(' ', begin + 1), line.size());
    }
    out.indent = begin;
    out.text = trim(line.substr(begin));
    const bool says_nothing = out.text.empty() || out.text == "-" || out.text.starts_with('#') ||
                              out.text.starts_with('%');
    if (!says_nothing) return out;
  }
  return std::nullopt;
}

// A line's key, without quotes, and what stands behind its colon; empty when it has none, as text
// and code have.
struct YamlKey {
  std::string_view name;
  std::string_view value;
};

std::string_view without_quote(std::string_view text) {
  if (text.starts_with('"') || text.starts_with('\'')) text.remove_prefix(1);
  return text;
}

YamlKey key_of(std::string_view line) {
  const char quote = line.front();
  const bool quoted = quote == '"' || quote == '\'';
  const size_t begin = quoted ? 1 : 0;
  const size_t end = quoted ? line.find(quote, 1) : line.find_first_of(": ");
  if (end == std::string_view::npos || end == begin) return {};
  std::string_view behind = trim(line.substr(end + begin));
  if (!behind.starts_with(':')) return {};
  behind.remove_prefix(1);
  if (!behind.empty() && !is_space(behind.front())) return {};  // `arn:aws:…`
  return {line.substr(begin, end - begin), trim(behind)};
}

// Templates' outermost keys are indented like the first line that is no comment.
bool is_yaml_template(std::string_view text) {
  std::optional<size_t> outermost;
  bool has_body = false;
  bool is_envelope = true;
  while (const std::optional<YamlLine> line = next_line(text)) {
    if (!outermost) outermost = line->dash;
    if (line->element || line->indent != *outermost) continue;
    const auto [key, value] = key_of(line->text);
    // A word behind it stands in a text.
    constexpr std::string_view kBegins = "{[!&*#";
    const bool has_resources =
        key == "Resources" &&
        (value.empty() || kBegins.find(value.front()) != std::string_view::npos);
    if (key == "AWSTemplateFormatVersion" || has_resources) return true;
    has_body = has_body || key == "TemplateBody";
    is_envelope = is_envelope && is_of_template_envelope(key);
  }
  return has_body && is_envelope;
}

// Of no format. Text and code, which mention resources too, have lines of other kinds at their
// outermost level; what configures other programs names resources too, but not as output does.
Recognised recognise_yaml(std::string_view text) {
  std::optional<size_t> outermost;
  size_t element = std::string_view::npos;  // where the members of an outermost list's element are
  bool is_yaml = false;
  bool names = false;
  Recognised known;
  while (const std::optional<YamlLine> line = next_line(text)) {
    const YamlKey key = key_of(line->text);
    if (!outermost) outermost = line->dash;
    if (line->element && line->dash <= *outermost + 2) element = line->indent;
    const bool is_outermost = line->dash == *outermost;
    if (line->dash < *outermost || (is_outermost && !line->element && key.name.empty())) return {};
    is_yaml = is_yaml || !key.name.empty();
    if (is_outermost) known.only_names = known.only_names || is_only_naming(key.name);
    const std::string_view value = without_quote(key.value);
    const bool is_resource =
        is_own_member(key.name) || (key.name.ends_with("Arn") && begins_with_arn(value));
    names = names || (key.name == "Type" && value.starts_with(kOurTypes)) ||
            (is_resource && (is_outermost || line->indent == element));
  }
  known.evident = is_yaml && names && !known.only_names;
  if (known.evident)
    known.seems = "YAML that is no template; API output is read as JSON (--output json)";
  return known;
}

// ---- other things that people have lying about ----

struct Magic {
  std::string_view bytes;
  std::string_view name;
};

constexpr std::array<Magic, 6> kMagics = {{
    {"PK\x03\x04", "a zip archive: unpack it first"},
    {"\x1f\x8b", "compressed twice: unpack it once"},
    {"BZh", "compressed with bzip2: unpack it, or use gzip"},
    {"\x28\xb5\x2f\xfd", "compressed with zstd: unpack it, or use gzip"},
    {"\xfd"
     "7zXZ",
     "compressed with xz: unpack it, or use gzip"},
    {"%PDF", "a PDF"},
}};

std::string seems_to_be(std::string_view text) {
  if (text.empty()) return "empty";
  for (const Magic& magic : kMagics) {
    if (text.starts_with(magic.bytes)) return std::string(magic.name);
  }
  if (without_space(text).empty()) return "blank";
  if (text.find('\0') != std::string_view::npos) return "binary data";
  return std::string(kOtherText);
}

// The zip archive that `terraform plan -out` writes holds first what the plan is.
bool is_saved_plan(std::string_view text) {
  constexpr size_t kNameOffset = 30;  // in the header of a zip archive's first file
  return text.starts_with("PK\x03\x04") && text.size() > kNameOffset &&
         text.substr(kNameOffset).starts_with("tfplan");
}

bool is_terraform_block(std::string_view line) {
  constexpr std::array<std::string_view, 8> kBegins = {"resource \"", "module \"", "provider \"",
                                                       "variable \"", "data \"",   "output \"",
                                                       "terraform {", "locals {"};
  return std::ranges::any_of(kBegins, [&](std::string_view begin) {
    return line.starts_with(begin) && line.find('{') != std::string_view::npos;
  });
}

bool is_terraform_configuration(std::string_view text) {
  return std::ranges::any_of(split(text, '\n'), is_terraform_block);
}

bool has_utf16_mark(std::string_view text) {
  return text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff");
}

// Text in UTF-16 with all but ASCII replaced; nothing when it is none. Of text without a mark at
// its start, that is taken to be ASCII.
std::optional<std::string> from_utf16(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  const bool marked = has_utf16_mark(text);
  const bool big = marked ? text.front() == '\xfe' : text[0] == '\0';
  const size_t high = big ? 0 : 1;
  if (!marked && (text[high] != '\0' || text[1 - high] == '\0' || text[high + 2] != '\0'))
    return std::nullopt;
  std::string out;
  for (size_t at = marked ? 2 : 0; at + 1 < text.size(); at += 2) {
    const char low = text[at + 1 - high];
    out += text[at + high] == '\0' && (low & '\x80') == 0 ? low : '?';
  }
  return out;
}

std::optional<Recognised> recognise_utf16(std::string_view text, Extent extent) {
  const std::optional<std::string> decoded = from_utf16(text);
  if (!decoded) return std::nullopt;
  const Recognised as = recognise(*decoded, extent);
  Recognised known{.seems = "UTF-16 text: save it as UTF-8", .broken_json = true};
  known.evident = as.format != InputFormat::None || as.evident;
  if (!known.evident && !has_utf16_mark(text)) return std::nullopt;
  known.needs_more = !known.evident && as.needs_more;
  return known;
}

}  // namespace

OuterJson outer_json(std::string_view text) {
  return OuterReader(text).read();
}

Recognised recognise(std::string_view text, Extent extent) {
  if (const std::optional<Recognised> utf16 = recognise_utf16(text, extent)) return *utf16;
  const std::string_view start = without_space(text);
  if (start.starts_with('{') || start.starts_with('[')) return recognise_json(start, extent);
  if (is_yaml_template(text)) return {.format = InputFormat::CloudFormation};
  // A failed call's words in the place of its output.
  if (start.starts_with("An error occurred (")) return {.format = InputFormat::ApiOutput};
  if (is_saved_plan(text))
    return {.seems = std::string(kSavedPlan), .broken_json = true, .evident = true};
  Recognised unknown = recognise_yaml(text);
  if (unknown.seems.empty()) unknown.seems = seems_to_be(text);
  unknown.broken_json = true;
  // A template may begin with long comments, or with mappings of many pages.
  unknown.needs_more = extent == Extent::Start && (unknown.evident || unknown.seems == kOtherText);
  if (unknown.seems == kOtherText && is_terraform_configuration(text))
    unknown.seems = fmt::format("Terraform configuration; {}", kMakePlan);
  return unknown;
}

}  // namespace sagewarden
