#include "remediate/wording.h"

#include <gtest/gtest.h>

namespace sagewarden::remediate {
namespace {

TEST(Wording, SaysWhatIsSeenAndNoSecret) {
  const json::Document answer = *json::parse_document(
      R"({"Status":"Failed","Count":2,"Container":{"Environment":{"KEY":"hunter2"}},"List":["hunter2"],)"
      R"("AuthToken":"hunter2","Line":"a\nb"})");
  const struct {
    Expectation expected;
    const char* wanted;
  } rows[] = {
      {equals("Status", "Failed"), ""},
      {equals("Status", "InService"), R"(Status is "Failed", not "InService")"},
      {any_of("Status", {"A", "B"}), R"(Status is "Failed", not "A" or "B")"},
      {equals_json("Count", "3"), "Count is 2, not 3"},
      {missing("Status"), "Status is set"},
      {equals("Nothing", "x"), R"(Nothing is not set, not "x")"},
      {equals("Container.Environment.KEY", "s3cret"),
       "Container.Environment.KEY has another value"},
      {equals("AuthToken", "s3cret"), "AuthToken has another value"},
      {equals("List", "x"), R"(List has another value, not "x")"},
      {equals_json("Container", R"({"Environment":{"KEY":"s3cret"}})"),
       "Container has another value"},
      {equals("Line", "x"), R"(Line is "a\nb", not "x")"},
  };
  for (const auto& row : rows) EXPECT_EQ(unmet({row.expected}, answer.root), row.wanted);
  EXPECT_EQ(met({equals("Status", "A"), equals("Status", "Failed")}, answer.root),
            R"(Status is "Failed")");
  EXPECT_EQ(met({equals("Status", "A")}, answer.root), "");
}

TEST(Wording, TakesSecretsOutOfWhatAwsSays) {
  const PlannedCall planned = {
      .operation = "CreateModel",
      .input =
          R"({"ModelName":"m","Containers":[{"Environment":{"A":"long-secret","B":"long","C":"1"}}]})"};
  aws::CallError error;
  error.kind = aws::CallError::Kind::Invalid;
  error.service = "sagemaker";
  error.operation = "CreateModel";
  error.code = "ValidationException";
  error.message = "Value '{A=long-secret, B=long, C=1}' of m is wrong";
  const std::string text = told(error, planned, {"iam:PassRole"});
  EXPECT_NE(text.find("'{A=[hidden], B=[hidden], C=1}' of m is wrong"), std::string::npos) << text;
  EXPECT_EQ(text.find("iam:PassRole"), std::string::npos) << "that is not why";
  error.kind = aws::CallError::Kind::Denied;
  EXPECT_NE(
      told(error, planned, {"iam:PassRole"}).find("; allow sagemaker:CreateModel, iam:PassRole"),
      std::string::npos);
  const json::Document answer = *json::parse_document(R"({"FailureReason":"bad: long-secret"})");
  EXPECT_EQ(reason_of(answer.root, planned), " (AWS: bad: [hidden])");
  EXPECT_EQ(reason_of({}, planned), "");
  const json::Document job =
      *json::parse_document(R"({"Metadata":{"state":"failed","reason":"AccessDenied"}})");
  EXPECT_EQ(reason_of(job.root, planned), " (it says: AccessDenied)");
}

}  // namespace
}  // namespace sagewarden::remediate
