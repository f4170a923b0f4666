#include "evaluate/latest_states.h"

#include <algorithm>
#include <string_view>

namespace sagewarden {
namespace {

constexpr size_t kStatesBlockBytes = LatestStates::kBlockStates * sizeof(LatestState);

}  // namespace

Result<void> LatestStates::add(const LatestState& latest) {
  if (last_.size() == kBlockStates) {
    if (!file_) {
      TRY_LET(file_, TemporaryFile::create(folder_));
    }
    TRY_DO(file_->append({reinterpret_cast<const char*>(last_.data()), kStatesBlockBytes}));
    last_.clear();
  }
  if (last_.empty()) firsts_.push_back(latest.key);
  last_.push_back(latest);
  return {};
}

Result<void> LatestStates::Lookup::load(size_t number) {
  if (block_number_ == number) return {};
  block_number_.reset();
  if (number + 1 == states_.firsts_.size()) {
    block_ = states_.last_;
  } else {
    block_.resize(kBlockStates);
    TRY_DO(states_.file_->read(number * kStatesBlockBytes,
                               {reinterpret_cast<char*>(block_.data()), kStatesBlockBytes}));
  }
  block_number_ = number;
  return {};
}

Result<std::optional<uint64_t>> LatestStates::Lookup::find(const Hash& key, uint64_t group,
                                                           uint64_t state) {
  const std::vector<Hash>& firsts = states_.firsts_;
  // Those of one key may lie across the end of a block: they are looked for in each block that can
  // hold it.
  auto number =
      static_cast<size_t>(std::lower_bound(firsts.begin(), firsts.end(), key) - firsts.begin());
  if (number > 0) --number;
  std::optional<uint64_t> controls;
  for (; number < firsts.size() && firsts[number] <= key; ++number) {
    TRY_DO(load(number));
    auto found = std::find_if(block_.begin(), block_.end(),
                              [&](const LatestState& one) { return !one.is_before(key, group); });
    for (; found != block_.end() && found->key == key && found->group == group; ++found) {
      if (found->state == state) return {found->controls};
      controls = 0;
    }
  }
  return controls;
}

}  // namespace sagewarden
