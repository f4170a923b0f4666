// The exceptions of one run: applied to its findings on a given day, and remembered, so that those
// that have run out and those that nothing needed any more can be reported.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "evaluate/exceptions.h"
#include "model/finding.h"
#include "model/resource.h"

namespace sagewarden {

class ExceptionUse {
 public:
  // `today` is YYYY-MM-DD; an entry holds up to and including the day on which it expires. The
  // exceptions must outlive this object.
  ExceptionUse(const Exceptions& exceptions, std::string_view today);

  // The suppressions beside a resource that is about to be judged. Any number of threads at once.
  void met(const Location& location, const std::vector<InlineSuppression>& in_source);

  // Whether there are entries at all.
  bool has_entries() const { return !exceptions_.entries.empty(); }

  // Suppresses the finding when an entry in force matches it; the first in the file's order counts,
  // and entries come before what stands in the template itself. A finding that is PASSED is left
  // alone. Where only what has expired matches, the finding gets a reason that says so. Any number
  // of threads at once.
  void apply(Finding& finding, const std::vector<InlineSuppression>* in_source);

  // After the run, in the file's order, then for the templates: one sentence for each entry that
  // has expired, and for each that suppressed nothing. `ids` are those of all controls there are.
  std::vector<std::string> notices(std::span<const std::string_view> ids);

 private:
  // File (and resource, where there are no lines), line, control pattern, end: a loop makes many
  // resources with the same suppression.
  using InSource = std::tuple<std::string, uint32_t, std::string, std::string>;

  bool is_over(std::string_view expires) const;
  void count(const Finding& finding, const InlineSuppression& inside);
  // By what is in force.
  void accept(Finding& finding, std::span<const InlineSuppression> in_source);
  // What would have taken it: for a finding that nothing else suppresses.
  void note_expired(Finding& finding, std::span<const InlineSuppression> in_source);
  // What a notice is about, in words.
  struct Subject {
    std::string where;
    std::string what;
    std::string expires;
    std::string owner;
    std::span<const std::string> controls;  // patterns
  };
  // Empty when there is nothing to say.
  std::string notice(const Subject& subject, uint64_t matched,
                     std::span<const std::string_view> ids) const;

  const Exceptions& exceptions_;
  std::string today_;
  // By place of the entry: how many findings it matched. Counted without order between the threads:
  // read only after they have ended.
  std::vector<std::atomic<uint64_t>> matched_;
  std::mutex mutex_;                        // guards those below
  std::map<InSource, uint64_t> in_source_;  // how many findings it matched
  size_t not_followed_ = 0;                 // beyond kMaxExceptions
};

// Whether the entry takes the finding, whatever the day.
bool matches(const PostureException& entry, const Finding& finding);

}  // namespace sagewarden
