// Whatever interrupts an execution, and wherever: going on ends where an undisturbed one ends, and
// nothing is done twice.
#include <gtest/gtest.h>

#include <charconv>
#include <cstdlib>
#include <random>
#include <span>

#include "remediate/aws_for_tests.h"

namespace sagewarden::remediate {
namespace {

using fake::JournalFile;

const ExecuteOptions kOneByOne = {.cleanup = true, .concurrency = 1};

// What a machine that dies leaves: how AWS was, and what was on disk.
struct Moment {
  fake::State aws;
  std::string journal;
};

struct Setting {
  std::string name;
  int looks = 2;
  int lag = 0;
  std::string failing = {};  // every call of it fails once, ...
  bool done = false;         // ... although it is done
};

// Calls of one operation fail once for each input.
std::function<std::optional<fake::Fault>(const aws::Call&)> fails_once(const Setting& setting) {
  return [setting, failed = std::set<std::string>()](
             const aws::Call& call) mutable -> std::optional<fake::Fault> {
    if (setting.failing.empty() || !call.operation.starts_with(setting.failing)) return {};
    if (!failed.insert(call.operation + call.input).second) return {};
    return fake::Fault{setting.done, fake::error(fake::Kind::Failed, "", "timeout")};
  };
}

void prepare(fake::Aws& aws, const Setting& setting) {
  aws.looks = setting.looks;
  aws.lag = setting.lag;
  aws.fault = fails_once(setting);
}

struct Undisturbed {
  std::vector<Moment> moments;  // before and after each call, and at the end
  std::map<std::string, std::string> end;
  std::vector<std::string> changes;
  std::map<std::string, std::string> beginning;
};

using MakeActions = std::vector<Action> (*)(fake::Aws& aws);

std::vector<Action> one_action(fake::Aws& aws) {
  return {fake::notebook_action(aws, "n")};
}

std::vector<Action> some_actions(fake::Aws& aws) {
  std::vector<Action> actions;
  actions.push_back(fake::endpoint_action(aws, "e"));
  actions.push_back(fake::notebook_action(aws, "n"));
  return actions;
}

// A notebook instance that runs is replaced by another one.
std::vector<Action> twin_actions(fake::Aws& aws) {
  aws.put("NotebookInstance", "n",
          {{"NotebookInstanceStatus", R"("InService")"},
           {"PlatformIdentifier", R"("notebook-al2023-v1")"},
           {"InstanceType", R"("ml.t3.medium")"},
           {"RoleArn", R"("r")"},
           {"VolumeSizeInGB", "5"},
           {"DirectInternetAccess", R"("Enabled")"}});
  PlanOptions options;
  options.subnets = {"subnet-1"};
  options.security_groups = {"sg-1"};
  options.backup_bucket = "backups";
  Broken broken{fake::target_of("NotebookInstance", "n"), {{"f", "SageMaker.1", "arn", ""}}};
  const aws::CallAws call = [&](const aws::Call& asked) { return aws.call(asked); };
  std::vector<Action> actions = plan_notebooks(
      {&broken, 1}, {options, Reader(call, {"111122223333", "eu-west-1", "aws", nullptr})});
  EXPECT_EQ(actions.at(0).way, Way::Replace) << actions.at(0).advice.front();
  return actions;
}

Undisturbed undisturbed(const Setting& setting, const std::string& file,
                        MakeActions make_actions = some_actions) {
  Undisturbed run;
  fake::Aws aws;
  Execution execution = fake::execution_of(make_actions(aws));
  run.beginning = aws.state.settled();
  prepare(aws, setting);
  aws.watch = [&] { run.moments.push_back({aws.state, fake::slurp(file)}); };
  fake::World world(aws);
  const Result<void> done = fake::begin(execution, file, kOneByOne, world.world());
  EXPECT_TRUE(done) << done.error().message;
  for (const auto& [id, state] : execution.actions)
    EXPECT_EQ(state.outcome, Outcome::Done) << state.why;
  run.moments.push_back({aws.state, fake::slurp(file)});
  run.end = aws.state.settled();
  run.changes = fake::sorted(aws.state.changes);
  return run;
}

std::string reasons(const Execution& execution) {
  std::string all;
  for (const auto& [id, state] : execution.actions) all += id + ": " + state.why + "\n";
  return all;
}

// Goes on after a death at that moment, when the journal had that many bytes.
void expect_same_end(const Undisturbed& run, const Moment& moment, std::string_view journal,
                     const Setting& setting) {
  const JournalFile file("resumed");
  fake::spill(file.path, journal);
  fake::Aws aws;
  prepare(aws, setting);
  aws.state = moment.aws;
  fake::World world(aws);
  Execution execution;
  const Result<void> done = fake::resume(execution, file.path, kOneByOne, world.world());
  ASSERT_TRUE(done) << done.error().message;
  for (const auto& [id, state] : execution.actions)
    ASSERT_EQ(state.outcome, Outcome::Done) << id << ": " << state.why;
  ASSERT_EQ(execution.actions.size(), execution.plan.actions.size());
  ASSERT_EQ(aws.state.settled(), run.end);
  ASSERT_EQ(fake::sorted(aws.state.changes), run.changes);
}

const Setting kSettings[] = {
    {.name = "plain"},
    {.name = "at once", .looks = 0},
    {.name = "slow", .looks = 5},
    {.name = "lagging", .looks = 2, .lag = 1},
    {.name = "creates time out, done", .failing = "Create", .done = true},
    {.name = "creates time out, not done", .failing = "Create", .done = false},
    {.name = "updates time out, done", .failing = "Update", .done = true},
    {.name = "updates time out, not done", .failing = "Update", .done = false},
    {.name = "stop times out, done", .failing = "Stop", .done = true},
    {.name = "deletes time out, done", .failing = "Delete", .done = true},
};

std::vector<Action> for_a_while(fake::Aws& aws) {
  return {fake::canary_action(aws, "e")};
}

// The machine dies between any two calls or records, and before and after any effect of a call.
void die_anywhere(std::span<const Setting> settings, MakeActions make_actions) {
  for (const Setting& setting : settings) {
    SCOPED_TRACE(setting.name);
    const JournalFile file("died");
    const Undisturbed run = undisturbed(setting, file.path, make_actions);
    size_t resumed = 0;
    const std::string& journal = run.moments.back().journal;
    for (size_t i = 0; i + 1 < run.moments.size(); ++i) {
      const Moment& moment = run.moments[i];
      const bool changed =
          i > 0 && run.moments[i - 1].aws.changes.size() < moment.aws.changes.size();
      // What was written from here to the next call was written while AWS was like this.
      for (size_t size = moment.journal.size(); size <= run.moments[i + 1].journal.size(); ++size) {
        if (size == 0 || journal[size - 1] != '\n') continue;
        if (size == moment.journal.size() && !changed) continue;  // as it was a look before
        SCOPED_TRACE("moment " + std::to_string(i) + ", " + std::to_string(size) + " bytes");
        expect_same_end(run, moment, std::string_view(journal).substr(0, size), setting);
        if (testing::Test::HasFatalFailure()) return;
        ++resumed;
      }
    }
    EXPECT_GT(resumed, 30U);
  }
}

TEST(Resume, AfterADeathAnywhere) {
  die_anywhere(kSettings, some_actions);
}

TEST(Resume, OfATwinAfterADeathAnywhere) {
  const Setting settings[] = {
      {.name = "lagging", .lag = 1},
      {.name = "creates time out, done", .failing = "Create", .done = true},
      {.name = "updates time out, not done", .failing = "Update", .done = false},
  };
  die_anywhere(settings, twin_actions);
}

// What was there for a while and is deleted is not created again.
TEST(Resume, WithoutWhatWasThereForAWhile) {
  die_anywhere(std::span(kSettings).first(5), for_a_while);
}

// The same with the journal cut at every byte.
TEST(Resume, AfterADeathAtAnyByte) {
  const Setting setting = {.name = "plain"};
  const JournalFile file("any-byte");
  const Undisturbed run = undisturbed(setting, file.path, one_action);
  const std::string& journal = run.moments.back().journal;
  const size_t head = journal.find('\n') + 1;
  for (size_t i = 0; i + 1 < run.moments.size(); ++i) {
    const size_t to = run.moments[i + 1].journal.size();
    for (size_t size = std::max(run.moments[i].journal.size(), head); size < to; ++size) {
      SCOPED_TRACE("moment " + std::to_string(i) + ", " + std::to_string(size) + " bytes");
      expect_same_end(run, run.moments[i], std::string_view(journal).substr(0, size), setting);
      if (HasFatalFailure()) return;
    }
  }
}

void expect_back_anywhere(MakeActions make_actions) {
  const Setting setting = {.name = "plain"};
  const JournalFile file("back");
  const Undisturbed run = undisturbed(setting, file.path, make_actions);
  for (size_t i = 0; i < run.moments.size(); ++i) {
    SCOPED_TRACE("moment " + std::to_string(i));
    const JournalFile left("left");
    fake::spill(left.path, run.moments[i].journal);
    fake::Aws aws;
    aws.state = run.moments[i].aws;
    fake::World world(aws);
    const Result<Execution> died = read_journal(left.path);
    ASSERT_TRUE(died) << died.error().message;
    Execution undo = fake::execution_of({});
    undo.plan = undo_plan(*died, "now");
    const JournalFile undo_file("left-undo");
    ASSERT_TRUE(fake::begin(undo, undo_file.path, {}, world.world()));
    for (const auto& [id, state] : undo.actions)
      ASSERT_EQ(state.outcome, Outcome::Done) << state.why;
    ASSERT_EQ(aws.state.settled(), run.beginning);
  }
}

// Instead of going on it is taken back.
TEST(Resume, OrBackAfterADeathAnywhere) {
  expect_back_anywhere(some_actions);
  expect_back_anywhere(for_a_while);
}

// What is there but for copies of a volume, which stay in S3.
std::map<std::string, std::string> without_copies(const fake::State& state) {
  std::map<std::string, std::string> settled = state.settled();
  std::erase_if(settled, [](const auto& thing) { return thing.first.starts_with("Marker/"); });
  return settled;
}

Execution taken_back(const std::string& journal, fake::Aws& aws) {
  const JournalFile left("left-twin");
  fake::spill(left.path, journal);
  const Result<Execution> died = read_journal(left.path);
  Execution undo = fake::execution_of({});
  if (died) undo.plan = undo_plan(*died, "now");
  EXPECT_TRUE(died);
  const JournalFile undo_file("left-twin-undo");
  fake::World world(aws);
  EXPECT_TRUE(fake::begin(undo, undo_file.path, {}, world.world()));
  return undo;
}

// Until the old instance is deleted. Then the new one has all that there is, and stays.
TEST(Resume, OfATwinOrBackAfterADeathAnywhere) {
  const Setting setting = {.name = "plain"};
  const JournalFile file("twin-back");
  const Undisturbed run = undisturbed(setting, file.path, twin_actions);
  size_t kept = 0;
  for (size_t i = 0; i < run.moments.size(); ++i) {
    SCOPED_TRACE("moment " + std::to_string(i));
    fake::Aws aws;
    aws.state = run.moments[i].aws;
    const bool is_replaced = !aws.state.settled().contains("NotebookInstance/n");
    const auto before = without_copies(aws.state);
    const Execution undo = taken_back(run.moments[i].journal, aws);
    for (const auto& [id, state] : undo.actions)
      ASSERT_EQ(state.outcome, is_replaced ? Outcome::Failed : Outcome::Done) << state.why;
    ASSERT_EQ(without_copies(aws.state), is_replaced ? before : run.beginning);
    kept += is_replaced ? 1 : 0;
  }
  EXPECT_GT(kept, 5U);
}

// A job that fails is no reason to lose anything, and is gone on with.
TEST(Resume, OfATwinAfterItsJobFailed) {
  const JournalFile file("twin-failed");
  fake::Aws aws;
  Execution execution = fake::execution_of(twin_actions(aws));
  const auto beginning = aws.state.settled();
  aws.failing_jobs = true;
  fake::World world(aws);
  ASSERT_TRUE(fake::begin(execution, file.path, kOneByOne, world.world()));
  ASSERT_EQ(execution.actions.at("1").outcome, Outcome::Failed);
  EXPECT_NE(execution.actions.at("1").why.find(R"(Metadata.state is "failed")"), std::string::npos)
      << execution.actions.at("1").why;
  fake::Aws back;
  back.state = aws.state;
  taken_back(fake::slurp(file.path), back);
  EXPECT_EQ(without_copies(back.state), beginning);
  // The job tries again by itself, and this time it can.
  aws.failing_jobs = false;
  std::erase_if(aws.state.things, [](const auto& one) { return one.first.starts_with("Marker/"); });
  ASSERT_TRUE(fake::resume(execution, file.path, kOneByOne, world.world()));
  EXPECT_EQ(execution.actions.at("1").outcome, Outcome::Done) << reasons(execution);
}

// Nothing goes that another instance has come to use, nor while the old one is at work again.
TEST(Resume, OfATwinsCleanUpLooksFirst) {
  const struct {
    const char* name;
    const char* status;
    const char* wanted;
  } rows[] = {
      {"other", "Stopped", "is used by notebook instance other"},
      {"n", "InService", R"(NotebookInstanceStatus is "InService", not "Stopped" or "Failed")"},
  };
  for (const auto& row : rows) {
    const JournalFile file("twin-cleanup");
    fake::Aws aws;
    Execution execution = fake::execution_of(twin_actions(aws));
    fake::World world(aws);
    ASSERT_TRUE(fake::begin(execution, file.path, {.concurrency = 1}, world.world()));
    ASSERT_EQ(execution.actions.at("1").outcome, Outcome::Done) << reasons(execution);
    const json::Document saver =
        *json::parse_document(execution.plan.actions[0].steps[0].call.input);
    std::string scripts;
    json::Writer(scripts).value(saver.root["NotebookInstanceLifecycleConfigName"]);
    fake::Fields fields = {{"NotebookInstanceStatus", fake::text_json(row.status)}};
    if (std::string_view(row.name) == "other")
      fields["NotebookInstanceLifecycleConfigName"] = scripts;
    else
      fields["CreationTime"] = "1";
    aws.put("NotebookInstance", row.name, fields);
    execution.actions.at("1").outcome.reset();
    Result<Reopened> again = Journal::reopen(file.path);
    ASSERT_TRUE(again) << again.error().message;
    ASSERT_TRUE(execute(execution, again->journal, kOneByOne, world.world()));
    EXPECT_NE(reasons(execution).find(row.wanted), std::string::npos) << reasons(execution);
    EXPECT_FALSE(aws.get("NotebookInstance/n", "NotebookInstanceName").empty());
  }
}

// Faults by chance: any call may bring no clear answer, done or not, and the user may stop at any
// pause.
class Chance {
 public:
  explicit Chance(unsigned seed) : random_(seed) {}
  bool one_in(unsigned count) { return random_() % count == 0; }
  int below(unsigned count) { return static_cast<int>(random_() % count); }

