// A baseline: an earlier report, so that a run can tell what is new from what was there already.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "evaluate/hash.h"
#include "model/finding.h"

namespace sagewarden {

// What an earlier report says of each finding: hashes only, 40 bytes or so for each.
class Baseline {
 public:
  // Whether the earlier report holds this finding (by its id) with the same compliance, suppressed
  // or not suppressed alike. What is not known is new or has changed: for the worse or the better,
  // or because an exception began or ended.
  bool is_known(const Finding& finding) const;
  // Whether it holds a finding of that id, whatever it says of it.
  bool has(std::string_view id) const { return states_.contains(hash_of(id)); }
  size_t size() const { return states_.size(); }

  // Of two lines about the same finding, the later counts.
  void add(std::string_view id, Compliance compliance, bool suppressed);

 private:
  std::unordered_map<Hash, uint8_t, HashOfHash> states_;
};

// Reads a report in the format `ndjson`. Errors name file and line: a line that is no JSON, or no
// finding, and the missing record of the run, which a report ends with, so that a truncated or a
// wrong file is never taken for "nothing was there".
Result<Baseline> read_baseline(std::string_view file, std::string_view text);

}  // namespace sagewarden
