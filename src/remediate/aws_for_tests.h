// An AWS for tests: notebook instances with their lifecycle configurations, models, endpoint
// configurations and endpoints that move through their states look by look, with faults; what the
// jobs on notebook instances leave in S3; and the plans that repair what is in it. The
// behaviour is that of the API's reference and of the errors that AWS gives:
// docs/formats/journal.md and the issue's facts name none that is not here.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/json_writer.h"
#include "remediate/execute.h"
#include "remediate/planner.h"

namespace sagewarden::remediate::fake {

using Kind = aws::CallError::Kind;
using Fields = std::map<std::string, std::string>;  // a member's name and its JSON

inline std::string text_json(std::string_view text) {
  std::string out;
  json::append_quoted(out, text);
  return out;
}

inline std::string object(const Fields& fields) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  for (const auto& [name, value] : fields) out.key(name).raw(value);
  out.end_object();
  return text;
}

inline aws::CallError error(Kind kind, std::string code, std::string message) {
  aws::CallError made;
  made.kind = kind;
  made.code = std::move(code);
  made.message = std::move(message);
  made.service = "sagemaker";
  return made;
}

// A fault of one call.
struct Fault {
  bool done = false;  // what was asked for is done although it fails
  aws::CallError error = {};
};

// What is there. A value: it can be kept and gone back to.
struct State {
  struct Stage {
    int looks = 0;  // until it is so
    Fields fields;
  };
  struct Thing {
    std::optional<Fields> now = {};
    std::deque<Stage> coming = {};
    // For so many looks what was before is shown.
    int lag = 0;
    std::optional<Fields> before = {};
  };
  std::map<std::string, Thing> things = {};  // "Model/name"
  std::vector<std::string> changes = {};     // that were made: "CreateModel name"

  // How it is in the end, when nobody asks for more.
  std::map<std::string, std::string> settled() const {
    std::map<std::string, std::string> out;
    for (const auto& [key, thing] : things)
      if (thing.now)
        out[key] = object(thing.coming.empty() ? *thing.now : thing.coming.back().fields);
    return out;
  }
};

class Aws {
 public:
  State state;
  int looks = 2;                // that a change takes
  int lag = 0;                  // looks for which a change is not seen
  std::string rolls_back = {};  // a configuration's name
  bool failing_jobs = false;    // on notebook instances
  std::function<std::optional<Fault>(const aws::Call& call)> fault = {};  // asked for each call
  std::function<void()> watch = {};      // before and after each call, while nobody else is served
  std::vector<std::string> writes = {};  // calls that were not reads, refused ones too

  aws::Answer call(const aws::Call& asked) {
    const std::lock_guard lock(mutex_);
    if (watch) watch();
    std::optional<Fault> failing = fault ? fault(asked) : std::nullopt;
    aws::Answer answer = failing && !failing->done ? tl::make_unexpected(failing->error)
                                                   : serve(asked.operation, asked.input);
    if (watch) watch();
    if (failing) return tl::make_unexpected(failing->error);
    return answer;
  }

  void put(const std::string& type, const std::string& name, Fields fields) {
    fields[type + "Name"] = text_json(name);
    state.things[type + "/" + name].now = std::move(fields);
  }
  // A member as text.
  std::string get(const std::string& key, const std::string& member) const {
    const auto settled = state.settled();
    const auto found = settled.find(key);
    if (found == settled.end()) return "";
    const json::Document document = *json::parse_document(found->second);
    return std::string(document.root[member].string_or(""));
  }

 private:
  static tl::unexpected<aws::CallError> invalid(std::string message) {
    return tl::make_unexpected(error(Kind::Invalid, "ValidationException", std::move(message)));
  }
  static aws::Answer answer_of(const Fields& fields) {
    return *json::parse_document(object(fields));
  }

  aws::Answer serve(const std::string& operation, const std::string& input) {
    const json::Document document = *json::parse_document(input);
    Fields given;
    for (const auto& [name, value] : document.root.members())
      json::Writer(given[std::string(name)]).value(value);
    if (operation.starts_with("List")) return list(operation.substr(4));
    if (operation == "GetObject") return marker(std::string(document.root["Key"].string()));
    static const std::vector<std::string> kTypes = {"NotebookInstance", "Model", "EndpointConfig",
                                                    "Endpoint", "NotebookInstanceLifecycleConfig"};
    for (const std::string& type : kTypes) {
      if (!operation.ends_with(type)) continue;
      const std::string name(document.root[type + "Name"].string_or(""));
      State::Thing& thing = state.things[type + "/" + name];
      const std::string verb = operation.substr(0, operation.size() - type.size());
      if (verb == "Describe") return describe(thing);
      writes.push_back(operation + " " + name);
      const std::optional<Fields> before = thing.now;
      aws::Answer answer = change(verb, type, thing, given);
      if (!answer) return answer;
      state.changes.push_back(operation + " " + name);
      thing.lag = lag;
      thing.before = before;
      return answer;
    }
    return invalid("no such operation: " + operation);
  }

