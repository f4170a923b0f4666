// Where the journals of executions are kept, and who may act in which account and Region at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "remediate/journal.h"

namespace sagewarden {

// A folder of journals, ID.journal each. Journals hold whole configurations, secrets too: folder
// and files are their owner's only.
class ExecutionStore {
 public:
  // Empty: $XDG_STATE_HOME/sagewarden, or ~/.local/state/sagewarden. The folder is made where it is
  // not there.
  static Result<ExecutionStore> open(const std::string& folder);

  std::string journal_of(std::string_view id) const;
  // Oldest first. A journal that cannot be read is in `broken`, with the reason.
  struct Listed {
    std::vector<remediate::Execution> executions;
    std::vector<std::string> broken;
  };
  Result<Listed> list() const;
  // The same where each journal may be the one that is meant. Error: one cannot be read.
  Result<std::vector<remediate::Execution>> list_all() const;
  // By the id or its beginning, if that is of one only. Empty: the last one.
  Result<remediate::Execution> find(std::string_view id) const;
  // The last one that is not over. Error: there is none.
  Result<remediate::Execution> find_interrupted() const;
  // The last one that takes nothing back and was not taken back wholly. Error: there is none.
  Result<remediate::Execution> find_undoable() const;
  // The id of an execution that took that one back, wholly or at least in part; empty when there is
  // none.
  enum class Undone : uint8_t { InPart, Wholly };
  Result<std::string> undone_by(std::string_view id, Undone how) const;

  // Held until it goes away: no other process acts in those accounts and Regions with this folder.
  // Error: another one does.
  class Locks {
   public:
    Locks() = default;
    Locks(Locks&& other) noexcept : held_(std::exchange(other.held_, {})) {}
    Locks& operator=(Locks&&) = delete;
    ~Locks();

   private:
    friend class ExecutionStore;
    std::vector<int> held_;  // descriptors
  };
  Result<Locks> lock(const std::set<std::pair<std::string, std::string>>& places) const;

 private:
  explicit ExecutionStore(std::string folder) : folder_(std::move(folder)) {}
  std::string folder_;
};

// "20261130T081500Z-0f3a": when, and of which plan.
// Whether anything was asked of AWS: what was refused, or was as planned already, is nothing to
// take back.
bool has_changed(const remediate::Execution& execution);
std::string execution_id(int64_t now, const remediate::Plan& plan);

}  // namespace sagewarden
