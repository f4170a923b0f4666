#include "app/paths.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace sagewarden {
namespace {

namespace fs = std::filesystem;

class PathsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "sagewarden-paths-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    fs::create_directories(at("in/deeper"));
    fs::create_directories(at("elsewhere/below"));
    for (const std::string_view name : {"a.json", "in/b.json", "in/deeper/b.json", "x.yaml"})
      std::ofstream(at(name)) << "{}";
    fs::create_symlink("a.json", at("link.json"));
    fs::create_hard_link(at("a.json"), at("hard.json"));
    fs::create_directory_symlink("elsewhere/below", at("away"));
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string at(std::string_view name) const { return folder_ + "/" + std::string(name); }
  std::string why(const ScanOptions& options) const {
    const Result<void> done = check_reports(options);
    return done ? "" : done.error().message;
  }
  ReportTarget to(std::string_view name) const { return {find_format("json"), at(name)}; }

  std::string folder_;
};

TEST_F(PathsTest, NoReportReplacesAnother) {
  const struct {
    std::string_view first;
    std::string_view second;
    bool right;
  } cases[] = {
      {"r", "s", true},
      {"r", "r", false},
      {"r", "./r", false},
      {"r", "in/../r", false},
      {"in/r", "in//r", false},
      {"r", "in/r", true},
      {"a.json", "link.json", false},
      {"a.json", "hard.json", false},
  };
  for (const auto& c : cases) {
    ScanOptions options;
    options.reports = {to(c.first), to(c.second)};
    EXPECT_EQ(why(options).empty(), c.right) << c.first << " " << c.second << " " << why(options);
  }
}

TEST_F(PathsTest, NoReportReplacesWhatIsRead) {
  const auto with = [&](auto set) {
    ScanOptions options;
    options.reports = {to("r"), to("link.json")};
    set(options);
    return why(options);
  };
  EXPECT_EQ(with([](ScanOptions&) {}), "");
  const std::string same = at("./a.json");
  const struct {
    std::string got;
    std::string what;
  } cases[] = {
      {with([&](ScanOptions& o) { o.baseline_file = same; }), "the baseline"},
      {with([&](ScanOptions& o) { o.exceptions_file = same; }), "the file of the exceptions"},
      {with([&](ScanOptions& o) { o.source.parameter_files = {same}; }), "a file of parameters"},
      {with([&](ScanOptions& o) { o.source.tag_files = {same}; }), "a file of tags"},
      {with([&](ScanOptions& o) { o.controls.folders = {same}; }), "a file of controls"},
      {with([&](ScanOptions& o) {
         o.inputs = {at("in"), same};
       }),
       "an input"},
  };
  for (const auto& c : cases)
    EXPECT_EQ(c.got, "the report " + at("link.json") + " would replace " + same + ", " + c.what +
                         ": give it another file");
  EXPECT_NE(with([&](ScanOptions& o) { o.inputs = {at("*.json")}; }).find("an input"),
            std::string::npos);
  // A report of an earlier run may lie in the folder that is scanned.
  EXPECT_EQ(with([&](ScanOptions& o) { o.inputs = {folder_, "-"}; }), "");
  std::ofstream(at("a.json")) << "Resources:\n  R: {}\n";
  EXPECT_NE(with([&](ScanOptions& o) {
              o.inputs = {folder_ + "/in/..", "-"};
            }).find("would replace an input in"),
            std::string::npos);
  EXPECT_EQ(with([&](ScanOptions& o) { o.inputs = {at("in")}; }), "");
  std::ofstream(at("Acme.1.yaml")) << "id: Acme.1\n";
  EXPECT_NE(with([&](ScanOptions& o) {
              o.controls.folders = {folder_};
              o.reports = {to("Acme.1.yaml")};
            }).find("a file of controls"),
            std::string::npos);
}

TEST_F(PathsTest, TheWayAPathIsTypedDoesNotMatter) {
  const struct {
    std::string path;
    std::string want;
  } cases[] = {
      {"-", "-"},
      {"", ""},
      {".", "."},
      {"./", "."},
      {"a.json", "a.json"},
      {"./a.json", "a.json"},
      {".//./in///b.json", "in/b.json"},
      {"/x//./y", "/x/y"},
      {".hidden/./x", ".hidden/x"},
      {"./*.json", "*.json"},
      {"in/../*.json", "in/../*.json"},
      {"../x", "../x"},
      {at("in/../a.json"), at("a.json")},
      {at("in/deeper/../b.json"), at("in/b.json")},
      // Through a link, the step back leads to elsewhere/.
      {at("away/../x.yaml"), at("away/../x.yaml")},
  };
  for (const auto& c : cases) EXPECT_EQ(normal_path(c.path), c.want) << c.path;
}

}  // namespace
}  // namespace sagewarden
