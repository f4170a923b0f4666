// What one evaluation may still spend, and how it makes values: shared by the evaluator and all
// functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "cel/arena.h"
#include "cel/value.h"

namespace sagewarden::cel {

class Context {
 public:
  Context(Arena& arena, size_t iterations, size_t work)
      : arena_(arena), iterations_(iterations), work_(work) {}

  // One more step of a comprehension; false when there are none left.
  bool step() {
    if (iterations_ == 0) return exhaust(kTooManySteps);
    --iterations_;
    return true;
  }

  // So many bytes or elements are about to be looked at; false when that is more than may be. Small
  // things need not be charged: each is bounded by the step or the node that does it.
  bool charge(size_t amount) {
    if (amount > work_) return exhaust(kTooMuchWork);
    work_ -= amount;
    return true;
  }
  bool charge_if_large(size_t amount) { return amount <= kSmall || charge(amount); }

  // Whether so many bytes, built elsewhere for now, could be kept at all; charges the last of them.
  bool grow(size_t size, size_t added) {
    return size <= arena_.limit() ? charge(added + 1) : exhaust(kTooMuchMemory);
  }

  // Room for objects; null when the memory is used up, and then exhausted() says so.
  template <class T>
  T* array(size_t count) {
    T* const room = arena_.array<T>(count);
    if (room == nullptr) exhaust(kTooMuchMemory);
    return room;
  }

  // A limit was reached: what is under way ends, whatever absorbs errors.
  bool is_exhausted() const { return exhausted_ != nullptr; }
  Value exhausted() const { return Value::error(exhausted_ == nullptr ? "" : exhausted_); }

  // A string made of the parts, one after the other.
  Value string(std::string_view first, std::string_view second = {}, std::string_view third = {});
  Value bytes(std::string_view first, std::string_view second = {});
  Value optional_of(const Value& content);
  // An error whose message is made of the parts.
  Value error(std::string_view first, std::string_view second = {}, std::string_view third = {});

 private:
  static constexpr size_t kSmall = 64;
  static constexpr const char* kTooManySteps =
      "the expression takes more steps over lists and maps than an evaluation may";
  static constexpr const char* kTooMuchWork =
      "the expression looks at more data than an evaluation may";
  static constexpr const char* kTooMuchMemory =
      "the expression makes more data than an evaluation may";

  bool exhaust(const char* why) {
    if (exhausted_ == nullptr) exhausted_ = why;
    iterations_ = 0;
    work_ = 0;
    return false;
  }
  std::string_view join(std::string_view first, std::string_view second, std::string_view third);

  Arena& arena_;
  size_t iterations_;
  size_t work_;
  const char* exhausted_ = nullptr;
};

}  // namespace sagewarden::cel
