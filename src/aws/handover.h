// Hands one value from the thread that makes it to one that waits for it.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

namespace sagewarden::aws {

// Not a std::promise: its set_value() may still be at work on it when get() has returned and the
// waiting thread does away with both.
template <class T>
class Handover {
 public:
  void set(T value) {
    const std::lock_guard lock(mutex_);
    value_ = std::move(value);
    is_set_.notify_one();
  }
  T wait() {
    std::unique_lock lock(mutex_);
    is_set_.wait(lock, [this] { return value_.has_value(); });
    return std::move(*value_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable is_set_;
  std::optional<T> value_;
};

}  // namespace sagewarden::aws
