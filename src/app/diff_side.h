// One of the two files of a comparison.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/difference.h"
#include "source/source.h"

namespace sagewarden {

// A resource or a finding: something that both files may hold.
struct DiffItem {
  std::string key;   // the same in both
  std::string text;  // all that is compared, in a form of the side's own
  std::string time;  // of several states in one file, the latest counts
  // What is said of it, and where it would have been looked for.
  std::string control;
  std::string type;
  std::string name;
  std::string arn;
  std::string account;
  std::string region;
  std::string file;     // that declares it; empty: it exists in an account
  std::string verdict;  // of a finding
};

class DiffSideReader {
 public:
  virtual ~DiffSideReader() = default;
  // All items, in any order; may be called again.
  virtual Result<void> each(const std::function<void(DiffItem)>& take) = 0;
  // After each(): whether this side would hold the item if it were there.
  virtual bool looked_for(const DiffItem& item) const = 0;
  // What differs between an item of this side and one of the same key and sort.
  virtual Difference compare(const DiffItem& before, const DiffItem& after) const = 0;
  // After each(): what limits the comparison.
  virtual std::vector<std::string> notes() const = 0;
  virtual DiffSide about() const = 0;
  // Which API the resources were read from, as Asked::from has it; empty where that is not known.
  virtual std::string origin() const { return {}; }
};

Result<std::unique_ptr<DiffSideReader>> open_bundle_side(const std::string& file,
                                                         Progress& progress);
Result<std::unique_ptr<DiffSideReader>> open_report_side(const std::string& file,
                                                         Progress& progress);

}  // namespace sagewarden
