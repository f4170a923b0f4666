#include "remediate/claim.h"

#include <gtest/gtest.h>

#include "remediate/aws_for_tests.h"
#include "remediate/path.h"

namespace sagewarden::remediate {
namespace {

using fake::JournalFile;
using TagsOf = std::map<std::string, std::map<std::string, std::string>>;  // ARN → key → value

// AWS with tags: calls about these are answered here, all others by the fake.
class TaggingAws {
 public:
  explicit TaggingAws(fake::Aws& aws) : aws_(aws) {}

  aws::Answer call(const aws::Call& call) {
    const bool is_tagging = call.operation == "AddTags" || call.operation == "DeleteTags" ||
                            call.operation == "ListTags";
    if (!is_tagging) return aws_.call(call);
    if (on_call) on_call(call.operation);
    if (call.operation == failing) return tl::make_unexpected(fake::error(kind, "", "no"));
    const json::Document input = *json::parse_document(call.input);
    auto& tags = all[std::string(input.root["ResourceArn"].string_or(""))];
    for (const json::Value tag : input.root["Tags"].elements())
      tags[std::string(tag["Key"].string_or(""))] = tag["Value"].string_or("");
    for (const json::Value key : input.root["TagKeys"].elements())
      tags.erase(std::string(key.string_or("")));
    std::string answer;
    json::Writer out(answer);
    out.begin_object().key("Tags").begin_array();
    if (call.operation == "ListTags" && lag-- <= 0)
      for (const auto& [key, value] : tags)
        out.begin_object().member("Key", key).member("Value", value).end_object();
    out.end_array().end_object();
    return *json::parse_document(answer);
  }

  TagsOf all = {};
  std::string failing = {};
  fake::Kind kind = fake::Kind::Denied;
  int lag = 0;  // looks that do not show what was set
  std::function<void(std::string_view operation)> on_call = {};

 private:
  fake::Aws& aws_;
};

struct Scene {
  fake::Aws aws = {};
  TaggingAws tagging{aws};
  fake::World world{[this](const aws::Call& call) { return tagging.call(call); }};
  Execution execution = fake::execution_of({fake::endpoint_action(aws, "e")});
  ExecuteOptions options = {.claims = true};

