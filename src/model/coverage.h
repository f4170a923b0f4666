// What a scan of AWS itself saw, for each account, Region and resource type: what was listed there,
// and what of it was read. Files say nothing of the kind: nobody knows what they leave out.
#pragma once

#include <cstdint>
#include <string>

namespace sagewarden {

struct CoverageRow {
  std::string account;
  std::string region;     // empty: it is not known which Regions the account has
  std::string type;       // CloudFormation's name
  uint32_t listed = 0;    // resources that were named, each once
  uint32_t read = 0;      // all that the selected controls ask of them was read
  uint32_t not_read = 0;  // not, or in part only: a gap says why, or the run was interrupted
  uint32_t gone = 0;      // deleted meanwhile, or being deleted
  bool complete = false;  // the list came to its end, and all in it was named; otherwise a gap says
                          // why not, or the run was interrupted

  // Always: listed == read + not_read + gone.
  bool is_whole() const { return complete && not_read == 0; }
  friend bool operator==(const CoverageRow&, const CoverageRow&) = default;
};

}  // namespace sagewarden
