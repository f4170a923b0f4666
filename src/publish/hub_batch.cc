#include "publish/hub_batch.h"

#include <algorithm>

#include "base/json_writer.h"
#include "report/asff.h"

namespace sagewarden::publish {
namespace {

constexpr std::string_view kOpen = R"({"Findings":[)";
constexpr std::string_view kClose = "]}";

// What an import must have, and what we give beside it. Note, UserDefinedFields, VerificationState
// and Workflow are its users' and cannot be imported into a finding that exists.
constexpr std::string_view kRequired[] = {"SchemaVersion", "Id",           "ProductArn",
                                          "GeneratorId",   "AwsAccountId", "CreatedAt",
                                          "Title",         "Description",  "Resources"};
constexpr std::string_view kOptional[] = {"Region", "FindingProviderFields", "Compliance",
                                          "Remediation"};
// Product fields that Security Hub adds; nobody else may give any of such a name.
// https://docs.aws.amazon.com/securityhub/latest/userguide/asff-top-level-attributes.html
constexpr std::string_view kReserved = "aws/";

size_t number_of(json::Value number) {
  const bool is_count = number.kind() == json::Kind::Int && number.integer() > 0;
  return is_count ? static_cast<size_t>(number.integer()) : 0;
}

void write_condition(json::Writer& writer, std::string_view value, std::string_view comparison) {
  writer.begin_object().member("Value", value).member("Comparison", comparison).end_object();
}

void write_filter(json::Writer& writer, std::string_view name, std::string_view value,
                  std::string_view comparison) {
  writer.key(name).begin_array();
  write_condition(writer, value, comparison);
  writer.end_array();
}

}  // namespace

bool ImportBatch::has_room_for(size_t bytes) const {
  return ids_.size() < kMaxBatch &&
         kOpen.size() + findings_.size() + 1 + bytes + kClose.size() <= kMaxBatchBytes;
}

void ImportBatch::add(std::string_view id, std::string_view finding) {
  if (!findings_.empty()) findings_ += ',';
  findings_ += finding;
  ids_.emplace_back(id);
}

std::pair<std::string, std::vector<std::string>> ImportBatch::take() {
  std::string input;
  input.reserve(kOpen.size() + findings_.size() + kClose.size());
  ((input += kOpen) += findings_) += kClose;
  findings_.clear();
  return {std::move(input), std::exchange(ids_, {})};
}

Result<std::string> archived_finding(json::Value stored, std::string_view updated_at) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  for (const std::string_view name : kRequired) {
    if (!stored[name].exists())
      return fail(Error::Code::Io,
                  "Security Hub's answer lacks the finding's " + std::string(name));
    writer.key(name).value(stored[name]);
  }
  for (const std::string_view name : kOptional) {
    if (stored[name].exists()) writer.key(name).value(stored[name]);
  }
  if (stored["ProductFields"].is_object()) {
    writer.key("ProductFields").begin_object();
    for (const auto& [name, value] : stored["ProductFields"].members()) {
      if (!name.starts_with(kReserved)) writer.key(name).value(value);
    }
    writer.end_object();
  }
  writer.member("UpdatedAt", updated_at).member("RecordState", "ARCHIVED").end_object();
  return out;
}

std::string get_product_input(std::string_view product, std::string_view token) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("Filters").begin_object();
  write_filter(writer, "ProductArn", product, "EQUALS");
  write_filter(writer, "GeneratorId", kAsffGenerator, "PREFIX");
  writer.end_object().key("MaxResults").integer(kMaxBatch);
  if (!token.empty()) writer.member("NextToken", token);
  writer.end_object();
  return out;
}

std::string get_ids_input(std::string_view product, const std::vector<std::string>& ids,
                          std::string_view token) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("Filters").begin_object();
  write_filter(writer, "ProductArn", product, "EQUALS");
  writer.key("Id").begin_array();
  for (const std::string& id : ids) write_condition(writer, id, "EQUALS");
  writer.end_array().end_object().key("MaxResults").integer(kMaxBatch);
  if (!token.empty()) writer.member("NextToken", token);
  writer.end_object();
  return out;
}

size_t not_imported(json::Value answer, size_t sent) {
  const size_t failed = std::max(answer["FailedFindings"].size(), number_of(answer["FailedCount"]));
  const size_t done = std::min(number_of(answer["SuccessCount"]), sent);
  return std::min(std::max(failed, sent - done), sent);
}

size_t not_updated(json::Value answer, size_t sent) {
  const size_t done = std::min(answer["ProcessedFindings"].size(), sent);
  return std::min(std::max(answer["UnprocessedFindings"].size(), sent - done), sent);
}

std::string update_input(std::string_view product, const std::vector<std::string>& ids,
                         std::string_view status, std::string_view note) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("FindingIdentifiers").begin_array();
  for (const std::string& id : ids)
    writer.begin_object().member("Id", id).member("ProductArn", product).end_object();
  writer.end_array().key("Workflow").begin_object().member("Status", status).end_object();
  if (!note.empty())
    writer.key("Note")
        .begin_object()
        .member("Text", note)
        .member("UpdatedBy", kAsffUpdatedBy)
        .end_object();
  writer.end_object();
  return out;
}

}  // namespace sagewarden::publish
