// The common path asks the heap for nothing: counted by replacing the program's operator new.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <new>

#include "cel/cel.h"

namespace {

thread_local size_t allocations = 0;

void* room_for(size_t size) {
  constexpr size_t kAlignment = alignof(std::max_align_t);
  ++allocations;
  return std::aligned_alloc(kAlignment, (size / kAlignment + 1) * kAlignment);
}

}  // namespace

[[gnu::noinline]] void* operator new(size_t size) {
  if (void* const room = room_for(size)) return room;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(size_t size, const std::nothrow_t& /*tag*/) noexcept {
  return room_for(size);
}
[[gnu::noinline]] void operator delete(void* room) noexcept {
  std::free(room);
}
[[gnu::noinline]] void operator delete(void* room, size_t /*size*/) noexcept {
  std::free(room);
}

namespace sagewarden::cel {
namespace {

TEST(Allocation, NoneInTheCommonPath) {
  const json::Document document = *json::parse_document(
      R"({"A": {"B": "Vpc"}, "Name": "a-rather-long-name-that-no-small-string-holds",
          "L": [{"N": 1, "S": {}}, {"N": 2}]})");
  UnknownNode unknown;
  mark_unknown(unknown, "A.Hidden", Known::Nothing, UnknownCause::NotRecorded, "");
  constexpr std::string_view kNames[] = {"resource"};
  constexpr std::string_view kExpressions[] = {
      R"(resource.A.B == "Vpc")",
      R"(has(resource.A) && resource.A.B in ["Vpc", "Other"])",
      R"(resource.?X.?B.orValue("Platform") == "Vpc")",
      R"(resource.L.filter(v, !has(v.S)).all(v, v.N > 1))",
      R"(resource.L.map(v, v.N).exists(n, n == 2) && size(resource.L) == 2)",
      R"(resource.Name.startsWith("a-rather") && resource.Name.matches("^a-.*s$"))",
      R"(resource.A.Hidden == "x" || resource.X.Y == 1)",
      R"(resource.X.Y == 1)",
      R"(resource.Name + "-and-more" != resource.Name.replace("a", "b") || true)",
  };
  Scratch scratch;
  for (const std::string_view expression : kExpressions) {
    const auto program = Program::compile(expression, kNames);
    ASSERT_TRUE(program) << program.error().message;
    const Value variables[] = {Value::json(document.root, &unknown)};
    evaluate_truth(*program, variables, scratch);  // a regular expression warms up
    const size_t before = allocations;
    evaluate_truth(*program, variables, scratch);
    const bool text_is_built = expression.find("replace") != std::string_view::npos;
    // That one shows that the counter counts.
    EXPECT_EQ(allocations > before, text_is_built) << expression;
  }
}

}  // namespace
}  // namespace sagewarden::cel