  // All in one page; of types that are not kept there are none.
  aws::Answer list(const std::string& plural) {
    const std::string type = plural.substr(0, plural.size() - 1);
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.key(plural == "MonitoringSchedules" ? "MonitoringScheduleSummaries" : plural).begin_array();
    for (const auto& [key, thing] : state.things)
      if (thing.now && key.starts_with(type + "/")) out.raw(object(*thing.now));
    out.end_array().end_object();
    return *json::parse_document(text);
  }

  // What the job of a notebook instance says in S3, once the instance runs with the lifecycle
  // configuration that begins it.
  aws::Answer marker(const std::string& key) {
    const auto metadata = [](const char* says) {
      return Fields{{"Metadata", object({{"state", text_json(says)}})}};
    };
    State::Thing& thing = state.things["Marker/" + key];
    const bool restores = key.ends_with("/restored");
    for (const auto& [name, one] : std::map(state.things)) {
      if (thing.now || !name.starts_with("NotebookInstance/") || !one.now) continue;
      const auto scripts = one.now->find("NotebookInstanceLifecycleConfigName");
      if (scripts == one.now->end() ||
          scripts->second.find(restores ? "-restore-sw" : "-save-sw") == std::string::npos ||
          one.now->at("NotebookInstanceStatus") != text_json("InService"))
        continue;
      thing.now = metadata(failing_jobs ? "failed" : "running");
      if (!failing_jobs) thing.coming = {{looks, metadata("done")}};
    }
    if (!thing.now) return tl::make_unexpected(error(Kind::NotFound, "NoSuchKey", "no such key"));
    return describe(thing);
  }

  static aws::Answer describe(State::Thing& thing) {
    const std::optional<Fields> shown = thing.lag > 0 ? thing.before : thing.now;
    if (thing.lag > 0) {
      --thing.lag;
    } else if (!thing.coming.empty() && --thing.coming.front().looks <= 0) {
      thing.now = thing.coming.front().fields;
      thing.coming.pop_front();
    }
    if (!shown)
      return tl::make_unexpected(error(Kind::NotFound, "ValidationException", "Could not find it"));
    return answer_of(*shown);
  }

  void move(State::Thing& thing, const std::string& status, const std::string& through,
            Fields then) const {
    thing.coming = {{looks, std::move(then)}};
    (*thing.now)[status] = text_json(through);
  }

  aws::Answer change(const std::string& verb, const std::string& type, State::Thing& thing,
                     const Fields& given) {
    if (verb == "Create") {
      if (thing.now) return invalid("Cannot create already existing " + type);
      if (type == "EndpointConfig" && !is_seen("Model/", given.at("ModelName")))
        return invalid("Could not find model");
      if (type == "Endpoint") return create_endpoint(thing, given);
      thing.now = given;
      if (type == "NotebookInstance") {
        const std::string status = "NotebookInstanceStatus";
        take_scripts(*thing.now);
        Fields then = *thing.now;
        then[status] = text_json("InService");
        move(thing, status, "Pending", std::move(then));
      }
      return answer_of({});
    }
    if (!thing.now)
      return tl::make_unexpected(error(Kind::NotFound, "ValidationException", "Could not find it"));
    if (verb == "Delete") {
      if (type == "NotebookInstance" &&
          thing.now->at("NotebookInstanceStatus") != text_json("Stopped"))
        return invalid("Status not in ([Failed, Stopped])");
      if (!thing.coming.empty()) return invalid("Cannot delete in-progress " + type);
      thing.now.reset();
      return answer_of({});
    }
    return type == "Endpoint" ? update_endpoint(thing, given) : change_notebook(verb, thing, given);
  }

  // They have another name in Describe.
  static void take_scripts(Fields& fields) {
    const std::string shown = "NotebookInstanceLifecycleConfigName";
    if (fields.erase("DisassociateLifecycleConfig") > 0) fields.erase(shown);
    if (const auto given = fields.extract("LifecycleConfigName")) fields[shown] = given.mapped();
  }

