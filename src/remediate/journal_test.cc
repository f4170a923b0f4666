#include "remediate/journal.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>

#include "base/sha256.h"
#include "remediate/aws_for_tests.h"

namespace sagewarden::remediate {
namespace {

using fake::fresh_file;
using fake::slurp;
using fake::spill;

// As small as it can be: tests read it thousands of times.
Execution sample() {
  fake::Aws aws;
  std::vector<Action> actions = {fake::notebook_action(aws, "a"), fake::notebook_action(aws, "b")};
  actions[0].steps.resize(2);
  actions[1].steps.resize(1);
  for (Action& action : actions)
    for (Step& step : action.steps) step.undo.clear();
  return fake::execution_of(actions);
}

// One journal with all kinds of records.
std::string sample_journal(const std::string& file) {
  const Execution execution = sample();
  Result<Journal> journal = Journal::create(file, execution);
  EXPECT_TRUE(journal) << journal.error().message;
  EXPECT_TRUE(journal->action_begins("1", {execution.plan.actions[0].seen[0].output}));
  EXPECT_TRUE(journal->asking("1.1"));
  EXPECT_TRUE(journal->answered("1.1", "no\n\"answer\""));
  EXPECT_TRUE(journal->asking("1.1"));
  EXPECT_TRUE(journal->answered("1.1", ""));
  EXPECT_TRUE(journal->step_done("1.1"));
  EXPECT_TRUE(journal->asking("1.2"));
  EXPECT_TRUE(journal->answered("1.2", "denied"));
  EXPECT_TRUE(journal->action_ends("1", Outcome::Failed, "step 1.2: denied"));
  EXPECT_TRUE(journal->action_ends("2", Outcome::Refused, "it has changed"));
  EXPECT_TRUE(journal->finished());
  return slurp(file);
}

TEST(Journal, SaysWhatWasWritten) {
  const fake::JournalFile made("whole");
  const std::string& file = made.path;
  sample_journal(file);
  const Execution written = sample();
  const Result<Execution> read = read_journal(file);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->id, written.id);
  EXPECT_EQ(read->started, written.started);
  EXPECT_EQ(read->identity, written.identity);
  EXPECT_EQ(read->undoes, "");
  EXPECT_TRUE(read->cleanup);
  EXPECT_EQ(read->plan, written.plan);
  EXPECT_EQ(read->finished.size(), std::string_view("2026-11-30T08:00:00Z").size());
  const ActionState& first = read->actions.at("1");
  EXPECT_TRUE(first.begun);
  EXPECT_EQ(first.before, std::vector<std::string>{written.plan.actions[0].seen[0].output});
  EXPECT_TRUE(first.steps.at("1.1").asked);
  EXPECT_TRUE(first.steps.at("1.1").done);
  EXPECT_EQ(first.steps.at("1.1").error, "");
  EXPECT_TRUE(first.steps.at("1.2").asked);
  EXPECT_FALSE(first.steps.at("1.2").done);
  EXPECT_EQ(first.steps.at("1.2").error, "denied");
  EXPECT_EQ(first.outcome, Outcome::Failed);
  EXPECT_EQ(first.why, "step 1.2: denied");
  EXPECT_FALSE(read->actions.at("2").begun);
  EXPECT_EQ(read->actions.at("2").outcome, Outcome::Refused);
}

TEST(Journal, IsItsOwnersAlone) {
  const fake::JournalFile made("mode");
  const std::string& file = made.path;
  sample_journal(file);
  struct stat status = {};
  ASSERT_EQ(stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  const Result<Journal> again = Journal::create(file, sample());
  ASSERT_FALSE(again);
  EXPECT_NE(again.error().message.find("exists"), std::string::npos) << again.error().message;
  EXPECT_TRUE(read_journal(file)) << "what was there stays";
}

TEST(Journal, IsHeldByOne) {
  const fake::JournalFile made("held");
  const std::string& file = made.path;
  {
    Result<Journal> journal = Journal::create(file, sample());
    ASSERT_TRUE(journal);
    const Result<Reopened> other = Journal::reopen(file);
    ASSERT_FALSE(other);
    EXPECT_NE(other.error().message.find("in use"), std::string::npos) << other.error().message;
    EXPECT_TRUE(read_journal(file)) << "reading is free";
  }
  EXPECT_TRUE(Journal::reopen(file));
}

TEST(Journal, GoesOnAfterItWasReopened) {
  const fake::JournalFile made("on");
  const std::string& file = made.path;
  const std::string text = sample_journal(file);
  spill(file, text + R"({"record":"asking","step":"1)");
  Result<Reopened> reopened = Journal::reopen(file);
  ASSERT_TRUE(reopened) << reopened.error().message;
  EXPECT_EQ(slurp(file), text);
  ASSERT_TRUE(reopened->journal.step_done("1.2"));
  const Result<Execution> read = read_journal(file);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(read->actions.at("1").steps.at("1.2").done);
  EXPECT_FALSE(read->actions.at("1").outcome) << "it is gone on with";
  EXPECT_EQ(read->finished, "");
}

// Cut off anywhere, it says what the whole records before the cut say, and can be gone on with.
TEST(Journal, MayEndAtEveryByte) {
  const fake::JournalFile made("cut");
  const std::string& file = made.path;
  const std::string text = sample_journal(file);
  const size_t head = text.find('\n') + 1;
  size_t whole = 0;  // bytes of whole records
  for (size_t size = 0; size <= text.size(); ++size) {
    if (size > 0 && text[size - 1] == '\n') whole = size;
    spill(file, text.substr(0, size));
    const Result<Execution> read = read_journal(file, text.substr(0, size));
    const Result<Reopened> reopened = Journal::reopen(file);
    ASSERT_EQ(read.has_value(), size >= head) << size;
    ASSERT_EQ(reopened.has_value(), size >= head) << size;
    if (!read) {
      ASSERT_EQ(read.error().message, reopened.error().message);
      ASSERT_NE(reopened.error().message.find(":1: the first record is not whole"),
                std::string::npos)
          << size << ": " << reopened.error().message;
      ASSERT_EQ(slurp(file).size(), size) << "left as it is";
      continue;
    }
    ASSERT_EQ(reopened->execution.finished, read->finished) << size;
    ASSERT_EQ(reopened->execution.actions.size(), read->actions.size()) << size;
    ASSERT_EQ(slurp(file).size(), whole) << size;
    // asking, answered and so on, counted by hand
    const auto records = std::count(text.begin(), text.begin() + static_cast<long>(whole), '\n');
    ASSERT_EQ(read->actions.contains("1"), records >= 2) << size;
    ASSERT_EQ(records >= 3,
              read->actions.contains("1") && read->actions.at("1").steps.contains("1.1"));
    ASSERT_EQ(records >= 7, records >= 7 && read->actions.at("1").steps.at("1.1").done);
    ASSERT_EQ(records >= 10, records >= 2 && read->actions.at("1").outcome.has_value());
    ASSERT_EQ(records >= 12, !read->finished.empty());
  }
}

// Every byte changed, one after the other: no change goes unnoticed. Only the last line may be
// taken for torn, and with it the one before when its line end is what changed.
TEST(Journal, NoticesEveryChangedByte) {
  const fake::JournalFile made("rot");
  const std::string& file = made.path;
  const std::string text = sample_journal(file);
  const size_t last = text.rfind('\n', text.size() - 2) + 1;
  for (size_t at = 0; at < text.size(); ++at) {
    std::string changed = text;
    changed[at] = static_cast<char>(changed[at] ^ 4);
    const Result<Execution> read = read_journal(file, changed);
    if (at + 1 >= last) {
      ASSERT_TRUE(read) << at << ": as if it had not been written";
      ASSERT_EQ(read->finished, "") << at;
      continue;
    }
    ASSERT_FALSE(read) << at;
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<long>(at), '\n');
    const bool named = read.error().message.starts_with(file + ":" + std::to_string(line) + ": ");
    const bool no_journal = read.error().message.find("no journal") != std::string::npos;
    ASSERT_TRUE(named || (no_journal && at < 40)) << at << ": " << read.error().message;
  }
}

// As is_whole() wants it.
std::string checked(std::string text) {
  text.pop_back();
  Sha256 hash;
  hash.update(text);
  return text + R"(,"check":")" + hash.hex().substr(0, 8) + "\"}\n";
}

