#include "app/executions.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "base/file.h"
#include "base/text.h"
#include "base/time.h"

namespace sagewarden {
namespace {

namespace fs = std::filesystem;
using remediate::Execution;

constexpr std::string_view kEnding = ".journal";
constexpr mode_t kOwnerOnly = 0700;

Result<std::string> default_folder() {
  const char* const state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') return std::string(state) + "/sagewarden";
  const char* const home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return std::string(home) + "/.local/state/sagewarden";
  return fail(Error::Code::NotFound,
              "HOME is not set: say with --state-dir where journals are to be kept");
}

Result<void> make_folder(const std::string& folder) {
  std::error_code error;
  fs::create_directories(fs::path(folder).parent_path(), error);
  if (!error && mkdir(folder.c_str(), kOwnerOnly) != 0 && errno != EEXIST)
    error = {errno, std::generic_category()};
  if (!error && !fs::is_directory(folder, error) && !error)
    error = std::make_error_code(std::errc::not_a_directory);
  if (error)
    return fail(Error::Code::Io,
                fmt::format("{}: journals cannot be kept there: {}", folder, error.message()));
  return {};
}

bool is_wholly_done(const Execution& execution) {
  return !execution.finished.empty() &&
         std::ranges::all_of(execution.actions, [](const auto& action) {
           return action.second.outcome == remediate::Outcome::Done;
         });
}

}  // namespace

bool has_changed(const Execution& execution) {
  return std::ranges::any_of(execution.actions, [](const auto& action) {
    return std::ranges::any_of(action.second.steps,
                               [](const auto& step) { return step.second.asked; });
  });
}

Result<ExecutionStore> ExecutionStore::open(const std::string& folder) {
  std::string chosen = folder;
  if (chosen.empty()) {
    TRY_LET(chosen, default_folder());
  }
  TRY_DO(make_folder(chosen));
  return ExecutionStore(std::move(chosen));
}

std::string ExecutionStore::journal_of(std::string_view id) const {
  return fmt::format("{}/{}{}", folder_, id, kEnding);
}

Result<ExecutionStore::Listed> ExecutionStore::list() const {
  const std::array<std::string_view, 1> endings = {kEnding};
  TRY_LET(const std::vector<std::string> files, list_files(folder_, endings));
  Listed listed;
  for (const std::string& file : files) {
    Result<Execution> execution = remediate::read_journal(file);
    if (execution)
      listed.executions.push_back(std::move(*execution));
    else
      listed.broken.push_back(execution.error().message);
  }
  std::ranges::stable_sort(listed.executions, {}, &Execution::started);
  return listed;
}

Result<Execution> ExecutionStore::find(std::string_view id) const {
  TRY_LET(Listed listed, list());
  if (id.empty() && !listed.executions.empty()) return std::move(listed.executions.back());
  std::vector<Execution*> found;
  for (Execution& execution : listed.executions) {
    if (execution.id == id) return std::move(execution);
    if (!id.empty() && execution.id.starts_with(id)) found.push_back(&execution);
  }
  if (found.size() == 1) return std::move(*found.front());
  if (!found.empty())
    return fail(Error::Code::Invalid,
                fmt::format("{}: {} executions begin so", printable(id), found.size()));
  // What cannot be read may be the one that is meant.
  std::string why;
  for (const std::string& broken : listed.broken) why += "; " + broken;
  return fail(Error::Code::NotFound,
              id.empty() ? fmt::format("{}: no execution is recorded there{}", folder_, why)
                         : fmt::format("{}: there is no such execution; see 'sagewarden status'{}",
                                       printable(id), why));
}

Result<std::vector<Execution>> ExecutionStore::list_all() const {
  TRY_LET(Listed listed, list());
  if (listed.broken.empty()) return std::move(listed.executions);
  std::string why;
  for (const std::string& broken : listed.broken) why += "; " + broken;
  return fail(Error::Code::Invalid,
              "which execution is the last one cannot be told: name the one that is meant" + why);
}

Result<Execution> ExecutionStore::find_interrupted() const {
  TRY_LET(std::vector<Execution> executions, list_all());
  std::set<std::string> undone;
  for (const Execution& execution : executions) undone.insert(execution.undoes);
  for (size_t i = executions.size(); i-- > 0;)
    if (executions[i].finished.empty() && !undone.contains(executions[i].id))
      return std::move(executions[i]);
  return fail(Error::Code::NotFound,
              "no execution was interrupted; name one to try again what failed");
}

Result<Execution> ExecutionStore::find_undoable() const {
  TRY_LET(std::vector<Execution> executions, list_all());
  std::set<std::string> undone;
  for (const Execution& execution : executions)
    if (is_wholly_done(execution)) undone.insert(execution.undoes);
  for (size_t i = executions.size(); i-- > 0;) {
    if (executions[i].undoes.empty() && !undone.contains(executions[i].id) &&
        has_changed(executions[i]))
      return std::move(executions[i]);
  }
  return fail(Error::Code::NotFound,
              "there is nothing to take back; 'sagewarden status' lists what was carried out");
}

Result<std::string> ExecutionStore::undone_by(std::string_view id, Undone how) const {
  TRY_LET(const Listed listed, list());
  for (const Execution& execution : listed.executions)
    if (execution.undoes == id && (how == Undone::InPart || is_wholly_done(execution)))
      return execution.id;
  return std::string();
}

ExecutionStore::Locks::~Locks() {
  for (const int descriptor : held_) close(descriptor);
}

Result<ExecutionStore::Locks> ExecutionStore::lock(
    const std::set<std::pair<std::string, std::string>>& places) const {
  Locks locks;
  for (const auto& [account, region] : places) {
    const std::string file = fmt::format("{}/{}-{}.lock", folder_, account, region);
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
      return fail(Error::Code::Io, fmt::format("{}: {}", file, system_message(errno)));
    locks.held_.push_back(descriptor);
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0)
      return fail(Error::Code::Denied,
                  fmt::format("another sagewarden is changing account {} in {}: wait until it is "
                              "done ('sagewarden status')",
                              account, region));
  }
  return locks;
}

std::string execution_id(int64_t now, const remediate::Plan& plan) {
  constexpr size_t kDigits = 4;
  std::string id;
  for (const char c : iso_time(now))
    if (c != '-' && c != ':') id += c;
  // The same plan may be begun twice in one second, on different machines.
  std::random_device random;
  return fmt::format("{}-{}{:04x}", id, remediate::plan_id(plan).substr(0, kDigits),
                     random() & 0xFFFF);
}

}  // namespace sagewarden