  aws::Answer change_notebook(const std::string& verb, State::Thing& thing, const Fields& given) {
    const std::string member = "NotebookInstanceStatus";
    const std::string wanted = verb == "Stop" ? "InService" : "Stopped";
    if (thing.now->at(member) != text_json(wanted))
      return invalid("Status (" + thing.now->at(member) + ") not in ([" + wanted + "])");
    Fields then = *thing.now;
    for (const auto& [name, value] : given) then[name] = value;
    take_scripts(then);
    then[member] = text_json(verb == "Start" ? "InService" : "Stopped");
    move(thing, member,
         verb == "Stop"    ? "Stopping"
         : verb == "Start" ? "Pending"
                           : "Updating",
         std::move(then));
    return answer_of({});
  }

  aws::Answer create_endpoint(State::Thing& thing, const Fields& given) {
    const std::string& config = given.at("EndpointConfigName");
    if (!is_seen("EndpointConfig/", config))
      return invalid("Could not find endpoint configuration");
    Fields then = given;
    const bool fails = config == text_json(rolls_back);
    then["EndpointStatus"] = text_json(fails ? "Failed" : "InService");
    if (fails) then["FailureReason"] = text_json("the image cannot be pulled");
    thing.now = given;
    move(thing, "EndpointStatus", "Creating", std::move(then));
    return answer_of({});
  }

  aws::Answer update_endpoint(State::Thing& thing, const Fields& given) {
    if (thing.now->at("EndpointStatus") != text_json("InService"))
      return invalid("Cannot update in-progress endpoint");
    const std::string& config = given.at("EndpointConfigName");
    if (!is_seen("EndpointConfig/", config))
      return invalid("Could not find endpoint configuration");
    Fields then = *thing.now;
    if (config == text_json(rolls_back))
      then["FailureReason"] = text_json("the health check failed");
    else
      then["EndpointConfigName"] = config;
    move(thing, "EndpointStatus", "Updating", std::move(then));
    return answer_of({});
  }

  // Whether another call finds it, by its quoted name.
  bool is_seen(const std::string& folder, const std::string& name) {
    State::Thing& thing = state.things[folder + name.substr(1, name.size() - 2)];
    if (thing.lag > 0) {
      --thing.lag;
      return thing.before.has_value();
    }
    return thing.now.has_value();
  }

  std::mutex mutex_;
};

// ---- plans ----

inline PlannedCall call_of(std::string operation, const Fields& input) {
  return {.operation = std::move(operation), .input = object(input)};
}

inline Step step_of(std::string title, Effect effect, PlannedCall call, Check check) {
  Step step;
  step.title = std::move(title);
  step.effect = effect;
  step.call = std::move(call);
  step.check = std::move(check);
  return step;
}

inline Target target_of(const std::string& type, const std::string& name) {
  return {"AWS::SageMaker::" + type,
          "arn:aws:sagemaker:eu-west-1:111122223333:" + name,
          name,
          "111122223333",
          "eu-west-1",
          "aws"};
}

inline Step notebook_step(const std::string& verb, const std::string& name, const char* from,
                          std::vector<Expectation> reached, Fields more = {}) {
  const Fields named = {{"NotebookInstanceName", text_json(name)}};
  more.insert(named.begin(), named.end());
  Check check;
  check.read = call_of("DescribeNotebookInstance", named);
  check.reached = std::move(reached);
  check.moving = {any_of("NotebookInstanceStatus", {"Stopping", "Pending", "Updating"})};
  check.broken = {equals("NotebookInstanceStatus", "Failed")};
  Step step = step_of(verb + " the notebook instance", Effect::Changes,
                      call_of(verb + "NotebookInstance", more), check);
  step.from = {equals("NotebookInstanceStatus", from)};
  return step;
}

inline Observation seen_now(Aws& aws, const std::string& type, const std::string& name) {
  const PlannedCall read = call_of("Describe" + type, {{type + "Name", text_json(name)}});
  const aws::Answer answer = aws.call({.service = "sagemaker",
                                       .operation = read.operation,
                                       .region = "eu-west-1",
                                       .input = read.input});
  Observation seen{.read = read, .output = {}};
  json::Writer(seen.output).value(answer->root);
  return seen;
}

