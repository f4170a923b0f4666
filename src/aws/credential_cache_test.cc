#include "aws/credential_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "aws/handover.h"

namespace sagewarden::aws {
namespace {

constexpr int64_t kHour = 3'600;

// Gives key 1, 2, 3, …, each good for an hour from when it is fetched.
class Keys : public CredentialSource {
 public:
  struct State {
    std::atomic<int64_t> now = 1'000;
    std::atomic<int> fetches = 0;
    std::atomic<bool> fails = false;
    std::atomic<int64_t> life = kHour;
    std::mutex gate;  // held by a test: fetches wait
  };

  explicit Keys(State& state) : state_(state) {}

  Result<Credentials> fetch() override {
    const int number = ++state_.fetches;
    const std::lock_guard wait(state_.gate);
    if (state_.fails) return fail(Error::Code::Denied, "fetch " + std::to_string(number));
    return Credentials{.access_key_id = std::to_string(number),
                       .secret_access_key = Secret("s"),
                       .expires = state_.now + state_.life,
                       .source = "a test"};
  }

 private:
  State& state_;
};

struct Cache : Keys::State {
  CredentialCache cache{std::make_unique<Keys>(*this), [this] { return now.load(); }};

  std::string get() {
    const Result<Credentials> got = cache.get();
    return got ? got->access_key_id : got.error().message;
  }
  std::string get_later() {
    Handover<std::string> handover;
    cache.get([&](const Result<Credentials>& got) {
      handover.set(got ? got->access_key_id : got.error().message);
    });
    return handover.wait();
  }
  // Until as many fetches have ended, when one is under way.
  void await_fetches(int count) {
    while (fetches < count) std::this_thread::yield();
    const std::lock_guard wait(gate);
  }
};

TEST(CredentialCache, FetchesOnceAndBeforeTheyExpire) {
  Cache keys;
  EXPECT_EQ(keys.get(), "1");
  EXPECT_EQ(keys.get(), "1");
  keys.now += kHour - 901;
  EXPECT_EQ(keys.get(), "1");
  EXPECT_EQ(keys.fetches, 1);
  keys.now += 1;  // a quarter of an hour is left: the old ones go on
  EXPECT_EQ(keys.get(), "1");
  keys.await_fetches(2);
  while (keys.get() != "2") std::this_thread::yield();
  keys.now += kHour - 300;  // five minutes are left: nobody gets the old ones
  EXPECT_EQ(keys.get(), "3");
  keys.now += kHour - 300;
  EXPECT_EQ(keys.get_later(), "4");
  keys.now += kHour * 5;
  EXPECT_EQ(keys.get_later(), "5");
}

TEST(CredentialCache, ShortLivesAreRenewedInProportion) {
  Cache keys;
  keys.life = 120;
  EXPECT_EQ(keys.get(), "1");
  keys.now += 89;
  EXPECT_EQ(keys.get(), "1");
  EXPECT_EQ(keys.fetches, 1);
  keys.now += 21;  // ten seconds are left
  EXPECT_EQ(keys.get(), "2");
}

TEST(CredentialCache, AFailureIsBorneWhileTheOldOnesAreGood) {
  Cache keys;
  EXPECT_EQ(keys.get(), "1");
  keys.fails = true;
  keys.now += kHour - 100;
  EXPECT_EQ(keys.get(), "1");  // tried, and failed
  EXPECT_EQ(keys.fetches, 2);
  EXPECT_EQ(keys.get_later(), "1");
  EXPECT_EQ(keys.fetches, 2);  // not tried again so soon
  keys.now += 100;
  EXPECT_EQ(keys.get(), "fetch 3");
  EXPECT_EQ(keys.get_later(), "fetch 3");
  keys.now += 9;
  EXPECT_EQ(keys.get(), "fetch 3");
  keys.now += 1;
  EXPECT_EQ(keys.get_later(), "fetch 4");
  keys.now += 10;
  keys.fails = false;
  EXPECT_EQ(keys.get(), "5");
}

TEST(CredentialCache, OnesThatHaveExpiredAlreadyAreNone) {
  Cache keys;
  keys.life = -10;
  EXPECT_EQ(keys.get(),
            "the credentials from a test have expired already; is this machine's clock right?");
}

TEST(CredentialCache, RejectedOnesAreReplaced) {
  Cache keys;
  const Result<Credentials> first = keys.cache.get();
  ASSERT_TRUE(first);
  keys.cache.reject(*first);
  EXPECT_EQ(keys.get(), "2");
  keys.cache.reject(*first);  // late: these were replaced
  EXPECT_EQ(keys.get(), "2");
  EXPECT_EQ(keys.fetches, 2);
}

// However many ask at once, in whatever way, the source is asked once.
TEST(CredentialCache, ManyAskOnceIsFetched) {
  Cache keys;
  constexpr int kEach = 8;
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  {
    const std::lock_guard wait(keys.gate);
    for (int i = 0; i < kEach; ++i) {
      threads.emplace_back([&] { right += keys.get() == "1"; });
      threads.emplace_back([&] { right += keys.get_later() == "1"; });
    }
    while (keys.fetches == 0) std::this_thread::yield();
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 2 * kEach);
  EXPECT_EQ(keys.fetches, 1);
}

}  // namespace
}  // namespace sagewarden::aws