TEST(Journal, TakesNothingThatMakesNoSense) {
  const fake::JournalFile made("sense");
  const std::string& file = made.path;
  const std::string text = sample_journal(file);
  const size_t head = text.find('\n') + 1;
  const size_t begun = text.find('\n', head) + 1;
  const struct {
    std::string text;
    const char* wanted;
  } rows[] = {
      {"{}\n", "this is no journal"},
      {"hello", "this is no journal"},
      {checked(R"({"format":"sagewarden-journal/2"})"), ":1: the journal's format"},
      {checked(R"({"format":"sagewarden-journal/1"})"), ":1: execution is not a text"},
      {checked(R"({"format":"sagewarden-journal/1","execution":"e","started":"s","identity":"i"})"),
       ":1: cleanup is not"},
      {checked(R"({"format":"sagewarden-journal/1","execution":"e","started":"s","identity":"i",)"
               R"("cleanup":false,"plan":{}})"),
       ":1: this is no plan"},
      {text.substr(0, head) + checked(R"({"record":"dance"})"), ":2: this is no record"},
      {text.substr(0, head) + checked(R"([])"), ":2: "},
      {text.substr(0, head) + checked(R"({"record":"asking","step":"1.1"})"),
       ":2: the step's action has not begun"},
      {text.substr(0, head) + checked(R"({"record":"action_begins","action":"9","before":[]})"),
       ":2: the plan has no such action"},
      {text.substr(0, head) + checked(R"({"record":"action_begins","action":"1","before":[]})"),
       ":2: before is not"},
      {text.substr(0, head) + checked(R"({"record":"action_ends","action":"1","outcome":"done"})"),
       ":2: the action has not begun"},
      {text.substr(0, head) + checked(R"({"record":"action_ends","action":"9"})"),
       ":2: the plan has no such action"},
      {text.substr(0, head) + checked(R"({"record":"finished"})"), ":2: at is not a time"},
      {text.substr(0, begun) + text.substr(head, begun - head), ":3: the action has begun before"},
      {text.substr(0, begun) + checked(R"({"record":"asking","step":"9.1"})"),
       ":3: the plan has no such step"},
      {text.substr(0, begun) + checked(R"({"record":"answered","step":"1.1"})"),
       ":3: the step's call was answered before"},
      {text.substr(0, begun) +
           checked(R"({"record":"action_ends","action":"1","outcome":"great"})"),
       ":3: outcome is not"},
  };
  for (const auto& row : rows) {
    spill(file, row.text);
    const Result<Execution> read = read_journal(file);
    ASSERT_FALSE(read) << row.wanted;
    EXPECT_NE(read.error().message.find(row.wanted), std::string::npos) << read.error().message;
    EXPECT_EQ(read.error().message.find(file), 0U) << read.error().message;
  }
}