// A notebook instance that runs with root access, and the action that turns it off.
inline Action notebook_action(Aws& aws, const std::string& name) {
  const char* const status = "NotebookInstanceStatus";
  aws.put("NotebookInstance", name,
          {{status, text_json("InService")}, {"RootAccess", text_json("Enabled")}});
  const auto stop = [&] {
    return notebook_step("Stop", name, "InService", {equals(status, "Stopped")});
  };
  const auto start = [&] {
    return notebook_step("Start", name, "Stopped", {equals(status, "InService")});
  };
  const auto update = [&](const char* root) {
    return notebook_step("Update", name, "Stopped",
                         {equals("RootAccess", root), equals(status, "Stopped")},
                         {{"RootAccess", text_json(root)}});
  };
  Action action;
  action.way = Way::InPlace;
  action.resources = {target_of("NotebookInstance", name)};
  action.findings = {{"f-" + name, "SageMaker.3", "arn", "arn"}};
  action.summary = "Root access is turned off.";
  action.seen = {seen_now(aws, "NotebookInstance", name)};
  action.steps = {stop(), update("Disabled"), start()};
  action.steps[0].undo = {start()};
  action.steps[1].undo = {update("Enabled")};
  action.steps[2].undo = {stop()};
  return action;
}

// Creates or deletes a thing of that type.
inline Step make(const std::string& type, const std::string& name, Fields fields) {
  Check check;
  check.read = call_of("Describe" + type, {{type + "Name", text_json(name)}});
  check.reached = {equals(type + "Name", name)};
  fields[type + "Name"] = text_json(name);
  return step_of("Create " + type, Effect::Creates, call_of("Create" + type, fields), check);
}

inline Step unmake(const std::string& type, const std::string& name) {
  Check check;
  check.read = call_of("Describe" + type, {{type + "Name", text_json(name)}});
  check.gone = true;
  return step_of("Delete " + type, Effect::Deletes,
                 call_of("Delete" + type, {{type + "Name", text_json(name)}}), check);
}

// An endpoint with its configuration and model, and the action that replaces both.
inline Action endpoint_action(Aws& aws, const std::string& name) {
  const auto model = [&](const char* image) {
    return Fields{{"Image", text_json(image)},
                  {"Environment", R"({"PASSWORD":"hunter2-hunter2"})"}};
  };
  const auto config = [&](const std::string& of) { return Fields{{"ModelName", text_json(of)}}; };
  const std::string old = name + "-old";
  const std::string fresh = name + "-new";
  aws.put("Model", old, model("public"));
  aws.put("EndpointConfig", old, config(old));
  aws.put("Endpoint", name,
          {{"EndpointStatus", text_json("InService")}, {"EndpointConfigName", text_json(old)}});
  const auto point = [&](const std::string& from, const std::string& to) {
    const Fields named = {{"EndpointName", text_json(name)}};
    Check check;
    check.read = call_of("DescribeEndpoint", named);
    check.reached = {equals("EndpointConfigName", to), equals("EndpointStatus", "InService")};
    check.moving = {any_of("EndpointStatus", {"Updating", "RollingBack"})};
    check.broken = {equals("EndpointStatus", "Failed")};
    check.every = std::chrono::seconds(15);
    check.most = std::chrono::seconds(3600);
    Step step = step_of("Point the endpoint", Effect::Changes,
                        call_of("UpdateEndpoint", {{"EndpointName", text_json(name)},
                                                   {"EndpointConfigName", text_json(to)}}),
                        check);
    step.from = {equals("EndpointConfigName", from)};
    return step;
  };
  Action action;
  action.way = Way::Replace;
  action.resources = {target_of("Endpoint", name), target_of("Model", old)};
  action.findings = {{"f-" + name, "SageMaker.16", "arn-old", "arn-new"}};
  action.summary = "The model is replaced.";
  action.seen = {seen_now(aws, "Endpoint", name), seen_now(aws, "Model", old)};
  action.steps = {make("Model", fresh, model("private")),
                  make("EndpointConfig", fresh, config(fresh)), point(old, fresh)};
  action.steps[0].undo = {unmake("Model", fresh)};
  action.steps[1].undo = {unmake("EndpointConfig", fresh)};
  action.steps[2].undo = {point(fresh, old)};
  action.cleanup = {unmake("EndpointConfig", old), unmake("Model", old)};
  action.cleanup[0].undo = {make("EndpointConfig", old, config(old))};
  action.cleanup[1].undo = {make("Model", old, model("public"))};
  return action;
}

