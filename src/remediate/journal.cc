// The journal's file: docs/formats/journal.md.
#include "remediate/journal.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <mutex>
#include <utility>

#include "base/file.h"
#include "base/json_writer.h"
#include "base/sha256.h"
#include "base/text.h"
#include "base/time.h"

namespace sagewarden::remediate {
namespace {

constexpr std::string_view kFormat = "sagewarden-journal/1";
// How every journal begins, of whatever version.
constexpr std::string_view kHead = R"({"format":"sagewarden-journal/)";
// The last member of a line, and how many digits of the hash of all before it.
constexpr std::string_view kCheck = R"(,"check":")";
constexpr std::string_view kCheckEnd = R"("})";
constexpr size_t kDigits = 8;
constexpr size_t kMostBytes = size_t{1} << 30;
constexpr std::array kOutcomes = {Outcome::Done, Outcome::Refused, Outcome::Failed,
                                  Outcome::Stopped};

std::string check_of(std::string_view text) {
  Sha256 hash;
  hash.update(text);
  return hash.hex().substr(0, kDigits);
}

// ---- lines ----

// Writes one record; line() ends it.
class Record {
 public:
  Record() { out_.begin_object(); }
  Record(std::string_view kind, std::string_view now) : Record() {
    out_.member("record", kind).member("at", now);
  }
  explicit Record(std::string_view kind) : Record(kind, iso_time(seconds_now())) {}
  Record(const Record&) = delete;
  Record& operator=(const Record&) = delete;

  json::Writer& out() { return out_; }
  std::string line() {
    out_.member("check", check_of(text_)).end_object();
    return std::move(text_) + "\n";
  }

 private:
  std::string text_;
  json::Writer out_{text_};
};

// Whether the line, without its end, is as it was written.
bool is_whole(std::string_view line) {
  const size_t size = kCheck.size() + kDigits + kCheckEnd.size();
  if (line.size() <= size || !line.ends_with(kCheckEnd)) return false;
  const std::string_view end = line.substr(line.size() - size);
  return end.starts_with(kCheck) &&
         end.substr(kCheck.size(), kDigits) == check_of(line.substr(0, line.size() - size));
}

std::string head_line(const Execution& execution) {
  Record record;
  record.out().member("format", kFormat).member("execution", execution.id);
  record.out().member("started", execution.started).member("identity", execution.identity);
  if (!execution.undoes.empty()) record.out().member("undoes", execution.undoes);
  record.out().key("cleanup").boolean(execution.cleanup);
  const Result<json::Document> plan = json::parse_document(write_plan(execution.plan));
  record.out().key("plan").value(plan ? plan->root : json::Value());
  return record.line();
}

// ---- reading ----

// The action of each step. Error: two actions or steps have one id.
using ActionOf = std::map<std::string, const Action*, std::less<>>;
Result<ActionOf> actions_of_steps(const Plan& plan) {
  ActionOf found;
  std::map<std::string_view, int> actions;
  const auto twice = [](std::string_view id) {
    return fail(Error::Code::Invalid,
                fmt::format("the plan has the id {} more than once", printable(id)));
  };
  for (const Action& action : plan.actions) {
    if (++actions[action.id] > 1) return twice(action.id);
    for (const std::vector<Step>* steps : {&action.steps, &action.cleanup})
      for (const Step& step : *steps)
        if (!found.emplace(step.id, &action).second) return twice(step.id);
  }
  return found;
}

// What was read, and how many bytes of the file it is: what follows is torn.
struct Reading {
  Execution execution;
  size_t bytes = 0;
};

class JournalReader {
 public:
  explicit JournalReader(const std::string& file) : file_(file) {}
  Result<Reading> read(std::string_view text);

 private:
  Result<void> head(std::string_view line);
  Result<void> record(std::string_view line);
  Result<void> action_begins(json::Value root);
  Result<void> action_ends(json::Value root);
  Result<void> step(json::Value root, std::string_view kind);
  const Action* action(json::Value root) const;
  tl::unexpected<Error> wrong(std::string_view why) const;

  const std::string& file_;
  size_t line_ = 0;
  Reading reading_;
  ActionOf action_of_;
};

tl::unexpected<Error> JournalReader::wrong(std::string_view why) const {
  return fail(Error::Code::Invalid, fmt::format("{}:{}: {}", printable(file_), line_, why));
}

