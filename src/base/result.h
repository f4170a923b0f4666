// The one way in which our functions fail: a Result holds the value or an Error, and is printed
// once, by main.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace sagewarden {

// Why an operation failed, in words its user can act on: what, where, what to do.
struct Error {
  enum class Code { NotFound, Denied, Throttled, Invalid, Io, Interrupted };
  Code code;
  std::string message;

  friend bool operator==(const Error&, const Error&) = default;
};

// Either a T or an Error. A class and not an alias, so that [[nodiscard]] is said once here instead
// of at every declaration.
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
  using Base = tl::expected<T, Error>;

 public:
  using Base::Base;
  // Implicit, so that what map() and and_then() give back is a Result again.
  Result(Base other) : Base(std::move(other)) {}  // NOLINT(google-explicit-constructor)
};

inline tl::unexpected<Error> fail(Error::Code code, std::string message) {
  return tl::make_unexpected(Error{code, std::move(message)});
}

// The project's only two macros: hand an error to the caller, or go on.
#define SAGEWARDEN_JOIN2(a, b) a##b
#define SAGEWARDEN_JOIN(a, b) SAGEWARDEN_JOIN2(a, b)
#define TRY_LET(declaration, expression)                                            \
  auto SAGEWARDEN_JOIN(try_, __LINE__) = (expression);                              \
  if (!SAGEWARDEN_JOIN(try_, __LINE__))                                             \
    return tl::make_unexpected(std::move(SAGEWARDEN_JOIN(try_, __LINE__).error())); \
  declaration = std::move(*SAGEWARDEN_JOIN(try_, __LINE__))  // NOLINT(bugprone-macro-parentheses)
#define TRY_DO(expression)                                                                     \
  do {                                                                                         \
    if (auto SAGEWARDEN_JOIN(try_, __LINE__) = (expression); !SAGEWARDEN_JOIN(try_, __LINE__)) \
      return tl::make_unexpected(std::move(SAGEWARDEN_JOIN(try_, __LINE__).error()));          \
  } while (false)

}  // namespace sagewarden
