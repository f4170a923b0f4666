#include "base/terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace sagewarden {
namespace {

// Both ends of a pseudo terminal: what the program would see when a person sits there.
class Terminal : public testing::Test {
 protected:
  void SetUp() override {
    controller_ = posix_openpt(O_RDWR | O_NOCTTY);
    ASSERT_GE(controller_, 0);
    ASSERT_EQ(grantpt(controller_), 0);
    ASSERT_EQ(unlockpt(controller_), 0);
    terminal_ = open(ptsname(controller_), O_RDWR | O_NOCTTY);
    ASSERT_GE(terminal_, 0);
    unsetenv("NO_COLOR");
    setenv("TERM", "xterm", 1);
  }
  void TearDown() override {
    close(terminal_);
    close(controller_);
  }
  void resize(unsigned short columns) const {
    const winsize size = {.ws_row = 24, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
    ASSERT_EQ(ioctl(terminal_, TIOCSWINSZ, &size), 0);
  }

  int controller_ = -1;
  int terminal_ = -1;
};

TEST_F(Terminal, HasAWidthWithinBounds) {
  const struct {
    unsigned short columns;
    size_t want;
  } cases[] = {{0, 77}, {10, 40}, {40, 40}, {120, 120}, {200, 200}, {5000, 200}};
  for (const auto& c : cases) {
    resize(c.columns);
    EXPECT_EQ(terminal_width(terminal_, 77), c.want);
  }
}

TEST_F(Terminal, APipeIsNone) {
  int ends[2] = {-1, -1};
  ASSERT_EQ(pipe(ends), 0);
  EXPECT_FALSE(is_terminal(ends[1]));
  EXPECT_EQ(terminal_width(ends[1], 100), 100U);
  EXPECT_FALSE(wants_colour(ColourWhen::Auto, ends[1]));
  EXPECT_TRUE(wants_colour(ColourWhen::Always, ends[1]));
  close(ends[0]);
  close(ends[1]);
}

TEST_F(Terminal, ShowsColourUnlessTheUserObjects) {
  EXPECT_TRUE(is_terminal(terminal_));
  EXPECT_TRUE(wants_colour(ColourWhen::Auto, terminal_));
  EXPECT_FALSE(wants_colour(ColourWhen::Never, terminal_));
  setenv("NO_COLOR", "", 1);  // an empty value does not count
  EXPECT_TRUE(wants_colour(ColourWhen::Auto, terminal_));
  setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(wants_colour(ColourWhen::Auto, terminal_));
  EXPECT_TRUE(wants_colour(ColourWhen::Always, terminal_));  // the nearer wish wins
  unsetenv("NO_COLOR");
  setenv("TERM", "dumb", 1);
  EXPECT_FALSE(wants_colour(ColourWhen::Auto, terminal_));
}

TEST(DisplayWidth, CountsCharacters) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("größe"), 5U);
  EXPECT_EQ(display_width("\xFF\xFE"), 2U);  // not UTF-8: one each
}

TEST(Wrap, Lines) {
  const struct {
    std::string_view text;
    size_t width;
    std::string_view indent;
    std::string_view want;
  } cases[] = {
      {"", 20, "  ", ""},
      {" \n ", 20, "", ""},
      {"one two", 20, "  ", "  one two\n"},
      {"one two three", 9, "", "one two\nthree\n"},
      {"one two", 7, "", "one two\n"},  // exactly as wide
      {"one two", 6, "", "one\ntwo\n"},
      {"one  two\nthree", 20, "", "one two three\n"},
      {"one\n\ntwo", 20, "> ", "> one\n\n> two\n"},
      {"averyverylongword x", 5, " ", " averyverylongword\n x\n"},
      {"größe größe", 11, "", "größe größe\n"},
  };
  for (const auto& c : cases) EXPECT_EQ(wrap(c.text, c.width, c.indent), c.want) << c.text;
}

}  // namespace
}  // namespace sagewarden