  std::optional<fake::Fault> fault() {
    if (!one_in(8)) return {};
    constexpr fake::Kind kKinds[] = {fake::Kind::Failed, fake::Kind::Throttled,
                                     fake::Kind::Malformed};
    const fake::Kind kind = kKinds[below(3)];
    // What is throttled is not done.
    const bool done = kind != fake::Kind::Throttled && one_in(2);
    return fake::Fault{done, fake::error(kind, "", "by chance")};
  }

 private:
  std::mt19937 random_;
};

// How many random schedules of faults are gone through: `script/test --long` asks for more.
unsigned count_of_schedules() {
  constexpr unsigned kSchedules = 100;
  const char* const asked = std::getenv("SAGEWARDEN_FAULT_SCHEDULES");
  if (asked == nullptr) return kSchedules;
  unsigned schedules = 0;
  std::from_chars(asked, asked + std::string_view(asked).size(), schedules);
  return schedules;
}

bool all_done(const Execution& execution) {
  return std::ranges::all_of(
      execution.actions, [](const auto& action) { return action.second.outcome == Outcome::Done; });
}

// Also, the machine dies now and then. Both actions are under way at once.
TEST(Resume, AfterAnyFaults) {
  const unsigned schedules = count_of_schedules();
  ASSERT_GT(schedules, 0);
  constexpr int kMostRounds = 40;
  const JournalFile plain_file("no-faults");
  const Undisturbed plain = undisturbed({.name = "plain"}, plain_file.path);
  for (unsigned seed = 1; seed <= schedules; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const JournalFile file("faults");
    Chance chance(seed);
    fake::Aws aws;
    Execution execution = fake::execution_of(some_actions(aws));
    aws.looks = chance.below(4);
    aws.lag = chance.below(2);
    int round = 0;
    std::optional<Moment> death;
    std::mutex mutex;
    const auto in_trouble = [&] { return round < kMostRounds / 2; };
    aws.fault = [&](const aws::Call&) {
      const std::lock_guard lock(mutex);
      return in_trouble() ? chance.fault() : std::nullopt;
    };
    aws.watch = [&] {
      const std::lock_guard lock(mutex);
      if (in_trouble() && !death && chance.one_in(100))
        death = Moment{aws.state, fake::slurp(file.path)};
    };
    fake::World world(aws);
    world.on_sleep = [&] {
      const std::lock_guard lock(mutex);
      if (in_trouble() && chance.one_in(10)) world.stop = true;
    };
    const ExecuteOptions options = {.cleanup = true, .concurrency = 2};
    ASSERT_TRUE(fake::begin(execution, file.path, options, world.world()));
    while (death || !all_done(execution)) {
      ASSERT_LT(++round, kMostRounds) << reasons(execution);
      // What came after the death has never been.
      if (death) {
        aws.state = death->aws;
        fake::spill(file.path, death->journal);
      }
      death.reset();
      world.stop = false;
      ASSERT_TRUE(fake::resume(execution, file.path, options, world.world()));
    }
    EXPECT_NE(execution.finished, "");
    EXPECT_EQ(aws.state.settled(), plain.end);
    // What AWS does not show yet may be asked for again, and is; what has a name is made once.
    std::vector<std::string> changes = fake::sorted(aws.state.changes);
    if (aws.lag > 0) changes.erase(std::unique(changes.begin(), changes.end()), changes.end());
    EXPECT_EQ(changes, plain.changes);
    EXPECT_EQ(std::ranges::count(aws.state.changes, "CreateModel e-new"), 1);
    EXPECT_EQ(std::ranges::count(aws.state.changes, "CreateEndpointConfig e-new"), 1);
  }
}

}  // namespace
}  // namespace sagewarden::remediate
