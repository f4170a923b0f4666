// The record of an execution: what was about to be asked of AWS and what came of it, on disk before
// the next thing happens. With it an interrupted execution is gone on with, and a finished one
// taken back. The file's format is docs/formats/journal.md.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "remediate/plan.h"

namespace sagewarden::remediate {

// What came of a step or an action.
enum class Outcome : uint8_t {
  Done,
  Refused,  // nothing was changed: the state is not the one that was planned for, or is in use by
            // others
  Failed,
  Stopped,  // by the user
};
std::string_view name_of(Outcome outcome);

struct StepState {
  bool asked = false;  // the call may have been made
  bool done = false;
  std::string error = {};
};

struct ActionState {
  bool begun = false;
  std::vector<std::string> before = {};  // the observations' answers when it began
  std::map<std::string, StepState, std::less<>> steps = {};
  std::optional<Outcome> outcome = {};
  std::string why = {};
};

// What a journal says.
struct Execution {
  std::string id;
  std::string started;   // ISO 8601
  std::string identity;  // the ARN of who acts
  std::string undoes;    // the execution that this one takes back; usually empty
  bool cleanup = false;  // what was replaced is deleted
  Plan plan;
  std::map<std::string, ActionState, std::less<>> actions;  // by the action's id
  std::string finished;  // empty: it was interrupted, or is under way
};

// Reads a journal. A torn last line is as if it had not been written; anything else that is no
// record of ours is an error, which names file and line.
Result<Execution> read_journal(const std::string& file);
// The same of a journal's text; the file is for errors.
Result<Execution> read_journal(const std::string& file, std::string_view text);

struct Reopened;

// Appends. May be used by several threads at once.
class Journal {
 public:
  // Makes the file, readable by its owner only, and writes the plan. Error: it is there already, or
  // cannot be written.
  static Result<Journal> create(const std::string& file, const Execution& execution);
  // Goes on with one that was interrupted: what is torn is cut off. Error: somebody else has it
  // open, or it cannot be read.
  static Result<Reopened> reopen(const std::string& file);
  Journal(Journal&&) noexcept;
  Journal& operator=(Journal&&) noexcept;
  ~Journal();

  // Each returns when the record is on disk.
  Result<void> action_begins(std::string_view action, const std::vector<std::string>& before);
  Result<void> asking(std::string_view step);
  Result<void> answered(std::string_view step, std::string_view error);  // empty: it went well
  Result<void> step_done(std::string_view step);
  Result<void> action_ends(std::string_view action, Outcome outcome, std::string_view why);
  Result<std::string> finished();  // the time that it says

 private:
  struct Impl;
  explicit Journal(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// What the journal says since nobody else writes it.
struct Reopened {
  Journal journal;
  Execution execution;
};

}  // namespace sagewarden::remediate
