// The program skopeo, by a script of that name.
#include "app/skopeo.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/json_writer.h"
#include "remediate/images.h"

namespace sagewarden {
namespace {

using Kind = aws::CallError::Kind;

// A folder that is first in PATH for as long as this lives.
class FakeSkopeo {
 public:
  explicit FakeSkopeo(const std::string& script)
      : folder_(testing::TempDir() + "skopeo-" + std::to_string(getpid())),
        path_(std::getenv("PATH")) {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ + "/skopeo") << "#!/bin/sh\n" << script;
    chmod((folder_ + "/skopeo").c_str(), 0755);
    setenv("PATH", (folder_ + ":" + path_).c_str(), 1);
  }
  FakeSkopeo(const FakeSkopeo&) = delete;
  FakeSkopeo& operator=(const FakeSkopeo&) = delete;
  ~FakeSkopeo() {
    setenv("PATH", path_.c_str(), 1);
    std::filesystem::remove_all(folder_);
  }

 private:
  std::string folder_;
  std::string path_;
};

aws::Answer ask(const std::string& operation, const std::string& input, bool stopped = false) {
  const std::atomic<bool> stop = stopped;
  const aws::CallAws call = with_skopeo(
      [](const aws::Call&) { return json::parse_document(R"({"aws":true})").value(); }, stop);
  return call({.service = "skopeo", .operation = operation, .region = "eu-west-1", .input = input});
}

std::string digest_of(const std::string& image) {
  const aws::Answer answer = ask("inspect", R"({"image":")" + image + "\"}");
  return answer ? std::string(answer->root["Digest"].string_or("")) : answer.error().message;
}

TEST(Skopeo, TellsTheDigest) {
  const FakeSkopeo fake(R"([ "$*" = "inspect --raw docker://r/churn:3" ] && printf '{"a":1}')");
  // sha256sum of the manifest's bytes.
  EXPECT_EQ(digest_of("r/churn:3"),
            "sha256:015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862");
}

TEST(Skopeo, CopiesWithWhatItIsGiven) {
  const FakeSkopeo fake(
      R"x([ "$*" = 'copy --all --preserve-digests docker://a@sha256:0 docker://b$(id):1' ])x");
  EXPECT_TRUE(ask("copy", R"({"from":"a@sha256:0","to":"b$(id):1"})"));
}

TEST(Skopeo, UnderstandsWhyNot) {
  const struct {
    const char* errors;
    Kind kind;
    const char* message;
  } rows[] = {
      {"time=x\nlevel=fatal msg=\"reading manifest 3 in r/churn: manifest unknown\"",
       Kind::NotFound, "level=fatal msg=\"reading manifest 3 in r/churn: manifest unknown\""},
      {"name unknown: The repository does not exist", Kind::NotFound, nullptr},
      {"unauthorized: authentication required", Kind::Denied, nullptr},
      {"dial tcp: lookup r: no such host", Kind::Failed, nullptr},
      {"toomanyrequests: slow down", Kind::Throttled, nullptr},
      {"whatever", Kind::Invalid, nullptr},
      {"Get https://joe:hunter2@r/v2/: refused", Kind::Invalid, "Get https://r/v2/: refused"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.errors);
    const FakeSkopeo fake("cat >&2 <<'END'\n" + std::string(row.errors) + "\nEND\nexit 1\n");
    const aws::Answer answer = ask("inspect", R"({"image":"r/churn:3"})");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, row.kind);
    if (row.message != nullptr) {
      EXPECT_EQ(answer.error().message, row.message);
    }
  }
}

TEST(Skopeo, TakesNothingElseForAManifest) {
  const FakeSkopeo fake("echo hello");
  EXPECT_EQ(ask("inspect", R"({"image":"r"})").error().kind, Kind::Malformed);
}

TEST(Skopeo, SaysThatItIsNotThere) {
  const std::string path = std::getenv("PATH");
  setenv("PATH", "/nowhere", 1);
  EXPECT_EQ(ask("inspect", R"({"image":"r"})").error().kind, Kind::NotAvailable);
  setenv("PATH", path.c_str(), 1);
}

TEST(Skopeo, StopsWithTheUser) {
  const FakeSkopeo fake("exec sleep 60");
  EXPECT_EQ(ask("copy", R"({"from":"a","to":"b"})", true).error().kind, Kind::Cancelled);
}

TEST(Skopeo, LeavesOtherCallsToAws) {
  const std::atomic<bool> stop = false;
  const aws::CallAws call = with_skopeo(
      [](const aws::Call&) { return json::parse_document(R"({"aws":true})").value(); }, stop);
  EXPECT_TRUE(call({.service = "sagemaker", .operation = "ListModels", .region = "eu-west-1"})
                  ->root["aws"]
                  .boolean());
}

}  // namespace
}  // namespace sagewarden