// The same with an endpoint in between that is there for a while.
inline Action canary_action(Aws& aws, const std::string& name) {
  Action action = endpoint_action(aws, name);
  const std::string canary = name + "-canary";
  Step start = make("Endpoint", canary, {{"EndpointConfigName", text_json(canary)}});
  start.check.reached.push_back(equals("EndpointStatus", "InService"));
  start.check.moving = {equals("EndpointStatus", "Creating")};
  start.check.broken = {equals("EndpointStatus", "Failed")};
  Step end = unmake("Endpoint", canary);
  end.check.moving = {equals("EndpointStatus", "Creating")};
  end.from = {any_of("EndpointStatus", {"InService", "Failed"})};
  Step config = make("EndpointConfig", canary, {{"ModelName", text_json(name + "-new")}});
  Step config_end = unmake("EndpointConfig", canary);
  end.own = config_end.own = true;
  start.undo = {end};
  config.undo = {config_end};
  action.steps.insert(action.steps.begin() + 2, {config, start, end, config_end});
  return action;
}

inline Execution execution_of(std::vector<Action> actions) {
  Execution execution{.id = "e1",
                      .started = "2026-11-30T08:00:00Z",
                      .identity = "arn:aws:iam::111122223333:user/u",
                      .undoes = {},
                      .cleanup = true,
                      .plan = {.version = "1.2.3",
                               .made = "2026-11-30T07:00:00Z",
                               .identity = "arn:aws:iam::111122223333:user/u",
                               .actions = std::move(actions)},
                      .actions = {},
                      .finished = {}};
  number(execution.plan);
  return execution;
}

// ---- a world ----

// Time is what is slept, and nobody waits.
class World {
 public:
  explicit World(aws::CallAws call) : call_(std::move(call)) {}
  explicit World(Aws& aws) : World([&aws](const aws::Call& call) { return aws.call(call); }) {}

  ExecuteWorld world() {
    return {.call = call_,
            .place_of =
                [this](const Target& target) {
                  return Place{target.account, target.region, target.partition, &credentials_};
                },
            .sleep =
                [this](std::chrono::seconds pause) {
                  slept += pause.count();
                  if (on_sleep) on_sleep();
                },
            .stop = stop,
            .longest_pause = std::chrono::hours(1),
            .say =
                [this](const Action& action, std::string_view text) {
                  const std::lock_guard lock(mutex_);
                  said.push_back(action.id + ": " + std::string(text));
                }};
  }

  std::atomic<int64_t> slept = 0;
  std::atomic<bool> stop = false;
  std::function<void()> on_sleep = {};
  std::vector<std::string> said = {};

 private:
  aws::CallAws call_;
  aws::CredentialCache credentials_{nullptr, [] { return int64_t{0}; }};
  std::mutex mutex_;
};

// ---- files ----

inline std::string slurp(const std::string& path) {
  const Result<std::string> text = read_file(path, size_t{1} << 20);
  EXPECT_TRUE(text) << text.error().message;
  return text ? *text : std::string();
}

inline void spill(const std::string& path, std::string_view text) {
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  ASSERT_NE(file, nullptr) << path;
  EXPECT_EQ(std::fwrite(text.data(), 1, text.size(), file), text.size());
  EXPECT_EQ(std::fclose(file), 0);
}

// A name that nothing has. In memory where that is a folder: tests that sync often end soon then.
inline std::string fresh_file(const std::string& name) {
  const std::string folder =
      std::filesystem::is_directory("/dev/shm") ? "/dev/shm/" : testing::TempDir();
  std::string path =
      folder + "sagewarden-test-" + std::to_string(getpid()) + "-" + name + ".journal";
  std::filesystem::remove(path);
  return path;
}

// Removes the file in the end.
class JournalFile {
 public:
  explicit JournalFile(const std::string& name) : path(fresh_file(name)) {}
  JournalFile(const JournalFile&) = delete;
  JournalFile& operator=(const JournalFile&) = delete;
  ~JournalFile() { std::filesystem::remove(path); }

  const std::string path;
};

// ---- executions ----

// From the beginning.
inline Result<void> begin(Execution& execution, const std::string& file,
                          const ExecuteOptions& options, const ExecuteWorld& world) {
  Result<Journal> journal = Journal::create(file, execution);
  if (!journal) return tl::make_unexpected(journal.error());
  return execute(execution, *journal, options, world);
}

// From where the journal ends. What it says when it is closed is in `execution`.
inline Result<void> resume(Execution& execution, const std::string& file,
                           const ExecuteOptions& options, const ExecuteWorld& world) {
  TRY_LET(Reopened reopened, Journal::reopen(file));
  execution = std::move(reopened.execution);
  return execute(execution, reopened.journal, options, world);
}

inline std::vector<std::string> sorted(std::vector<std::string> texts) {
  std::ranges::sort(texts);
  return texts;
}

}  // namespace sagewarden::remediate::fake
