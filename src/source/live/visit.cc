#include "source/live/visit.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/json_writer.h"
#include "base/text.h"
#include "base/time.h"
#include "model/arn.h"
#include "model/resource_type.h"
#include "source/api/tags.h"
#include "source/live/gaps.h"
#include "source/types/status.h"

namespace sagewarden::live {
namespace {

constexpr std::string_view kListTags = "ListTags";

void append_elements(std::string& out, json::Value list) {
  for (const json::Value element : list.elements()) {
    if (!out.empty()) out += ',';
    json::Writer(out).value(element);
  }
}

}  // namespace

TypePlan plan_of(const TypeNeeds& needs, const Operations& operations, const TypeShape& shape) {
  const auto is_in_summary = [&](const std::string& member) {
    return std::ranges::find(operations.summary_holds, member) != operations.summary_holds.end();
  };
  const bool summary_does = !needs.whole && !operations.summary_arn.empty() &&
                            std::ranges::all_of(needs.members, is_in_summary);
  return {&operations, &shape, !summary_does, needs.tags};
}

void Visit::begin(Done done) {
  done_ = std::move(done);
  if (plan_.describe) return describe();
  captured_at_ = iso_time(around_.now());
  Result<json::Document> document = json::parse_document(listed_.summary);
  if (!document) return describe_failed(malformed(plan_.shape->list_operation, "its summary"));
  document_ = std::move(*document);
  whole();
}

void Visit::ask(std::string_view operation, std::string input,
                std::function<void(Visit&, aws::Answer)> then) {
  around_.progress.calls.fetch_add(1, std::memory_order_relaxed);
  aws::Call call{"sagemaker", std::string(operation), region_, scope_.account};
  call.input = std::move(input);
  call.credentials = scope_.credentials;
  around_.transport.start(std::move(call),
                          [self = shared_from_this(), then = std::move(then)](aws::Answer answer) {
                            then(*self, std::move(answer));
                          });
}

aws::CallError Visit::malformed(std::string_view operation, std::string message) const {
  aws::CallError error;
  error.kind = aws::CallError::Kind::Malformed;
  error.service = "sagemaker";
  error.operation = operation;
  error.region = region_;
  error.account = scope_.account;
  error.message = std::move(message);
  return error;
}

bool Visit::ends_here(const aws::CallError& error) {
  if (reach_of(error, false) != Reach::Call) {
    done_(Outcome::Fatal, error);
    return true;
  }
  if (!is_gone(error)) return false;
  pass_over("deleted meanwhile");
  return true;
}

void Visit::pass_over(std::string_view why) {
  around_.sink.passed_over(why, plan_.shape->cloudformation);
  end(Outcome::Gone);
}

// ---- Describe ----

void Visit::describe() {
  std::string input;
  json::Writer writer(input);
  writer.begin_object().member(plan_.operations->describe_parameter, listed_.name);
  if (!describe_pages_.next().empty()) writer.member("NextToken", describe_pages_.next());
  writer.end_object();
  ask(plan_.shape->describe_operation, std::move(input),
      [](Visit& self, aws::Answer answer) { self.described(std::move(answer)); });
}

void Visit::described(aws::Answer answer) {
  if (!answer) return describe_failed(answer.error());
  const std::string_view operation = plan_.shape->describe_operation;
  const json::Value root = answer->root;
  // An answer that is about nothing says of no setting that it is not set.
  if (!parse_arn(root[plan_.shape->arn_member].string_or("")) ||
      root[plan_.operations->describe_parameter].string_or("") != listed_.name)
    return describe_failed(malformed(operation, "the answer is not about it"));
  if (const std::string twice = json::duplicate_key(root); !twice.empty())
    return describe_failed(
        malformed(operation, fmt::format("the answer gives {} twice", printable(twice))));

  const std::string_view paged = plan_.operations->paged_member;
  PageTokens::Next next = PageTokens::Next::Last;
  if (!paged.empty()) {
    next = describe_pages_.take(root["NextToken"]);
    append_elements(paged_, root[paged]);
  }
  document_ = std::move(*answer);
  switch (next) {
    case PageTokens::Next::More:
      return describe();
    case PageTokens::Next::Repeated:
    case PageTokens::Next::Malformed:
      return describe_failed(malformed(operation, "its pages do not come to an end"));
    case PageTokens::Next::Last:
      break;
  }
  captured_at_ = iso_time(around_.now());
  if (!paged.empty() && !join_pages())
    return describe_failed(malformed(operation, "its pages cannot be put together"));
  whole();
}

// The last page with the elements of all of them.
bool Visit::join_pages() {
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  for (const auto& [key, value] : document_.root.members()) {
    if (key == "NextToken") continue;
    writer.key(key);
    if (key == plan_.operations->paged_member) {
      writer.raw("[" + paged_ + "]");
    } else {
      writer.value(value);
    }
  }
  writer.end_object();
  Result<json::Document> joined = json::parse_document(text);
  if (!joined) return false;
  document_ = std::move(*joined);
  return true;
}

void Visit::describe_failed(const aws::CallError& error) {
  if (ends_here(error)) return;
  around_.sink.gap(call_gap(error, plan_.shape->cloudformation,
                            fmt::format("{} could not be read", printable(listed_.name))));
  unread_ = error;
  if (plan_.tags) return list_tags();
  hand_over();
}

void Visit::whole() {
  if (is_being_deleted(document_.root)) return pass_over("being deleted");
  if (plan_.tags) return list_tags();
  hand_over();
}

std::string Visit::arn() const {
  const std::string_view described = document_.root[plan_.shape->arn_member].string_or("");
  if (!unread_ && !described.empty()) return std::string(described);
  if (!listed_.arn.empty()) return listed_.arn;
  const ResourceType* const type = find_resource_type(plan_.shape->cloudformation);
  return fmt::format("arn:{}:sagemaker:{}:{}:{}/{}", scope_.partition, region_, scope_.account,
                     type == nullptr ? std::string_view() : type->arn_part, listed_.name);
}

// ---- ListTags ----

void Visit::list_tags() {
  std::string input;
  json::Writer writer(input);
  // Fewer than 50 are refused.
  writer.begin_object().member("ResourceArn", arn()).key("MaxResults").integer(100);
  if (!tag_pages_.next().empty()) writer.member("NextToken", tag_pages_.next());
  writer.end_object();
  ask(kListTags, std::move(input),
      [](Visit& self, const aws::Answer& answer) { self.tags_listed(answer); });
}

void Visit::tags_listed(const aws::Answer& answer) {
  if (!answer) return tags_failed(answer.error());
  if (!answer->root["Tags"].is_array())
    return tags_failed(malformed(kListTags, "the answer holds no list of tags"));
  append_elements(tag_elements_, answer->root["Tags"]);
  switch (tag_pages_.take(answer->root["NextToken"])) {
    case PageTokens::Next::More:
      return list_tags();
    case PageTokens::Next::Repeated:
    case PageTokens::Next::Malformed:
      return tags_failed(malformed(kListTags, "its pages do not come to an end"));
    case PageTokens::Next::Last:
      break;
  }
  const Result<json::Document> all = json::parse_document("[" + tag_elements_ + "]");
  std::optional<std::string> object;
  if (all) object = tags_object(all->root);
  if (!object)
    return tags_failed(malformed(kListTags, "the answer holds no list of Key and Value"));
  tags_.object = std::move(*object);
  hand_over();
}

void Visit::tags_failed(const aws::CallError& error) {
  if (ends_here(error)) return;
  around_.sink.gap(
      call_gap(error, plan_.shape->cloudformation,
               fmt::format("the tags of {} could not be read", printable(listed_.name))));
  tags_.why_unknown = "its tags could not be read: " + reason_of(error);
  tags_.cause = cause_of(error);
  hand_over();
}

// ---- the end ----

void Visit::hand_over() {
  const Location nowhere;  // there is no file
  if (!plan_.tags) tags_.why_unknown = "no selected control asks for the tags of this type";
  if (unread_) {
    hand_over_unread(nowhere);
    return end(Outcome::NotRead);
  }
  const std::string arn_text = arn();
  const Result<Arn> parsed = parse_arn(arn_text);
  Result<Resource> resource =
      parsed ? around_.described.make(document_.root, *plan_.shape, *parsed, arn_text, tags_)
             : Result<Resource>(tl::make_unexpected(parsed.error()));
  if (!resource) {
    const aws::CallError error =
        malformed(plan_.shape->describe_operation, resource.error().message);
    around_.sink.gap(call_gap(error, plan_.shape->cloudformation,
                              fmt::format("{} could not be read", printable(listed_.name))));
    return end(Outcome::NotRead);
  }
  if (resource->name.empty()) resource->name = listed_.name;  // of a summary
  resource->location = &nowhere;
  resource->captured_at = captured_at_;
  around_.progress.items.fetch_add(1, std::memory_order_relaxed);
  around_.sink.resource(*resource);
  const bool all = !plan_.tags || tags_.why_unknown.empty();
  end(all ? Outcome::Read : Outcome::NotRead);
}

// Known to exist, and no more: what a control asks of it is not available.
void Visit::hand_over_unread(const Location& nowhere) {
  const std::string arn_text = arn();
  const Result<Arn> parsed = parse_arn(arn_text);
  const Result<json::Document> document =
      json::parse_document(fmt::format(R"({{"properties":{{}},"tags":{}}})", tags_.object));
  if (!parsed || !document) return;  // the gap is there
  const std::string reason = "it could not be read: " + reason_of(*unread_);
  UnknownNode unknown;
  UnknownNode unknown_tags;
  mark_unknown(unknown, "", Known::Nothing, cause_of(*unread_), reason);
  Resource resource;
  resource.type = plan_.shape->cloudformation;
  resource.arn = arn_text;
  resource.name = listed_.name;
  resource.account = parsed->account_id;
  resource.region = parsed->region;
  resource.partition = parsed->partition;
  resource.properties = document->root["properties"];
  resource.tags = document->root["tags"];
  resource.unknown_properties = &unknown;
  if (!tags_.why_unknown.empty()) {
    mark_unknown(unknown_tags, "", Known::Nothing, tags_.cause, tags_.why_unknown);
    resource.unknown_tags = &unknown_tags;
  }
  resource.location = &nowhere;
  const std::string captured_at = iso_time(around_.now());
  resource.captured_at = captured_at;
  around_.progress.items.fetch_add(1, std::memory_order_relaxed);
  around_.sink.resource(resource);
}

}  // namespace sagewarden::live