Result<void> JournalReader::head(std::string_view line) {
  json::Parser parser;
  const Result<json::Value> root = parser.parse(line);
  if (!root) return wrong(root.error().message);
  Execution& execution = reading_.execution;
  const std::string_view format = (*root)["format"].string_or("");
  if (format != kFormat)
    return wrong(
        fmt::format("the journal's format {} is of another version of this program, which "
                    "reads {}",
                    printable(format), kFormat));
  for (const auto& [name, into] :
       {std::pair("execution", &execution.id), std::pair("started", &execution.started),
        std::pair("identity", &execution.identity)}) {
    if (!(*root)[name].is_string()) return wrong(fmt::format("{} is not a text", name));
    *into = (*root)[name].string();
  }
  execution.undoes = (*root)["undoes"].string_or("");
  const json::Value cleanup = (*root)["cleanup"];
  if (!cleanup.is_bool()) return wrong("cleanup is not true or false");
  execution.cleanup = cleanup.boolean();
  Result<Plan> plan = read_plan(fmt::format("{}:{}", file_, line_), (*root)["plan"]);
  if (!plan) return tl::make_unexpected(std::move(plan.error()));
  execution.plan = std::move(*plan);
  Result<ActionOf> action_of = actions_of_steps(execution.plan);
  if (!action_of) return wrong(action_of.error().message);
  action_of_ = std::move(*action_of);
  return {};
}

const Action* JournalReader::action(json::Value root) const {
  const std::vector<Action>& actions = reading_.execution.plan.actions;
  const auto found = std::ranges::find(actions, root["action"].string_or(""), &Action::id);
  return found == actions.end() ? nullptr : &*found;
}

Result<void> JournalReader::action_begins(json::Value root) {
  const Action* const begun = action(root);
  if (begun == nullptr) return wrong("the plan has no such action");
  ActionState& state = reading_.execution.actions[begun->id];
  if (state.begun) return wrong("the action has begun before");
  const json::Value before = root["before"];
  if (!before.is_array() || before.size() != begun->seen.size())
    return wrong("before is not a list with an answer for each observation of the plan");
  state.begun = true;
  state.outcome.reset();
  state.why.clear();
  for (const json::Value answer : before.elements())
    json::Writer(state.before.emplace_back()).value(answer);
  return {};
}

Result<void> JournalReader::action_ends(json::Value root) {
  const Action* const ended = action(root);
  if (ended == nullptr) return wrong("the plan has no such action");
  const std::string_view name = root["outcome"].string_or("");
  const auto* const outcome =
      std::ranges::find(kOutcomes, name, [](Outcome o) { return name_of(o); });
  if (outcome == kOutcomes.end()) return wrong("outcome is not done, refused, failed or stopped");
  ActionState& state = reading_.execution.actions[ended->id];
  if (*outcome == Outcome::Done && !state.begun) return wrong("the action has not begun");
  state.outcome = *outcome;
  state.why = root["why"].string_or("");
  return {};
}

Result<void> JournalReader::step(json::Value root, std::string_view kind) {
  const auto found = action_of_.find(root["step"].string_or(""));
  if (found == action_of_.end()) return wrong("the plan has no such step");
  ActionState& state = reading_.execution.actions[found->second->id];
  if (!state.begun) return wrong("the step's action has not begun");
  StepState& step = state.steps[found->first];
  // What ended is gone on with.
  state.outcome.reset();
  state.why.clear();
  if (kind == "asking") {
    step.asked = true;
  } else if (kind == "answered") {
    if (!step.asked) return wrong("the step's call was answered before it was made");
    step.error = root["error"].string_or("");
  } else {
    step.done = true;
  }
  return {};
}

Result<void> JournalReader::record(std::string_view line) {
  json::Parser parser;
  const Result<json::Value> root = parser.parse(line);
  if (!root) return wrong(root.error().message);
  const std::string_view kind = (*root)["record"].string_or("");
  reading_.execution.finished.clear();
  if (kind == "action_begins") return action_begins(*root);
  if (kind == "action_ends") return action_ends(*root);
  if (kind == "asking" || kind == "answered" || kind == "step_done") return step(*root, kind);
  if (kind != "finished") return wrong("this is no record of a journal");
  reading_.execution.finished = (*root)["at"].string_or("");
  if (reading_.execution.finished.empty()) return wrong("at is not a time");
  return {};
}

Result<Reading> JournalReader::read(std::string_view text) {
  const std::string_view head_seen = text.substr(0, kHead.size());
  if (head_seen != kHead.substr(0, head_seen.size()))
    return fail(Error::Code::Invalid, fmt::format("{}: this is no journal", printable(file_)));
  while (reading_.bytes < text.size()) {
    ++line_;
    const size_t end = text.find('\n', reading_.bytes);
    if (end == std::string_view::npos) break;
    const std::string_view line = text.substr(reading_.bytes, end - reading_.bytes);
    if (!is_whole(line)) {
      if (end + 1 == text.size()) break;
      return wrong("the record is damaged: it is not as it was written");
    }
    TRY_DO(line_ == 1 ? head(line) : record(line));
    reading_.bytes = end + 1;
  }
  if (reading_.bytes == 0)
    return fail(Error::Code::Invalid,
                fmt::format("{}:1: the first record is not whole: the program ended before it "
                            "began, and nothing was changed in AWS; the file can be removed",
                            printable(file_)));
  return std::move(reading_);
}

// ---- files ----

tl::unexpected<Error> failed(std::string_view what, std::string_view file, int error) {
  return fail(
      error == EACCES || error == EPERM ? Error::Code::Denied : Error::Code::Io,
      fmt::format("cannot {} the journal {}: {}", what, printable(file), system_message(error)));
}

