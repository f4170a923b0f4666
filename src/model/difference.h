// What differs between two bundles, or between two reports.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sagewarden {

// What became of a resource, or of a verdict, from the one file to the other.
enum class Change : uint8_t {
  Appeared,
  Changed,
  Went,
  NotSeenAfter,   // in the first; the second did not look there
  NotSeenBefore,  // in the second; the first did not look there
  Unclear,        // in both, but something is known in one of them only
};

// One property that differs. Each side is the JSON of the value as it may be shown, "not set" or
// "not known".
struct ValueChange {
  std::string path;
  std::string before;
  std::string after;
  bool is_unclear = false;  // known on one side only

  friend bool operator==(const ValueChange&, const ValueChange&) = default;
};

struct Difference {
  Change change = Change::Changed;
  std::string control;  // of a verdict; empty: it is about a resource
  std::string type;
  std::string name;
  std::string arn;  // or what stands for it
  std::string account;
  std::string region;
  std::string before;  // verdicts: "FAILED", "FAILED (suppressed)"; empty where there was none
  std::string after;
  std::vector<ValueChange> values = {};  // resources

  friend bool operator==(const Difference&, const Difference&) = default;
};

struct DiffSide {
  std::string file;
  std::string created;  // ISO 8601, or empty
};

struct Diff {
  enum class Subject : uint8_t { Resources, Verdicts };

  Subject subject = Subject::Resources;
  DiffSide before;
  DiffSide after;
  std::vector<Difference> differences;  // account, Region, type, name, ARN, control
  size_t same = 0;
  std::vector<std::string> notes;  // what limits the comparison

  size_t count(Change change) const {
    size_t found = 0;
    for (const Difference& difference : differences) found += difference.change == change ? 1U : 0U;
    return found;
  }
};

}  // namespace sagewarden
