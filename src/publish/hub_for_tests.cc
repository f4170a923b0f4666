#include "publish/hub_for_tests.h"

#include <algorithm>

#include "base/iso_time.h"
#include "base/json_writer.h"
#include "base/text.h"

namespace sagewarden::publish {
namespace {

aws::Answer answer_of(const std::string& json) {
  return std::move(*json::parse_document(json));
}

std::string text_of(json::Value value, std::string_view path) {
  for (const std::string_view name : split(path, '.')) value = value[name];
  return std::string(value.string_or(""));
}

bool is_users(std::string_view name) {
  return name == "Workflow" || name == "Note" || name == "CreatedAt";
}

}  // namespace

std::vector<std::string> FakeHub::calls_made() const {
  const std::scoped_lock lock(mutex_);
  return made_;
}

size_t FakeHub::count(std::string_view operation) const {
  const std::scoped_lock lock(mutex_);
  return static_cast<size_t>(std::ranges::count_if(made_, [&](const std::string& call) {
    return call.find(" " + std::string(operation) + " ") != std::string::npos;
  }));
}

void FakeHub::reset() {
  refuse.clear();
  refuse_id.clear();
  instead.clear();
  hide_id.clear();
  refuse_by_id = false;
  findings_.clear();
  made_.clear();
}

std::string FakeHub::whole(const Stored& stored) {
  std::string out = stored.json;
  out.pop_back();
  out += R"(,"CreatedAt":")" + stored.created_at + R"(","Workflow":{"Status":")" + stored.workflow +
         "\"}";
  if (!stored.note_by.empty())
    out += R"(,"Note":{"Text":")" + stored.note + R"(","UpdatedBy":")" + stored.note_by + "\"}";
  return out + "}";
}

std::string FakeHub::finding(const std::string& id) const {
  const std::scoped_lock lock(mutex_);
  const auto found = findings_.find(id);
  return found == findings_.end() ? "" : whole(found->second);
}

std::string FakeHub::text(const std::string& id, std::string_view path) const {
  const std::string json = finding(id);
  const auto document = json::parse_document(json.empty() ? "{}" : json);
  return document ? text_of(document->root, path) : "not JSON";
}

void FakeHub::set_workflow(const std::string& id, const std::string& status,
                           const std::string& note) {
  const std::scoped_lock lock(mutex_);
  Stored& stored = findings_.at(id);
  stored.workflow = status;
  if (note.empty()) return;
  stored.note = note;
  stored.note_by = "eve";
}

aws::Answer FakeHub::answer(const aws::Call& call) {
  const std::scoped_lock lock(mutex_);
  const auto document = json::parse_document(call.input);
  const json::Value input = document->root;
  const size_t count = std::max(input["Findings"].size(), input["FindingIdentifiers"].size());
  made_.push_back(call.region + " " + call.operation + " " + std::to_string(count));
  if (const auto refused = refuse.find(call.operation); refused != refuse.end()) {
    aws::CallError error = refused->second;
    error.service = call.service;
    error.operation = call.operation;
    error.region = call.region;
    error.account = call.account;
    return tl::make_unexpected(std::move(error));
  }
  if (const auto said = instead.find(call.operation); said != instead.end())
    return answer_of(said->second);
  if (call.operation == "BatchImportFindings") return import(input);
  return call.operation == "GetFindings" ? get(input) : update(input);
}

bool FakeHub::is_open_again(const Stored& stored, json::Value finding) {
  const auto before = json::parse_document(stored.json);
  const bool is_back = text_of(before->root, "RecordState") == "ARCHIVED" &&
                       text_of(finding, "RecordState") == "ACTIVE";
  const bool fails_again = text_of(before->root, "Compliance.Status") == "PASSED" &&
                           text_of(finding, "Compliance.Status") != "PASSED";
  return (is_back || fails_again) &&
         (stored.workflow == "NOTIFIED" || stored.workflow == "RESOLVED");
}

aws::Answer FakeHub::import(json::Value input) {
  std::string failed;
  size_t taken = 0;
  for (const json::Value finding : input["Findings"].elements()) {
    const std::string id = text_of(finding, "Id");
    if (id == refuse_id) {
      failed = R"({"Id":")" + id + R"(","ErrorCode":"InvalidInput","ErrorMessage":"no"})";
      continue;
    }
    ++taken;
    const bool is_new = !findings_.contains(id);
    Stored& stored = findings_[id];
    const std::string updated = text_of(finding, "UpdatedAt");
    if (!is_new && parse_iso_time(updated) <= parse_iso_time(stored.updated_at)) continue;
    if (!is_new && is_open_again(stored, finding)) stored.workflow = "NEW";
    stored.updated_at = updated;
    stored.product = text_of(finding, "ProductArn");
    stored.json.clear();
    json::Writer writer(stored.json);
    writer.begin_object();
    for (const auto& [name, value] : finding.members()) {
      if (!is_users(name)) writer.key(name).value(value);
    }
    writer.end_object();
    if (!is_new) continue;
    stored.created_at = text_of(finding, "CreatedAt");
    if (finding["Workflow"].exists()) stored.workflow = text_of(finding, "Workflow.Status");
    stored.note = text_of(finding, "Note.Text");
    stored.note_by = text_of(finding, "Note.UpdatedBy");
  }
  return answer_of("{\"FailedCount\":" + std::to_string(failed.empty() ? 0 : 1) +
                   ",\"SuccessCount\":" + std::to_string(taken) + ",\"FailedFindings\":[" + failed +
                   "]}");
}

aws::Answer FakeHub::get(json::Value input) const {
  const std::string product = text_of(input["Filters"]["ProductArn"].at(0), "Value");
  const std::string token = text_of(input, "NextToken");
  const json::Value ids = input["Filters"]["Id"];
  if (ids.exists() && refuse_by_id) {
    aws::CallError error;
    error.service = "securityhub";
    error.operation = "GetFindings";
    return tl::make_unexpected(std::move(error));
  }
  std::string out = "{\"Findings\":[";
  size_t left = page;
  std::string next;
  for (const auto& [id, stored] : findings_) {
    if (stored.product != product || id < token) continue;
    bool is_asked = !ids.exists();
    for (const json::Value wanted : ids.elements())
      is_asked = is_asked || (wanted["Value"].string_or("") == id && id != hide_id);
    if (!is_asked) continue;
    if (left-- == 0) {
      next = id;
      break;
    }
    if (out.back() != '[') out += ',';
    out += whole(stored);
  }
  out += "]";
  if (!next.empty()) out += R"(,"NextToken":")" + next + "\"";
  return answer_of(out + "}");
}

aws::Answer FakeHub::update(json::Value input) {
  std::string done;
  for (const json::Value identifier : input["FindingIdentifiers"].elements()) {
    Stored& stored = findings_.at(text_of(identifier, "Id"));
    stored.workflow = text_of(input, "Workflow.Status");
    if (!done.empty()) done += ',';
    json::Writer(done).value(identifier);
    if (!input["Note"].exists()) continue;
    stored.note = text_of(input, "Note.Text");
    stored.note_by = text_of(input, "Note.UpdatedBy");
  }
  return answer_of("{\"ProcessedFindings\":[" + done + "],\"UnprocessedFindings\":[]}");
}

}  // namespace sagewarden::publish
