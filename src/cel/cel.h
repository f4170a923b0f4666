// The Common Expression Language (https://github.com/google/cel-spec, language definition): compile
// once, evaluate often. Pure: no clock, no file, no log. Knows nothing of postures or AWS.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "cel/value.h"
#include "model/unknown.h"

namespace sagewarden::cel {

// What a hostile expression or document can cost. Reaching one is an error value or a compile
// error, never a hang.
struct Limits {
  size_t expression_bytes = size_t{64} * 1024;
  size_t nesting = 128;  // brackets, macros, calls, operators
  size_t iterations =
      1'000'000;  // comprehension steps of one evaluation, nested ones counted in full
  size_t arena_bytes = size_t{64} * 1024 * 1024;  // memory that one evaluation may create
  size_t work = 500'000'000;  // bytes of text and elements of lists that one evaluation looks at
};

// A compiled expression: immutable, shared by threads, cheap to move.
class Program {
 public:
  // Variables are known by name and passed to evaluate() in this order. A name that is neither a
  // variable nor declared in the language is a compile error. The error's message holds line,
  // column, the line of the expression and a caret.
  static Result<Program> compile(std::string_view expression,
                                 std::span<const std::string_view> variables,
                                 const Limits& limits = {});
  Program(Program&&) noexcept;
  Program& operator=(Program&&) noexcept;
  ~Program();

  std::string_view text() const;

  struct Impl;
  const Impl& impl() const { return *impl_; }

 private:
  explicit Program(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

// What a program may look at in one of its variables: never less than it does, perhaps more.
struct Reads {
  bool whole = false;                // more than single members of it
  std::vector<std::string> members;  // sorted; what is read below them is not told
};
Reads reads_of(const Program& program, std::string_view variable);

// The memory of one evaluation, reused by the next. One per thread.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(Scratch&&) noexcept;
  Scratch& operator=(Scratch&&) noexcept;

  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

// The value of the expression: may be of kind Error or Unknown. Valid until the scratch is used
// again.
Value evaluate(const Program& program, std::span<const Value> variables, Scratch& scratch);

// The value as a verdict. Anything that is neither true nor false nor unknown is an Error.
enum class Truth : uint8_t { False, True, Unknown, Error };
Truth evaluate_truth(const Program& program, std::span<const Value> variables, Scratch& scratch);

// Why a boolean expression came out as it did; only asked where there is something to explain, so
// it may take its time.
struct Observation {
  std::string path;   // "resource.PrimaryContainer.ImageConfig.RepositoryAccessMode",
                      // "resource.Containers[1].Image"
  std::string found;  // JSON of the value, "not set", or "not known"
  std::string
      wanted;  // what would make this part true: "\"Vpc\"", "set", ">= 2", "one of [\"a\",\"b\"]"
  const UnknownNode* unknown = nullptr;  // when found is "not known"
};
struct Explanation {
  // False: the leaves that made it false (both sides of an `||`, only the false ones of an `&&`,
  // the failing elements of an `all`). Unknown: the places that were not known. In the order of the
  // expression, no path twice.
  std::vector<Observation> observations;
  std::string error;  // Error: the message with the expression and a caret
};
Explanation explain(const Program& program, std::span<const Value> variables, Scratch& scratch);

}  // namespace sagewarden::cel