  const ActionState& run(const std::string& file_name) {
    const JournalFile file(file_name);
    EXPECT_TRUE(fake::begin(execution, file.path, options, world.world()));
    return execution.actions.at("1");
  }
  // Of all resources of the action.
  std::vector<std::string> keys() const {
    std::vector<std::string> keys;
    for (const auto& [arn, tags] : tagging.all)
      for (const auto& [key, value] : tags) keys.push_back(key);
    return keys;
  }
  const std::string& first_arn() const {
    return execution.plan.actions.at(0).resources.front().arn;
  }
};

TEST(Claim, LastsAsLongAsTheAction) {
  Scene scene;
  scene.tagging.lag = 3;
  bool was_claimed = false;
  scene.aws.watch = [&] {
    for (const std::string& key : scene.keys()) was_claimed |= key == "sagewarden:lock:e1";
  };
  EXPECT_EQ(scene.run("claim").outcome, Outcome::Done);
  EXPECT_TRUE(was_claimed);
  EXPECT_TRUE(scene.keys().empty());
}

TEST(Claim, KeepsOthersAway) {
  const struct {
    const char* key;
    bool breaks;
    Outcome outcome;
  } rows[] = {
      {"sagewarden:lock:e2", false, Outcome::Refused},
      {"sagewarden:lock:e2", true, Outcome::Done},
      {"sagewarden:lock:e1", false, Outcome::Done},  // its own, from before it was interrupted
      {"Owner", false, Outcome::Done},
  };
  for (const auto& row : rows) {
    Scene scene;
    scene.options.breaks_claims = row.breaks;
    scene.tagging.all[scene.first_arn()][row.key] = "2026-11-30T08:00:00Z";
    const ActionState& state = scene.run("others");
    EXPECT_EQ(state.outcome, row.outcome) << row.key << ": " << state.why;
    const bool refused = row.outcome == Outcome::Refused;
    if (refused) {
      EXPECT_NE(state.why.find("execution e2 since 2026-11-30T08:00:00Z"), std::string::npos)
          << state.why;
    }
    EXPECT_EQ(scene.aws.writes.empty(), refused);
    const bool stays = refused || std::string_view(row.key) == "Owner";
    EXPECT_EQ(scene.keys(), stays ? std::vector<std::string>{row.key} : std::vector<std::string>());
  }
}

// Who comes between the other's tag and its look is seen.
TEST(Claim, IsNotHeldByTwo) {
  Scene scene;
  scene.tagging.on_call = [&](std::string_view operation) {
    if (operation == "ListTags")
      scene.tagging.all[scene.first_arn()]["sagewarden:lock:late"] = "now";
  };
  EXPECT_EQ(scene.run("two").outcome, Outcome::Refused);
  EXPECT_EQ(scene.keys(), std::vector<std::string>{"sagewarden:lock:late"});
}

TEST(Claim, IsNotNeededForWhatIsGone) {
  Scene scene;
  scene.tagging.failing = "AddTags";
  scene.tagging.kind = fake::Kind::NotFound;
  EXPECT_EQ(scene.run("gone").outcome, Outcome::Done);
}

TEST(Claim, OfWhatIsTakenBackIsTakenOver) {
  Scene scene;
  scene.execution.undoes = "e0";
  scene.tagging.all[scene.first_arn()]["sagewarden:lock:e0"] = "now";
  EXPECT_EQ(scene.run("undoes").outcome, Outcome::Done);
  EXPECT_TRUE(scene.keys().empty());
}

TEST(Claim, ThatCannotBeMadeStopsTheAction) {
  for (const char* operation : {"AddTags", "ListTags"}) {
    Scene scene;
    scene.tagging.failing = operation;
    const ActionState& state = scene.run("denied");
    EXPECT_EQ(state.outcome, Outcome::Failed);
    EXPECT_NE(state.why.find("--no-tag-lock"), std::string::npos) << state.why;
    EXPECT_TRUE(scene.aws.writes.empty());
    EXPECT_TRUE(scene.keys().empty());
  }
  Scene scene;
  scene.tagging.lag = 1000;
  EXPECT_EQ(scene.run("unseen").outcome, Outcome::Failed);
}

TEST(Claim, IsTriedAgain) {
  for (const char* operation : {"AddTags", "ListTags", "DeleteTags"}) {
    Scene scene;
    scene.tagging.failing = operation;
    scene.tagging.kind = fake::Kind::Failed;
    int left = 3;
    scene.tagging.on_call = [&](std::string_view called) {
      if (called == operation && --left == 0) scene.tagging.failing.clear();
    };
    EXPECT_EQ(scene.run("again").outcome, Outcome::Done);
    EXPECT_TRUE(scene.keys().empty()) << operation;
  }
}

TEST(Claim, ThatStaysIsSaid) {
  Scene scene;
  scene.tagging.failing = "DeleteTags";
  EXPECT_EQ(scene.run("stays").outcome, Outcome::Done);
  ASSERT_FALSE(scene.world.said.empty());
  EXPECT_NE(scene.world.said.back().find("the tag sagewarden:lock:e1 stays on"), std::string::npos);
}

TEST(Claim, IsNotSeenInTags) {
  const aws::CallAws call = [](const aws::Call&) -> aws::Answer {
    return *json::parse_document(R"({"Tags":[{"Key":"A","Value":"1"},)"
                                 R"({"Key":"sagewarden:lock:x","Value":"t"}],"NextToken":"n"})");
  };
  const aws::CallAws hiding = hiding_claims(call);
  const auto text_of_answer = [&](const char* operation) {
    aws::Call made;
    made.operation = operation;
    return canonical(hiding(made)->root);
  };
  EXPECT_EQ(text_of_answer("ListTags"), R"({"NextToken":"n","Tags":[{"Key":"A","Value":"1"}]})");
  EXPECT_NE(text_of_answer("DescribeModel").find("lock"), std::string::npos);
}

}  // namespace
}  // namespace sagewarden::remediate
