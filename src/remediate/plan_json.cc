// The plan's file: docs/formats/plan.md.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "aws/service.h"
#include "base/json_writer.h"
#include "base/sha256.h"
#include "base/text.h"
#include "remediate/images.h"
#include "remediate/path.h"
#include "remediate/plan.h"
#include "remediate/reader.h"

namespace sagewarden::remediate {
namespace {

constexpr std::string_view kPlanFormat = "sagewarden-plan/1";
constexpr size_t kIdDigits = 16;
constexpr std::array kEffects = {Effect::Changes, Effect::Creates, Effect::Deletes};
constexpr std::array kFindings = {Found::Ok, Found::Wrong, Found::Uncertain, Found::Unread};
constexpr std::array kWays = {Way::InPlace, Way::Replace, Way::ByHand};

// ---- writing ----

void write_texts(json::Writer& out, std::string_view name, const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  out.key(name).begin_array();
  for (const std::string& text : texts) out.string(text);
  out.end_array();
}

// Optional members are left out where they say nothing.
void write_text(json::Writer& out, std::string_view name, std::string_view text) {
  if (!text.empty()) out.member(name, text);
}

// Parsed first, so that it is indented as the rest.
void write_json(json::Writer& out, std::string_view name, const std::string& text) {
  const Result<json::Document> document = json::parse_document(text);
  out.key(name);
  if (document)
    out.value(document->root);
  else
    out.null();
}

void write_call(json::Writer& out, std::string_view name, const PlannedCall& call) {
  out.key(name).begin_object();
  out.member("service", call.service).member("operation", call.operation);
  write_json(out, "input", call.input);
  out.end_object();
}

void write_expectations(json::Writer& out, std::string_view name,
                        const std::vector<Expectation>& expectations) {
  if (expectations.empty()) return;
  out.key(name).begin_array();
  for (const Expectation& expected : expectations) {
    out.begin_object().member("path", expected.path);
    out.key("values").begin_array();
    for (const std::string& value : expected.values) out.raw(value);
    out.end_array().end_object();
  }
  out.end_array();
}

void write_check(json::Writer& out, const Check& check) {
  out.key("check").begin_object();
  write_call(out, "read", check.read);
  write_expectations(out, "reached", check.reached);
  write_expectations(out, "moving", check.moving);
  write_expectations(out, "broken", check.broken);
  if (check.gone) out.key("gone").boolean(true);
  out.key("every_seconds").integer(check.every.count());
  out.key("most_seconds").integer(check.most.count());
  out.end_object();
}

void write_steps(json::Writer& out, std::string_view name, const std::vector<Step>& steps) {
  if (steps.empty()) return;
  out.key(name).begin_array();
  for (const Step& step : steps) {
    out.begin_object();
    out.member("id", step.id).member("title", step.title);
    out.member("effect", name_of(step.effect));
    if (step.own) out.key("own").boolean(true);
    if (!only_waits(step)) write_call(out, "call", step.call);
    write_check(out, step.check);
    write_texts(out, "also_needs", step.also_needs);
    write_expectations(out, "from", step.from);
    write_steps(out, "undo", step.undo);
    write_text(out, "no_undo", step.no_undo);
    out.end_object();
  }
  out.end_array();
}

void write_subject(json::Writer& out, const Action& action) {
  out.key("resources").begin_array();
  for (const Target& target : action.resources) {
    out.begin_object().member("type", target.type).member("arn", target.arn);
    out.member("name", target.name).member("account", target.account);
    out.member("region", target.region).member("partition", target.partition).end_object();
  }
  out.end_array().key("findings").begin_array();
  for (const Repaired& repaired : action.findings) {
    out.begin_object().member("finding", repaired.finding).member("control", repaired.control);
    out.member("arn", repaired.arn).member("passes_at", repaired.passes_at).end_object();
  }
  out.end_array();
}

void write_preflight(json::Writer& out, const std::vector<Preflight>& preflight) {
  if (preflight.empty()) return;
  out.key("preflight").begin_array();
  for (const Preflight& one : preflight) {
    out.begin_object().member("check", one.check).member("result", name_of(one.result));
    write_text(out, "detail", one.detail);
    write_text(out, "fix", one.fix);
    out.end_object();
  }
  out.end_array();
}

void write_action(json::Writer& out, const Action& action) {
  out.begin_object().member("id", action.id).member("way", name_of(action.way));
  write_subject(out, action);
  write_text(out, "summary", action.summary);
  write_text(out, "downtime", action.downtime);
  write_text(out, "cost", action.cost);
  write_texts(out, "risks", action.risks);
  write_texts(out, "advice", action.advice);
  write_preflight(out, action.preflight);
  out.key("seen").begin_array();
  for (const Observation& seen : action.seen) {
    out.begin_object();
    write_call(out, "read", seen.read);
    write_json(out, "output", seen.output);
    write_texts(out, "ignore", seen.ignore);
    out.end_object();
  }
  out.end_array();
  write_steps(out, "steps", action.steps);
  write_steps(out, "cleanup", action.cleanup);
  out.end_object();
}

std::string plan_text(const Plan& plan, std::string_view id, json::Writer::Style style) {
  std::string text;
  json::Writer out(text, style);
  out.begin_object().member("format", kPlanFormat);
  if (!id.empty()) out.member("id", id);
  out.member("version", plan.version).member("made", plan.made).member("identity", plan.identity);
  write_texts(out, "parameters", plan.parameters);
  out.key("actions").begin_array();
  for (const Action& action : plan.actions) write_action(out, action);
  out.end_array().end_object();
  return text;
}

// Of everything but the id itself.
std::string id_of(json::Value root) {
  std::vector<json::Member> members;
  for (const json::Member member : root.members())
    if (member.key != "id") members.push_back(member);
  std::ranges::stable_sort(members, {}, &json::Member::key);
  std::string text;
  json::Writer out(text);
  out.begin_object();
  for (const auto& [name, value] : members) out.key(name).raw(canonical(value));
  out.end_object();
  Sha256 hash;
  hash.update(text);
  return hash.hex().substr(0, kIdDigits);
}

// ---- reading ----

// Reads members, and remembers where the first one is not what it should be.
class PlanReader {
 public:
  Result<Plan> plan(json::Value root);

