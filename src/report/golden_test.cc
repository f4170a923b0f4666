// Every format of fixed runs, byte by byte. UPDATE_GOLDEN=1 rewrites the files; look at the
// difference before it is committed.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "report/sample.h"

namespace sagewarden {
namespace {

struct Golden {
  std::string format;
  Sample sample;
  TextStyle style;
  std::string variant;  // of the style; empty for the usual one

  std::string path() const {
    return fmt::format("{}/tests/golden/{}/{}{}", SAGEWARDEN_SOURCE_DIR, format, sample.name,
                       variant.empty() ? "" : "." + variant);
  }
};

std::vector<Golden> goldens() {
  std::vector<Golden> list;
  for (const Format& format : formats()) {
    const std::string name(format.name);
    // ASFF holds no findings of templates; the usual sample has some.
    list.push_back({name, name == "asff" ? account_sample() : usual_sample(), {}, ""});
    list.push_back({name, clean_sample(), {}, ""});
    list.push_back({name, empty_sample(), {}, ""});
    list.push_back({name, baseline_sample(), {}, ""});
  }
  for (const char* const format : {"html", "json", "markdown", "ndjson", "sarif", "text"})
    list.push_back({format, aws_sample(), {}, ""});
  list.push_back(
      {"text", usual_sample(), {.colour = true, .width = 140, .is_terminal = true}, "colour"});
  list.push_back(
      {"text", usual_sample(), {.colour = false, .width = 80, .is_terminal = true}, "narrow"});
  return list;
}

TEST(Golden, EveryFormat) {
  const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;
  for (const Golden& golden : goldens()) {
    SCOPED_TRACE(golden.path());
    const auto got = render(golden.format, golden.sample, golden.style);
    ASSERT_TRUE(got) << got.error().message;
    if (update) {
      std::filesystem::create_directories(std::filesystem::path(golden.path()).parent_path());
      std::ofstream(golden.path(), std::ios::binary) << *got;
      continue;
    }
    std::ifstream in(golden.path(), std::ios::binary);
    ASSERT_TRUE(in) << "no such golden file: run with UPDATE_GOLDEN=1 to make it";
    const std::string want(std::istreambuf_iterator<char>(in), {});
    EXPECT_TRUE(*got == want) << "differs from the golden file; if that is meant, run with "
                                 "UPDATE_GOLDEN=1 and look at git diff. Got:\n"
                              << got->substr(0, 4000);
  }
}

}  // namespace
}  // namespace sagewarden
