// AWS Security Finding Format: a JSON array of findings for BatchImportFindings (up to 100 in a
// call). Field names, limits and the custom product's ARN are from the Security Hub API reference:
// https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html
// Limits count characters; we cut by bytes, which is never more.
#include "report/asff.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json_writer.h"
#include "base/sha256.h"
#include "base/text.h"
#include "model/arn.h"
#include "model/resource_type.h"
#include "report/escape.h"
#include "report/formats.h"
#include "report/summary.h"
#include "report/words.h"

namespace sagewarden {
namespace {

constexpr size_t kMaxAsffId = 512;
constexpr size_t kMaxTitle = 256;
constexpr size_t kMaxAsffDescription = 1024;
constexpr size_t kMaxRecommendation = 512;
constexpr size_t kMaxRequirements = 32;
constexpr size_t kMaxProductValue = 2048;
constexpr size_t kMaxNote = 512;
constexpr size_t kMaxAsffTags = 50;
constexpr size_t kMaxTagKey = 128;
constexpr size_t kMaxTagValue = 256;
// Ours, not Security Hub's: they keep a finding well below its 240 KB.
constexpr size_t kMaxReasons = 20;
constexpr size_t kMaxDetails = 50;
constexpr size_t kMaxDetail = 1024;

bool is_account(std::string_view text) {
  return text.size() == 12 && text.find_first_not_of("0123456789") == std::string_view::npos;
}
bool is_region(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

std::string_view partition_of(const Finding& finding) {
  return finding.partition.empty() ? partition_of_region(finding.region) : finding.partition;
}

// Security Hub refuses a string that is empty or blank, so such a member is left out.
bool is_blank(std::string_view text) {
  return trim(text).empty();
}

// In one line: the API's model has texts match the pattern .*\S.*, in which a dot is no line end.
std::string cut(std::string_view text, size_t bytes) {
  return shortened(one_line(text), bytes);
}

void write_member(json::Writer& writer, std::string_view name, std::string_view text,
                  size_t bytes) {
  const std::string written = cut(text, bytes);
  if (!is_blank(written)) writer.member(name, written);
}

// The first of two texts that says something.
std::string_view first_of(std::string_view text, std::string_view otherwise) {
  return is_blank(text) ? otherwise : text;
}

void write_severity(json::Writer& writer, const Finding& finding) {
  // As Security Hub does for its own controls: what passed is informational.
  const Severity severity =
      finding.compliance == Compliance::Passed ? Severity::Informational : finding.severity;
  writer.key("FindingProviderFields").begin_object();
  writer.key("Severity")
      .begin_object()
      .member("Label", name_of(severity))
      .member("Original", name_of(finding.severity))
      .end_object();
  writer.key("Types").begin_array();
  writer.string("Software and Configuration Checks/AWS Security Best Practices");
  writer.end_array().end_object();
}

void write_compliance(json::Writer& writer, const Finding& finding, const ControlInfo* control,
                      bool brief) {
  writer.key("Compliance").begin_object();
  writer.member("Status", name_of(finding.compliance));
  write_member(writer, "SecurityControlId", finding.control, kMaxAsffId);
  if (control != nullptr && !control->requirements.empty()) {
    writer.key("RelatedRequirements").begin_array();
    size_t left = kMaxRequirements;
    for (const std::string& requirement : control->requirements) {
      if (left == 0 || is_blank(requirement)) continue;
      writer.string(cut(requirement, kMaxAsffDescription));
      --left;
    }
    writer.end_array();
  }
  if (control != nullptr && !control->parameters.empty()) {
    writer.key("SecurityControlParameters").begin_array();
    for (const Parameter& parameter : control->parameters) {
      writer.begin_object().member("Name", cut(parameter.name, kMaxTagKey));
      writer.key("Value").begin_array().string(cut(first_of(parameter.value, "null"), kMaxDetail));
      writer.end_array().end_object();
    }
    writer.end_array();
  }
  if (!finding.reasons.empty()) {
    writer.key("StatusReasons").begin_array();
    const size_t count = std::min(finding.reasons.size(), brief ? 1 : kMaxReasons);
    for (size_t i = 0; i < count; ++i) {
      const Reason& reason = finding.reasons[i];
      writer.begin_object();
      writer.member("ReasonCode", cut(first_of(reason.code, "UNSPECIFIED"), kMaxTagKey));
      write_member(writer, "Description", reason.message, kMaxAsffDescription);
      writer.end_object();
    }
    writer.end_array();
  }
  writer.end_object();
}

// The members of AwsSageMakerNotebookInstance that a control may read, and what CloudFormation
// calls them. ASFF knows no other SageMaker type.
struct NotebookMember {
  std::string_view property;
  std::string_view asff;
  json::Kind kind;
};
constexpr std::array<NotebookMember, 11> kNotebook = {
    {{"DefaultCodeRepository", "DefaultCodeRepository", json::Kind::String},
     {"DirectInternetAccess", "DirectInternetAccess", json::Kind::String},
     {"InstanceType", "InstanceType", json::Kind::String},
     {"KmsKeyId", "KmsKeyId", json::Kind::String},
     {"LifecycleConfigName", "NotebookInstanceLifecycleConfigName", json::Kind::String},
     {"PlatformIdentifier", "PlatformIdentifier", json::Kind::String},
     {"RoleArn", "RoleArn", json::Kind::String},
     {"RootAccess", "RootAccess", json::Kind::String},
     {"SecurityGroupIds", "SecurityGroups", json::Kind::Array},
     {"SubnetId", "SubnetId", json::Kind::String},
     {"VolumeSizeInGB", "VolumeSizeInGB", json::Kind::Int}}};

bool is_string_array(json::Value value) {
  bool strings = value.is_array();
  for (const json::Value element : value.elements())
    strings = strings && element.is_string() && !is_blank(element.string());
  return strings && value.size() > 0;
}

// A value is written only where evidence holds it: "not set" and "not known" are words and no JSON.
void write_notebook_value(json::Writer& writer, const NotebookMember& member,
                          const Evidence& evidence) {
  const Result<json::Document> found = json::parse_document(evidence.found);
  if (!found || found->root.kind() != member.kind || evidence.found.size() > kMaxDetail) return;
  const json::Value value = found->root;
  if (value.is_string() && is_blank(value.string())) return;
  if (value.is_array() && !is_string_array(value)) return;
  writer.key(member.asff).value(value);
}

void write_notebook(json::Writer& writer, const Finding& finding) {
  writer.key("AwsSageMakerNotebookInstance").begin_object();
  for (const NotebookMember& member : kNotebook) {
    const auto seen = std::ranges::find(finding.evidence, member.property, &Evidence::path);
    if (seen != finding.evidence.end()) write_notebook_value(writer, member, *seen);
  }
  write_member(writer, "NotebookInstanceArn", finding.arn, kMaxDetail);
  write_member(writer, "NotebookInstanceName", finding.name, kMaxDetail);
  writer.end_object();
}

void write_other(json::Writer& writer, const Finding& finding, bool brief) {
  writer.key("Other").begin_object();
  write_member(writer, "Type", finding.type, kMaxDetail);
  write_member(writer, "Name", finding.name, kMaxDetail);
  if (brief) {
    writer.end_object();
    return;
  }
  std::vector<std::string> written;  // of two values at one path the first counts
  for (const Evidence& evidence : finding.evidence) {
    std::string path = cut(evidence.path, kMaxTagKey);
    if (is_blank(path) || is_blank(evidence.found) || written.size() + 2 >= kMaxDetails) continue;
    if (path == "Type" || path == "Name" || std::ranges::find(written, path) != written.end())
      continue;
    writer.member(path, cut(evidence.found, kMaxDetail));
    written.push_back(std::move(path));
  }
  writer.end_object();
}

void write_tags(json::Writer& writer, const Finding& finding) {
  std::map<std::string, std::string> tags;  // two long names may be one when they are cut
  for (const auto& [key, value] : finding.tags) {
    if (tags.size() == kMaxAsffTags) break;
    if (!is_blank(key) && !is_blank(value))
      tags.emplace(cut(key, kMaxTagKey), cut(value, kMaxTagValue));
  }
  if (tags.empty()) return;
  writer.key("Tags").begin_object();
  for (const auto& [key, value] : tags) writer.member(key, value);
  writer.end_object();
}

void write_asff_resource(json::Writer& writer, const Finding& finding, bool brief) {
  const ResourceType* type = find_resource_type(finding.type);
  const std::string_view asff_type = type == nullptr ? "Other" : type->asff;
  writer.key("Resources").begin_array().begin_object();
  writer.member("Type", asff_type);
  writer.member("Id",
                shortened(finding.arn.empty() ? name_text(finding) : finding.arn, kMaxAsffId));
  // The enumeration of the API; newer partitions are not in it.
  constexpr std::array<std::string_view, 3> kPartitions = {"aws", "aws-cn", "aws-us-gov"};
  const std::string_view partition = partition_of(finding);
  if (std::ranges::find(kPartitions, partition) != kPartitions.end())
    writer.member("Partition", partition);
  writer.member("Region", finding.region);
  if (!brief) write_tags(writer, finding);
  writer.key("Details").begin_object();
  if (asff_type == "AwsSageMakerNotebookInstance")
    write_notebook(writer, finding);
  else
    write_other(writer, finding, brief);
  writer.end_object().end_object().end_array();
}

void write_workflow(json::Writer& writer, const Finding& finding, const std::string& time) {
  writer.key("Workflow").begin_object().member("Status", asff_workflow(finding)).end_object();
  if (!finding.suppressed) return;
  writer.key("Note")
      .begin_object()
      .member("Text", asff_note(*finding.suppressed))
      .member("UpdatedBy", kAsffUpdatedBy)
      .member("UpdatedAt", time)
      .end_object();
}

void write_product_fields(json::Writer& writer, const Finding& finding, const AsffRecord& record) {
  const Place place = place_of(finding);
  const std::pair<std::string_view, std::string> rows[] = {
      {"sagewarden/File", finding.location.file},
      {"sagewarden/Line", place.line == 0 ? "" : std::to_string(place.line)},
      {"sagewarden/Address", finding.location.address},
      {kAsffCapturedAt, finding.captured_at},
  };
  writer.key("ProductFields").begin_object();
  for (const auto& [name, value] : rows) write_member(writer, name, value, kMaxProductValue);
  for (const auto& [name, value] : record.product_fields)
    write_member(writer, name, value, kMaxProductValue);
  writer.end_object();
}

void write_remediation(json::Writer& writer, const ControlInfo* control) {
  if (control == nullptr || is_blank(control->fix)) return;
  writer.key("Remediation").begin_object().key("Recommendation").begin_object();
  write_member(writer, "Text", control->fix, kMaxRecommendation);
  if (control->documentation.starts_with("https://") && control->documentation.size() <= kMaxDetail)
    writer.member("Url", control->documentation);
  writer.end_object().end_object();
}

// Security Hub takes a finding only for an account and in a Region. Those of templates and plans
// may have neither; leaving them out would let a file that misses every failure pass for good news.
Result<void> check_all_can_be_imported(const EachFinding& each) {
  size_t all = 0;
  size_t without = 0;
  std::string example;
  TRY_DO(each([&](const Finding& finding) -> Result<void> {
    ++all;
    if (can_be_imported(finding)) return {};
    if (without++ == 0) example = one_line(shortened(finding.id, kMaxTitle));
    return {};
  }));
  if (without == 0) return {};
  return fail(Error::Code::Invalid,
              fmt::format("asff: {} of {} have no account id or Region, and Security Hub imports "
                          "none without (the first is {}): name the account and Region that "
                          "the input is for (--account, --region), or leave asff out",
                          number_text(without), count_of(all, "finding"), example));
}

// What a report says beside its findings, on each of them: ASFF has no other place for it.
AsffRecord record_of(const ReportInput& input) {
  AsffRecord record;
  record.updated_at = input.run.finished.empty() ? input.run.started : input.run.finished;
  record.created_at = record.updated_at;
  record.product_fields = {
      {"sagewarden/ProviderVersion", input.run.version},
      {"sagewarden/CoverageGaps", std::to_string(input.coverage.gaps.size())},
      {"sagewarden/Interrupted", input.interrupted ? "true" : "false"},
      {"sagewarden/KnownAndLeftOut", known_text(total_of(input.counts).known)},
  };
  return record;
}

}  // namespace

bool can_be_imported(const Finding& finding) {
  return is_account(finding.account) && is_region(finding.region);
}

std::string asff_id(const Finding& finding) {
  constexpr size_t kDigest = 32;
  std::string id = shortened(finding.id, kMaxAsffId);
  if (id == finding.id) return id;
  Sha256 digest;
  digest.update(finding.id);
  return shortened(finding.id, kMaxAsffId - kDigest - 1) + "-" + digest.hex().substr(0, kDigest);
}

std::string asff_product(std::string_view partition, std::string_view account,
                         std::string_view region) {
  return fmt::format("arn:{}:securityhub:{}:{}:product/{}/default",
                     partition.empty() ? partition_of_region(region) : partition, region, account,
                     account);
}

std::string_view asff_workflow(const Finding& finding) {
  if (finding.suppressed) return "SUPPRESSED";
  return finding.compliance == Compliance::Passed ? "RESOLVED" : "NEW";
}

std::string asff_note(const Suppression& suppression) {
  std::string text = suppression.reason;
  if (!suppression.owner.empty()) text += " (owner: " + suppression.owner + ")";
  if (!suppression.expires.empty()) text += " until " + suppression.expires;
  if (is_blank(text)) text = "suppressed without a reason";
  return cut(text, kMaxNote);
}

void append_asff(std::string& out, const Finding& finding, const ControlInfo* control,
                 const AsffRecord& record) {
  std::string_view title;
  std::string_view why;
  if (control != nullptr) {
    title = control->title;
    why = control->why;
  }
  json::Writer writer(out);
  writer.begin_object();
  writer.member("SchemaVersion", "2018-10-08");
  writer.member("Id", asff_id(finding));
  writer.member("ProductArn", asff_product(finding.partition, finding.account, finding.region));
  writer.member("GeneratorId",
                shortened(std::string(kAsffGenerator) + finding.control, kMaxAsffId));
  writer.member("AwsAccountId", finding.account);
  writer.member("Region", finding.region);
  writer.member("CreatedAt", record.created_at);
  writer.member("UpdatedAt", record.updated_at);
  writer.member("Title", cut(first_of(title, finding.control), kMaxTitle));
  // The control's own text is about the risk, which is not what a passed finding has to say.
  const std::string reason = finding.compliance == Compliance::Passed
                                 ? "Passed: " + std::string(first_of(title, finding.control))
                                 : directed(reason_text(finding));
  writer.member("Description",
                cut(first_of(reason, first_of(why, finding.control)), kMaxAsffDescription));
  write_severity(writer, finding);
  write_compliance(writer, finding, control, record.brief);
  if (record.is_new) write_workflow(writer, finding, record.updated_at);
  writer.member("RecordState", "ACTIVE");
  write_remediation(writer, control);
  write_asff_resource(writer, finding, record.brief);
  write_product_fields(writer, finding, record);
  writer.end_object();
}

Result<void> write_asff(const ReportInput& input, const EachFinding& each, const TextStyle&,
                        Output& out) {
  TRY_DO(check_all_can_be_imported(each));
  const AsffRecord record = record_of(input);
  std::string text = "[";
  bool first = true;
  TRY_DO(each([&](const Finding& finding) -> Result<void> {
    text += first ? "\n" : ",\n";
    first = false;
    append_asff(text, finding, find_control(input.controls, finding.control), record);
    TRY_DO(out.write(text));
    text.clear();
    return {};
  }));
  return out.write(text += "\n]\n");
}

}  // namespace sagewarden