 private:
  std::string text(json::Value object, std::string_view name, bool required = true);
  std::vector<std::string> texts(json::Value object, std::string_view name);
  std::string object_text(json::Value object, std::string_view name);
  bool flag(json::Value object, std::string_view name);
  std::chrono::seconds seconds(json::Value object, std::string_view name);
  PlannedCall call(json::Value object, std::string_view name);
  std::vector<Expectation> expectations(json::Value object, std::string_view name);
  Check check(json::Value object);
  std::vector<Step> steps(json::Value object, std::string_view name, size_t depth = 0);
  Step step(json::Value object, size_t depth);
  void subject(json::Value object, Action& action);
  std::vector<Preflight> preflight(json::Value object);
  Action action(json::Value object);
  json::Elements array(json::Value object, std::string_view name, bool required);
  void wrong(std::string_view name, std::string_view wanted);

  std::string where_;  // the action or step that is being read
  std::string wrong_;
};

void PlanReader::wrong(std::string_view name, std::string_view wanted) {
  if (wrong_.empty()) wrong_ = fmt::format("{}{} is not {}", where_, name, wanted);
}

std::string PlanReader::text(json::Value object, std::string_view name, bool required) {
  const json::Value value = object[name];
  if (value.is_string()) return std::string(value.string());
  if (required || value.exists()) wrong(name, "a text");
  return {};
}

json::Elements PlanReader::array(json::Value object, std::string_view name, bool required) {
  const json::Value value = object[name];
  if (!value.is_array() && (required || value.exists())) wrong(name, "a list");
  return value.elements();
}

std::vector<std::string> PlanReader::texts(json::Value object, std::string_view name) {
  std::vector<std::string> out;
  for (const json::Value element : array(object, name, false)) {
    if (!element.is_string()) wrong(name, "a list of texts");
    out.emplace_back(element.string_or(""));
  }
  return out;
}

std::string PlanReader::object_text(json::Value object, std::string_view name) {
  const json::Value value = object[name];
  if (!value.is_object()) wrong(name, "an object");
  std::string text;
  json::Writer(text).value(value);
  return text;
}

bool PlanReader::flag(json::Value object, std::string_view name) {
  const json::Value value = object[name];
  if (value.exists() && !value.is_bool()) wrong(name, "true or false");
  return value.is_bool() && value.boolean();
}

std::chrono::seconds PlanReader::seconds(json::Value object, std::string_view name) {
  constexpr int64_t kDay = 86'400;
  const json::Value value = object[name];
  if (value.kind() == json::Kind::Int && value.integer() >= 0 && value.integer() <= kDay)
    return std::chrono::seconds(value.integer());
  wrong(name, "a number of seconds, at most a day");
  return {};
}

PlannedCall PlanReader::call(json::Value object, std::string_view name) {
  const json::Value value = object[name];
  if (!value.is_object()) {
    wrong(name, "an object");
    return {};
  }
  PlannedCall out{text(value, "service"), text(value, "operation"), object_text(value, "input")};
  const bool is_word = !out.operation.empty() && std::ranges::all_of(out.operation, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  if ((aws::find_service(out.service) == nullptr && !is_skopeo_call(out)) || !is_word)
    wrong(name, "a call to AWS");
  if (name == "read" && !only_reads(out.operation)) wrong(name, "a call that only reads");
  return out;
}

std::vector<Expectation> PlanReader::expectations(json::Value object, std::string_view name) {
  std::vector<Expectation> out;
  for (const json::Value element : array(object, name, false)) {
    Expectation expected{text(element, "path"), {}};
    for (const json::Value value : array(element, "values", true))
      json::Writer(expected.values.emplace_back()).value(value);
    out.push_back(std::move(expected));
  }
  return out;
}

Check PlanReader::check(json::Value object) {
  const json::Value value = object["check"];
  Check out;
  out.read = call(value, "read");
  out.reached = expectations(value, "reached");
  out.moving = expectations(value, "moving");
  out.broken = expectations(value, "broken");
  out.gone = flag(value, "gone");
  out.every = seconds(value, "every_seconds");
  out.most = seconds(value, "most_seconds");
  if (!out.gone && out.reached.empty()) wrong("check", "with `gone` or `reached`");
  return out;
}

Step PlanReader::step(json::Value object, size_t depth) {
  Step out;
  out.id = text(object, "id");
  where_ = fmt::format("step {}: ", printable(out.id));
  out.title = text(object, "title");
  const std::string effect = text(object, "effect");
  const auto* const found =
      std::ranges::find(kEffects, effect, [](Effect e) { return name_of(e); });
  if (found == kEffects.end())
    wrong("effect", "changes, creates or deletes");
  else
    out.effect = *found;
  out.own = flag(object, "own");
  if (object["call"].exists()) out.call = call(object, "call");
  // Tags are settings; whatever else is deleted must be said to be.
  const bool deletes =
      out.call.operation.starts_with("Delete") && out.call.operation != "DeleteTags";
  if (deletes != (out.effect == Effect::Deletes)) wrong("effect", "that of its call");
  out.check = check(object);
  out.also_needs = texts(object, "also_needs");
  out.from = expectations(object, "from");
  out.undo = steps(object, "undo", depth + 1);
  out.no_undo = text(object, "no_undo", false);
  return out;
}

std::vector<Step> PlanReader::steps(json::Value object, std::string_view name, size_t depth) {
  std::vector<Step> out;
  // What takes a step back is not taken back itself.
  if (depth > 1 && object[name].exists()) wrong(name, "allowed in a step that takes another back");
  if (depth > 1) return out;
  for (const json::Value element : array(object, name, false)) out.push_back(step(element, depth));
  return out;
}

void PlanReader::subject(json::Value object, Action& action) {
  for (const json::Value element : array(object, "resources", true))
    action.resources.push_back({text(element, "type"), text(element, "arn"), text(element, "name"),
                                text(element, "account"), text(element, "region"),
                                text(element, "partition")});
  if (action.resources.empty()) wrong("resources", "a list of one or more");
  constexpr std::string_view kOfAccounts = "0123456789";
  constexpr std::string_view kOfRegions = "abcdefghijklmnopqrstuvwxyz0123456789-";
  for (const Target& target : action.resources) {
    if (target.account.size() != 12 ||
        target.account.find_first_not_of(kOfAccounts) != std::string::npos)
      wrong("account", "12 digits");
    if (target.region.empty() || target.region.find_first_not_of(kOfRegions) != std::string::npos)
      wrong("region", "a Region's code");
    if (target.account != action.resources.front().account ||
        target.region != action.resources.front().region)
      wrong("resources", "of one account and Region");
  }
  for (const json::Value element : array(object, "findings", true))
    action.findings.push_back({text(element, "finding"), text(element, "control"),
                               text(element, "arn"), text(element, "passes_at")});
}

std::vector<Preflight> PlanReader::preflight(json::Value object) {
  std::vector<Preflight> out;
  for (const json::Value element : array(object, "preflight", false)) {
    Preflight one{text(element, "check"), Found::Unread, text(element, "detail", false),
                  text(element, "fix", false)};
    const std::string result = text(element, "result");
    const auto* const found =
        std::ranges::find(kFindings, result, [](Found f) { return name_of(f); });
    if (found == kFindings.end())
      wrong("result", "ok, wrong, uncertain or unread");
    else
      one.result = *found;
    out.push_back(std::move(one));
  }
  return out;
}

Action PlanReader::action(json::Value object) {
  Action out;
  out.id = text(object, "id");
  const std::string where = fmt::format("action {}: ", printable(out.id));
  where_ = where;
  const std::string way = text(object, "way");
  const auto* const found = std::ranges::find(kWays, way, [](Way w) { return name_of(w); });
  if (found == kWays.end())
    wrong("way", "in-place, replace or by-hand");
  else
    out.way = *found;
  subject(object, out);
  out.summary = text(object, "summary", false);
  out.downtime = text(object, "downtime", false);
  out.cost = text(object, "cost", false);
  out.risks = texts(object, "risks");
  out.advice = texts(object, "advice");
  out.preflight = preflight(object);
  for (const json::Value element : array(object, "seen", true)) {
    Observation seen;
    seen.read = call(element, "read");
    seen.output = object_text(element, "output");
    seen.ignore = texts(element, "ignore");
    out.seen.push_back(std::move(seen));
  }
  out.steps = steps(object, "steps");
  out.cleanup = steps(object, "cleanup");
  where_ = where;
  if ((out.way == Way::ByHand) != out.steps.empty()) wrong("steps", "as its way wants them");
  return out;
}

Result<Plan> PlanReader::plan(json::Value root) {
  Plan out;
  out.version = text(root, "version");
  out.made = text(root, "made");
  out.identity = text(root, "identity");
  out.parameters = texts(root, "parameters");
  for (const json::Value element : array(root, "actions", true)) {
    out.actions.push_back(action(element));
    where_.clear();
  }
  if (!wrong_.empty()) return fail(Error::Code::Invalid, wrong_);
  return out;
}

}  // namespace

std::string plan_id(const Plan& plan) {
  const Result<json::Document> document =
      json::parse_document(plan_text(plan, "", json::Writer::Style::Compact));
  return id_of(document ? document->root : json::Value());
}

std::string write_plan(const Plan& plan) {
  return plan_text(plan, plan_id(plan), json::Writer::Style::Indented) + "\n";
}

Result<Plan> read_plan(std::string_view file, json::Value root) {
  const auto refuse = [&](std::string_view why) {
    return fail(Error::Code::Invalid, fmt::format("{}: {}", printable(file), why));
  };
  const std::string_view format = root["format"].string_or("");
  if (!format.starts_with("sagewarden-plan/"))
    return refuse("this is no plan; `sagewarden plan -o FILE` makes one");
  if (format != kPlanFormat)
    return refuse(
        fmt::format("the plan's format {} is of another version of this program, which "
                    "reads {}",
                    printable(format), kPlanFormat));
  if (root["id"].string_or("") != id_of(root))
    return refuse("the plan was changed after it was made; make a new one");
  Result<Plan> plan = PlanReader().plan(root);
  if (!plan) return refuse(plan.error().message);
  return plan;
}

Result<Plan> read_plan(std::string_view file, std::string_view text) {
  const Result<json::Document> document = json::parse_document(text);
  if (!document)
    return fail(Error::Code::Invalid,
                fmt::format("{}: this is no plan as 'sagewarden plan -o FILE' makes it: {}",
                            printable(file), document.error().message));
  return read_plan(file, document->root);
}

}  // namespace sagewarden::remediate
