#include "source/walk.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "source/config/recording_sink.h"

namespace sagewarden {
namespace {

using config::joined;
using config::RecordingSink;
namespace fs = std::filesystem;

class WalkTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "walk_XXXXXX";
    root_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { fs::remove_all(root_); }

  void file(const std::string& path, std::string_view content = "x") const {
    fs::create_directories(fs::path(root_ + "/" + path).parent_path());
    std::ofstream(root_ + "/" + path) << content;
  }

  // The files below the root that the inputs (below it too) stand for, "!" before the named ones.
  std::string found(const std::vector<std::string>& inputs) {
    sink_ = {};
    std::vector<std::string> paths;
    for (const std::string& input : inputs)
      paths.push_back(input.starts_with('/') || input == "-" ? input : root_ + "/" + input);
    std::string out;
    for (const InputFile& file : find_files(paths, sink_)) {
      std::string path = file.path;
      if (path.starts_with(root_)) path.erase(0, root_.size() + 1);
      out += (out.empty() ? "" : " ") + std::string(file.named ? "!" : "") + path;
    }
    return out;
  }

  std::string root_;
  RecordingSink sink_;
};

TEST_F(WalkTest, FoldersToTheBottomInOrder) {
  for (const char* path :
       {"b/z.json", "b/a.json", "b/c/deep/er/x.yaml", "b/B.json", "a.json", "b/c/1.gz"})
    file(path);
  EXPECT_EQ(found({"b"}), "b/B.json b/a.json b/c/1.gz b/c/deep/er/x.yaml b/z.json");
  EXPECT_EQ(found({"b/"}), "b/B.json b/a.json b/c/1.gz b/c/deep/er/x.yaml b/z.json");
  EXPECT_EQ(found({"a.json", "b/c", "a.json"}), "!a.json b/c/1.gz b/c/deep/er/x.yaml");
  EXPECT_EQ(joined(sink_.passed), "file given twice");
  EXPECT_EQ(found({"b/z.json", "b"}), "!b/z.json b/B.json b/a.json b/c/1.gz b/c/deep/er/x.yaml");
  EXPECT_EQ(sink_.gaps.size(), 0U);
}

TEST_F(WalkTest, StandardInputOnce) {
  file("a");
  EXPECT_EQ(found({"-", "a", "-"}), "!- !a");
}

TEST_F(WalkTest, Patterns) {
  for (const char* path : {"x/one.json", "x/two.json", "x/two.txt", "x/.hidden.json",
                           "x/y/three.json", "x/y/z/four.json", "x/.git/five.json",
                           "x/node_modules/six.json", "q[1].json", "star*.json"})
    file(path);
  const struct {
    std::string pattern;
    std::string want;
  } cases[] = {
      {"x/*.json", "!x/one.json !x/two.json"},
      {"x/t?o.*", "!x/two.json !x/two.txt"},
      {"*/one.json", "!x/one.json"},
      {"x/*/three.json", "!x/y/three.json"},
      {"x/**/*.json", "!x/one.json !x/two.json !x/y/three.json !x/y/z/four.json"},
      {"x/**/z/*.json", "!x/y/z/four.json"},
      {"**/four.json", "!x/y/z/four.json"},
      // `*` alone does not say what a file is.
      {"x/y/**", "x/y/three.json x/y/z/four.json"},
      {"x/*",
       "x/node_modules/six.json x/one.json x/two.json x/two.txt x/y/three.json x/y/z/four.json"},
      {"x/.h*", "!x/.hidden.json"},
      // A folder that matches is walked, as if it were named.
      {"x/y*", "x/y/three.json x/y/z/four.json"},
      // What exists is no pattern.
      {"star*.json", "!star*.json"},
      {"q[1].json", "!q[1].json"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(found({c.pattern}), c.want) << c.pattern;
    EXPECT_EQ(joined(sink_.gaps), "") << c.pattern;
  }
  for (const char* pattern : {"x/*.yaml", "none/*", "x/one.json/*", "x/**/none"}) {
    EXPECT_EQ(found({pattern}), "");
    ASSERT_EQ(sink_.gap_list.size(), 1U) << pattern;
    EXPECT_EQ(sink_.gaps[0], "UNREADABLE: nothing matches");
    EXPECT_EQ(sink_.gap_list[0].location.file, root_ + "/" + pattern);
  }
}

TEST_F(WalkTest, WhatIsNotThereIsAGap) {
  EXPECT_EQ(found({"gone.json"}), "");
  ASSERT_EQ(sink_.gap_list.size(), 1U);
  EXPECT_EQ(sink_.gap_list[0].location.file, root_ + "/gone.json");
  EXPECT_EQ(sink_.gaps[0], "UNREADABLE: No such file or directory");
  file("folder/a");
  fs::create_symlink("nowhere", root_ + "/folder/dangling");
  EXPECT_EQ(found({"folder"}), "folder/a");
  ASSERT_EQ(sink_.gap_list.size(), 1U);
  EXPECT_EQ(sink_.gap_list[0].location.file, root_ + "/folder/dangling");
}

// Also when its folder comes first.
TEST_F(WalkTest, WhatIsNamedIsNamedInAnyOrder) {
  file("a/one.json");
  file("a/two.json");
  EXPECT_EQ(found({"a", "a/two.json"}), "a/one.json !a/two.json");
  EXPECT_EQ(found({"a/two.json", "a"}), "!a/two.json a/one.json");
}

TEST_F(WalkTest, LinksThatLeadBack) {
  file("a/one.json");
  file("a/b/two.json");
  fs::create_directory_symlink("..", root_ + "/a/b/up");
  fs::create_directory_symlink(".", root_ + "/a/b/here");
  fs::create_directory_symlink("self", root_ + "/a/self");
  fs::create_symlink("one.json", root_ + "/a/same.json");
  fs::create_directory_symlink("../a/b", root_ + "/a/again");
  EXPECT_EQ(found({"a"}), "a/again/two.json a/one.json");
  ASSERT_EQ(sink_.gap_list.size(), 1U) << joined(sink_.gaps);
  EXPECT_EQ(sink_.gap_list[0].location.file, root_ + "/a/self");
  EXPECT_EQ(joined(sink_.passed), "file given twice");
  // Each folder is followed once, so that this ends.
  EXPECT_EQ(found({"a/**/*.json"}), "!a/one.json !a/again/two.json");
}

TEST_F(WalkTest, UnreadableFoldersAreGaps) {
  if (::geteuid() == 0) GTEST_SKIP() << "root reads everything";
  file("a/one.json");
  file("a/locked/two.json");
  ::chmod((root_ + "/a/locked").c_str(), 0);
  EXPECT_EQ(found({"a"}), "a/one.json");
  EXPECT_EQ(joined(sink_.gaps), "UNREADABLE: Permission denied");
  ::chmod((root_ + "/a/locked").c_str(), 0700);
}

TEST_F(WalkTest, LeavesOutWhatToolsKeep) {
  for (const char* path :
       {"p/.git/a.json", "p/.terraform/b.json", "p/node_modules/c/d.json", "p/t.yaml", "p/.env"})
    file(path);
  EXPECT_EQ(found({"p"}), "p/.env p/t.yaml");
  EXPECT_EQ(sink_.passed, std::vector<std::string>(3, "hidden or tool folder"));
  // Named, it is meant.
  EXPECT_EQ(found({"p/.git"}), "p/.git/a.json");
  fs::create_directories(root_ + "/p/pipes");
  ASSERT_EQ(::mkfifo((root_ + "/p/pipes/fifo").c_str(), 0600), 0);
  EXPECT_EQ(found({"p/pipes"}), "");
  EXPECT_EQ(joined(sink_.passed), "not a known input");
  EXPECT_EQ(found({"p/pipes/fifo"}), "!p/pipes/fifo");
}

TEST_F(WalkTest, OfAnAssemblyOnlyTheTemplates) {
  for (const char* path :
       {"app/cdk.out/cdk.out", "app/cdk.out/manifest.json", "app/cdk.out/tree.json",
        "app/cdk.out/Main.template.json", "app/cdk.out/Main.assets.json",
        "app/cdk.out/asset.1234/package.json", "app/cdk.out/assembly-Prod/cdk.out",
        "app/cdk.out/assembly-Prod/manifest.json",
        "app/cdk.out/assembly-Prod/ProdStack.template.json",
        "app/cdk.out/MainNested1.nested.template.json", "app/lib/stack.ts"})
    file(path, std::string_view(path).ends_with("/cdk.out") ? R"({"version":"36.0.0"})" : "x");
  // What is there beside is looked at as anywhere else.
  for (const char* path : {"app/cdk.out/own.yaml", "app/cdk.out/more/own.json"}) file(path);
  EXPECT_EQ(found({"app"}),
            "app/cdk.out/Main.template.json app/cdk.out/MainNested1.nested.template.json "
            "app/cdk.out/assembly-Prod/ProdStack.template.json app/cdk.out/more/own.json "
            "app/cdk.out/own.yaml app/lib/stack.ts");
  EXPECT_EQ(sink_.passed.size(), 7U);
}

TEST_F(WalkTest, WhatOnlyLooksLikeAnAssemblyHidesNothing) {
  for (const char* path : {"a/t.yaml", "a/x.assets.json", "a/cdk.out"}) file(path, "");
  EXPECT_EQ(found({"a"}), "a/cdk.out a/t.yaml a/x.assets.json");
  file("a/manifest.json");
  EXPECT_EQ(found({"a"}), "a/cdk.out a/manifest.json a/t.yaml a/x.assets.json");
  file("a/cdk.out", R"({"no version":"1"})");
  EXPECT_EQ(found({"a"}), "a/cdk.out a/manifest.json a/t.yaml a/x.assets.json");
  file("a/cdk.out", R"({"version":"1"})" + std::string(4096, ' '));
  EXPECT_EQ(found({"a"}), "a/cdk.out a/manifest.json a/t.yaml a/x.assets.json");
  EXPECT_EQ(sink_.passed.size(), 0U);
}

TEST_F(WalkTest, FoldersTooDeepAreAGap) {
  for (const size_t depth : {kMaxFolderDepth, kMaxFolderDepth + 1}) {
    std::string path = "d" + std::to_string(depth);
    for (size_t level = 0; level < depth; ++level) path += "/x";
    file(path + "/a.json");
    const bool fits = depth == kMaxFolderDepth;
    EXPECT_EQ(found({"d" + std::to_string(depth)}), fits ? path + "/a.json" : "");
    EXPECT_EQ(joined(sink_.gaps), fits ? "" : "UNREADABLE: more than 128 folders deep");
  }
}

}  // namespace
}  // namespace sagewarden
