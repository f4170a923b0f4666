// A plan: what would be changed in AWS to repair what failed, call by call, and how each change is
// recognised, waited for and taken back. Data only: it can be read, reviewed, hashed and kept. The
// file's format is docs/formats/plan.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace sagewarden::remediate {

// A call to AWS with all that it is given. Account, Region and credentials are those of its action.
struct PlannedCall {
  std::string service = "sagemaker";  // a name in aws/service.h
  std::string operation;
  std::string input = "{}";  // a JSON object, named as in the API's reference

  friend bool operator==(const PlannedCall&, const PlannedCall&) = default;
};

// A value in an answer, and what it should be.
struct Expectation {
  std::string path;  // as in path.h: "NotebookInstanceStatus", "Tags[Key=Owner].Value"
  std::vector<std::string> values = {};  // JSON; any of them will do. Empty: there is no such value

  friend bool operator==(const Expectation&, const Expectation&) = default;
};
Expectation equals(std::string path, std::string_view text);
Expectation equals_json(std::string path, std::string json);
Expectation any_of(std::string path, std::initializer_list<std::string_view> texts);
Expectation missing(std::string path);
bool holds(const Expectation& expected, json::Value root);

// How it is seen that a step's state is reached. A step is a state to get to, and its call the way:
// so whoever goes on after a crash looks first, and asks only for what is not there yet.
struct Check {
  PlannedCall read = {};                  // a Describe or List call
  std::vector<Expectation> reached = {};  // all of them
  std::vector<Expectation> moving = {};   // any of them: AWS is on the way to some state
  std::vector<Expectation> broken = {};   // any of them: it will not get there by itself
  bool gone = false;                      // also reached when AWS says that it is not found
  std::chrono::seconds every{5};          // between two looks
  std::chrono::seconds most{300};         // that may pass until it is reached

  friend bool operator==(const Check&, const Check&) = default;
};

// What a step does to what was there before.
enum class Effect : uint8_t {
  Changes,  // settings or a status
  Creates,  // something that was not there, under a planned name
  Deletes,  // something of before the plan, or something that the plan created: see `own`
};
std::string_view name_of(Effect effect);

struct Step {
  std::string id;     // "2.3": the third step of action 2
  std::string title;  // for people: "Stop the notebook instance"
  Effect effect = Effect::Changes;
  bool own = false;  // Deletes: what is deleted was created by a plan, and nobody's before
  // Without an operation nothing is asked for: what an earlier step began is waited for.
  PlannedCall call = {};
  Check check = {};
  // What the call needs to be allowed beside itself: "iam:PassRole".
  std::vector<std::string> also_needs = {};
  // What the check's read must show for the call to be made, where the state is not reached yet:
  // all of them. Otherwise somebody else has changed the resource, and the step is refused.
  std::vector<Expectation> from = {};
  // What takes it back: steps in the order in which they are done. `no_undo` says why nothing does,
  // or what they do not bring back.
  std::vector<Step> undo = {};
  std::string no_undo = {};

  friend bool operator==(const Step&, const Step&) = default;
};

bool only_waits(const Step& step);
// Whether the second step deletes, as the plan's own, what the first one creates: it is there for a
// while only.
bool takes_away(const Step& creation, const Step& deletion);

// What was seen when the plan was made. Before the action begins it is read again; when something
// differs, the plan is not for this state and the action is refused.
struct Observation {
  PlannedCall read;
  std::string output;  // JSON, as AWS answered; for the journal, it is also the undo
  std::vector<std::string> ignore = {};  // paths that may differ: times, counters

  friend bool operator==(const Observation&, const Observation&) = default;
};

struct Target {
  std::string type;  // CloudFormation's name
  std::string arn;
  std::string name;
  std::string account;
  std::string region;
  std::string partition;

  friend bool operator==(const Target&, const Target&) = default;
};

// A failed finding that the action is to end.
struct Repaired {
  std::string finding;  // its id
  std::string control;
  std::string arn;  // of the resource that it is about
  // Where the control is to pass afterwards: the resource's own ARN, or that of its replacement.
  std::string passes_at;

  friend bool operator==(const Repaired&, const Repaired&) = default;
};

// What was looked into beforehand: something that the steps rest on and do not change.
enum class Found : uint8_t {
  Ok,
  Wrong,      // what is planned would fail
  Uncertain,  // it may fail
  Unread,     // AWS does not let us see it
};
std::string_view name_of(Found found);  // "ok", "wrong", "uncertain", "unread"

struct Preflight {
  std::string check;  // "security groups"
  Found result = Found::Unread;
  std::string detail = {};  // what is seen
  std::string fix = {};     // what to do; empty when it is ok

  friend bool operator==(const Preflight&, const Preflight&) = default;
};

enum class Way : uint8_t {
  InPlace,  // the resource itself is changed
  Replace,  // a new one takes its place and everything that used it is pointed there
  ByHand,   // nothing is done: the reason and what a person can do are said
};
std::string_view name_of(Way way);  // "in-place", "replace", "by-hand"

// What belongs together: one resource, or several that hang on each other, for all their findings.
// Actions do not depend on each other.
struct Action {
  std::string id;  // "1", "2", …
  Way way = Way::ByHand;
  std::vector<Target> resources;  // all of one account and Region; the first names the action
  std::vector<Repaired> findings = {};
  std::string summary = {};             // one sentence
  std::string downtime = {};            // "none", "about 5 minutes: …"
  std::string cost = {};                // "none", "both fleets run for …"
  std::vector<std::string> risks = {};  // sentences
  std::vector<std::string> advice =
      {};  // ByHand: why, and what can be done instead; else what to do beside
  std::vector<Preflight> preflight = {};
  std::vector<Observation> seen = {};
  std::vector<Step> steps = {};
  // Deletes what was replaced. Done only when the user asks for it: until then it is what an undo
  // goes back to.
  std::vector<Step> cleanup = {};

  friend bool operator==(const Action&, const Action&) = default;
};

struct Plan {
  std::string version;   // of the program that made it
  std::string made;      // ISO 8601
  std::string identity;  // the ARN of who made it
  // Parameters of controls that were set ("SageMaker.9.min_instance_count=1"): what was judged by
  // them is judged by them again.
  std::vector<std::string> parameters = {};
  std::vector<Action> actions = {};

  friend bool operator==(const Plan&, const Plan&) = default;
};

// The plan as JSON, indented, ending in a line end; its `id` is a hash of all the rest.
std::string write_plan(const Plan& plan);
std::string plan_id(const Plan& plan);  // 16 hexadecimal digits
// Errors: it is no plan, is one of a later format, or was changed after it was made; they name the
// file.
Result<Plan> read_plan(std::string_view file, std::string_view text);
// The same for a plan that stands in another document.
Result<Plan> read_plan(std::string_view file, json::Value root);

}  // namespace sagewarden::remediate