TEST(Journal, WantsIdsThatTell) {
  const fake::JournalFile made("ids");
  const std::string& file = made.path;
  Execution execution = sample();
  execution.plan.actions[1].steps[0].id = "1.1";
  EXPECT_FALSE(Journal::create(file, execution));
  execution = sample();
  execution.plan.actions[1].id = "1";
  EXPECT_FALSE(Journal::create(file, execution));
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST(Journal, SaysWhenItIsNotThere) {
  EXPECT_FALSE(Journal::create("/nowhere/at/all.journal", sample()));
  EXPECT_FALSE(Journal::reopen(fresh_file("none")));
  EXPECT_FALSE(read_journal(fresh_file("none")));
}

// While it lives, files cannot be larger.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_ = {};
  void (*handler_)(int) = nullptr;
};

TEST(Journal, WritesNoMoreAfterAWriteFailed) {
  const fake::JournalFile made("full");
  const std::string& file = made.path;
  Result<Journal> journal = Journal::create(file, sample());
  ASSERT_TRUE(journal);
  const std::string head = slurp(file);
  {
    const FileSizeLimit limit(head.size() + 10);
    const Result<void> written = journal->action_ends("1", Outcome::Failed, "x");
    ASSERT_FALSE(written);
    EXPECT_NE(written.error().message.find(file), std::string::npos) << written.error().message;
  }
  EXPECT_FALSE(journal->action_ends("1", Outcome::Failed, "x")) << "though there is room again";
  EXPECT_TRUE(read_journal(file)) << "the torn line is as if not written";
}

TEST(Journal, LeavesNothingWhenItCannotBegin) {
  const fake::JournalFile made("no-room");
  const std::string& file = made.path;
  const FileSizeLimit limit(100);
  EXPECT_FALSE(Journal::create(file, sample()));
  EXPECT_FALSE(std::filesystem::exists(file));
}

}  // namespace
}  // namespace sagewarden::remediate
