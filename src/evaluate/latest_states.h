// Which states count, for each resource that was seen more than once: a table sorted by key that
// lies in a temporary file but for its last block and an index of its blocks, as an export of AWS
// Config's history can hold millions of such resources.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "evaluate/hash.h"
#include "evaluate/temporary_file.h"

namespace sagewarden {

struct LatestState {
  Hash key = {};
  uint64_t state = 0;  // identifies one of those that count
  uint64_t group = 0;
  uint64_t controls = 0;  // bit i: for the group's control i it is this one

  bool is_before(const Hash& other_key, uint64_t other_group) const {
    return key != other_key ? key < other_key : group < other_group;
  }
};

class LatestStates {
 public:
  // The file is made only when there is more than one block.
  explicit LatestStates(std::string temporary_folder) : folder_(std::move(temporary_folder)) {}

  // In the order of key and group, those of one pair one after the other.
  Result<void> add(const LatestState& latest);

  // Looks up; keeps the block that it read last, as findings of one resource come together.
  class Lookup {
   public:
    explicit Lookup(const LatestStates& states) : states_(states) {}
    // LatestState::controls of that state, 0 when it counts for none; nothing when the resource was
    // seen only once.
    Result<std::optional<uint64_t>> find(const Hash& key, uint64_t group, uint64_t state);

   private:
    Result<void> load(size_t number);

    const LatestStates& states_;
    std::vector<LatestState> block_;
    std::optional<size_t> block_number_;
  };

  static constexpr size_t kBlockStates = 128;

 private:
  std::string folder_;
  std::optional<TemporaryFile> file_;  // the blocks before the last
  std::vector<Hash> firsts_;           // the first key of each block
  std::vector<LatestState> last_;
};

}  // namespace sagewarden
