#include "aws/secret.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <concepts>
#include <string>
#include <utility>

namespace sagewarden::aws {
namespace {

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) {
  out << value;
};

static_assert(Streamable<int> && !Streamable<Secret>);
static_assert(fmt::is_formattable<int>::value && !fmt::is_formattable<Secret>::value);
static_assert(!std::convertible_to<Secret, std::string_view>);
static_assert(!std::convertible_to<Secret, std::string>);
static_assert(!std::convertible_to<std::string_view, Secret>);  // made on purpose only

TEST(Secret, IsKeptCopiedAndMoved) {
  for (const std::string_view text : {"", "k", "a key that is longer than any small string"}) {
    Secret first(text);
    EXPECT_EQ(first.empty(), text.empty());
    Secret copy = first;
    EXPECT_EQ(copy.reveal(), text);
    const Secret moved = std::move(first);
    EXPECT_EQ(moved.reveal(), text);
    EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is what is asked
    copy = Secret("other");
    EXPECT_EQ(copy.reveal(), "other");
    copy = moved;
    EXPECT_EQ(copy.reveal(), text);
  }
}

}  // namespace
}  // namespace sagewarden::aws
