#include "evaluate/latest_states.h"

#include <gtest/gtest.h>

namespace sagewarden {
namespace {

constexpr uint64_t kGroups = 3;

// Resources with even keys were seen more than once, in each of three groups.
LatestStates with(uint64_t resources) {
  LatestStates states(testing::TempDir());
  for (uint64_t i = 0; i < resources; ++i) {
    for (uint64_t group = 0; group < kGroups; ++group)
      for (const uint64_t state : {i * 10 + group, i * 10 + group + 5})
        EXPECT_TRUE(states.add({{i * 2, 7}, state, group, state + 1}));
  }
  return states;
}

TEST(LatestStates, FindsEach) {
  constexpr uint64_t kBlock = LatestStates::kBlockStates;
  for (const uint64_t resources :
       {uint64_t{0}, uint64_t{1}, kBlock / kGroups, kBlock, 10 * kBlock}) {
    SCOPED_TRACE(resources);
    const LatestStates states = with(resources);
    LatestStates::Lookup lookup(states);
    for (uint64_t i = 0; i < resources; ++i) {
      for (uint64_t group = 0; group < kGroups; ++group) {
        const auto second = lookup.find({i * 2, 7}, group, i * 10 + group + 5);
        ASSERT_TRUE(second);
        ASSERT_EQ(*second, i * 10 + group + 6);
        const auto first = lookup.find({i * 2, 7}, group, i * 10 + group);
        ASSERT_TRUE(first);
        ASSERT_EQ(*first, i * 10 + group + 1);
        const auto none = lookup.find({i * 2, 7}, group, i * 10 + 9);
        ASSERT_TRUE(none);
        ASSERT_EQ(*none, 0U);
      }
      const auto other = lookup.find({i * 2 + 1, 7}, 0, i * 10);
      ASSERT_TRUE(other);
      ASSERT_EQ(*other, std::nullopt);
    }
    // Out of order, in no group, and beyond both ends.
    const struct {
      Hash key;
      uint64_t group;
    } missing[] = {{{0, 6}, 0}, {{0, 7}, kGroups}, {{resources * 2, 0}, 0}, {{~uint64_t{0}, 0}, 0}};
    for (const auto& m : missing) {
      const auto found = lookup.find(m.key, m.group, 0);
      ASSERT_TRUE(found);
      EXPECT_EQ(*found, std::nullopt);
    }
  }
}

TEST(LatestStates, NoRoomForBlocks) {
  LatestStates states("/nowhere/at/all");
  Result<void> added;
  uint64_t count = 0;
  for (; added && count <= LatestStates::kBlockStates; ++count)
    added = states.add({{count, 0}, 1, 0, 1});
  EXPECT_FALSE(added);
  EXPECT_EQ(count, LatestStates::kBlockStates + 1);
}

}  // namespace
}  // namespace sagewarden