// For as long as the descriptor is open.
Result<void> lock(int descriptor, const std::string& file) {
  if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return {};
  if (errno != EWOULDBLOCK) return failed("lock", file, errno);
  return fail(Error::Code::Denied,
              fmt::format("the journal {} is in use: another process carries this execution out",
                          printable(file)));
}

// So that the file's name is on disk too.
Result<void> sync_folder_of(const std::string& file) {
  const std::string folder = std::filesystem::path(file).parent_path();
  const int descriptor =
      open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return failed("write", file, errno);
  const int error = fsync(descriptor) == 0 ? 0 : errno;
  close(descriptor);
  return error == 0 ? Result<void>() : failed("write", file, error);
}

}  // namespace

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::Done:
      return "done";
    case Outcome::Refused:
      return "refused";
    case Outcome::Failed:
      return "failed";
    case Outcome::Stopped:
      return "stopped";
  }
  return "";
}

Result<Execution> read_journal(const std::string& file) {
  TRY_LET(const std::string text, read_file(file, kMostBytes));
  return read_journal(file, text);
}

Result<Execution> read_journal(const std::string& file, std::string_view text) {
  TRY_LET(Reading reading, JournalReader(file).read(text));
  return std::move(reading.execution);
}

struct Journal::Impl {
  Impl(int number, std::string path) : descriptor(number), file(std::move(path)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { close(descriptor); }

  Result<void> append(std::string_view line);

  const int descriptor;
  const std::string file;
  std::mutex mutex;
  // Why a record is not on disk. None may follow it: the line might be there in part, and what the
  // system failed to sync once is not synced by asking again.
  std::optional<Error> broken;
};

Result<void> Journal::Impl::append(std::string_view line) {
  const std::lock_guard lock(mutex);
  if (broken) return tl::make_unexpected(*broken);
  int error = 0;
  while (!line.empty() && error == 0) {
    const ssize_t written = write(descriptor, line.data(), line.size());
    if (written >= 0)
      line.remove_prefix(static_cast<size_t>(written));
    else if (errno != EINTR)
      error = errno;
  }
  if (error == 0 && fdatasync(descriptor) != 0) error = errno;
  if (error == 0) return {};
  broken = failed("write", file, error).value();
  return tl::make_unexpected(*broken);
}

Journal::Journal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

Result<Journal> Journal::create(const std::string& file, const Execution& execution) {
  TRY_DO(actions_of_steps(execution.plan));
  const int descriptor =
      open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) return failed("make", file, errno);
  Journal journal(std::make_unique<Impl>(descriptor, file));
  const auto begin = [&]() -> Result<void> {
    TRY_DO(lock(descriptor, file));
    TRY_DO(journal.impl_->append(head_line(execution)));
    return sync_folder_of(file);
  };
  const Result<void> begun = begin();
  if (begun) return journal;
  unlink(file.c_str());
  return tl::make_unexpected(begun.error());
}

Result<Reopened> Journal::reopen(const std::string& file) {
  const int descriptor = open(file.c_str(), O_RDWR | O_APPEND | O_CLOEXEC);
  if (descriptor < 0) return failed("open", file, errno);
  Journal journal(std::make_unique<Impl>(descriptor, file));
  TRY_DO(lock(descriptor, file));
  TRY_LET(const std::string text, read_file(file, kMostBytes));
  TRY_LET(Reading reading, JournalReader(file).read(text));
  const bool is_torn = reading.bytes < text.size();
  if (is_torn &&
      (ftruncate(descriptor, static_cast<off_t>(reading.bytes)) != 0 || fdatasync(descriptor) != 0))
    return failed("write", file, errno);
  return Reopened{std::move(journal), std::move(reading.execution)};
}

Result<void> Journal::action_begins(std::string_view action,
                                    const std::vector<std::string>& before) {
  Record record("action_begins");
  record.out().member("action", action).key("before").begin_array();
  for (const std::string& answer : before) record.out().raw(answer);
  record.out().end_array();
  return impl_->append(record.line());
}

Result<void> Journal::asking(std::string_view step) {
  Record record("asking");
  record.out().member("step", step);
  return impl_->append(record.line());
}

Result<void> Journal::answered(std::string_view step, std::string_view error) {
  Record record("answered");
  record.out().member("step", step);
  if (!error.empty()) record.out().member("error", error);
  return impl_->append(record.line());
}

Result<void> Journal::step_done(std::string_view step) {
  Record record("step_done");
  record.out().member("step", step);
  return impl_->append(record.line());
}

Result<void> Journal::action_ends(std::string_view action, Outcome outcome, std::string_view why) {
  Record record("action_ends");
  record.out().member("action", action).member("outcome", name_of(outcome));
  if (!why.empty()) record.out().member("why", why);
  return impl_->append(record.line());
}

Result<std::string> Journal::finished() {
  std::string now = iso_time(seconds_now());
  TRY_DO(impl_->append(Record("finished", now).line()));
  return now;
}

}  // namespace sagewarden::remediate
