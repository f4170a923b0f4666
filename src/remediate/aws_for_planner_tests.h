// Stands in for AWS in the planners' tests: an answer or an error for each call and input, and a
// list of what was asked. What a plan asks of it is a violation unless it was given.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "remediate/path.h"
#include "remediate/planner.h"

namespace sagewarden::remediate {

class PlannerAws {
 public:
  // The input is compared as a document.
  void answers(std::string_view operation, std::string_view input, std::string_view output) {
    answers_[key_of(operation, input)] = {std::string(output), {}};
  }
  void fails(std::string_view operation, std::string_view input, aws::CallError error) {
    answers_[key_of(operation, input)] = {{}, std::move(error)};
  }
  void has_tags(std::string_view arn, std::string_view tags) {
    answers("ListTags", R"({"MaxResults":100,"ResourceArn":")" + std::string(arn) + R"("})",
            R"({"Tags":)" + std::string(tags) + "}");
  }

  std::vector<Action> plan(PlanFamily family, const Broken& broken,
                           const PlanOptions& options = {}) {
    const aws::CallAws call = [this](const aws::Call& asked) { return answer(asked); };
    const Reader reader(call, {"111122223333", "eu-west-1", "aws", nullptr});
    return family({&broken, 1}, {options, reader});
  }

 private:
  struct Given {
    std::string output;
    aws::CallError error;
  };

  static std::string key_of(std::string_view operation, std::string_view input) {
    return std::string(operation) + " " + canonical(json::parse_document(input)->root);
  }

  aws::Answer answer(const aws::Call& asked) {
    const auto given = answers_.find(key_of(asked.operation, asked.input));
    if (given == answers_.end()) {
      ADD_FAILURE() << "nothing was given for " << asked.operation << " " << asked.input;
      return tl::make_unexpected(aws::CallError{});
    }
    if (!given->second.output.empty())
      return std::move(*json::parse_document(given->second.output));
    aws::CallError error = given->second.error;
    error.service = asked.service;
    error.operation = asked.operation;
    return tl::make_unexpected(std::move(error));
  }

  std::map<std::string, Given> answers_;
};

inline Broken broken_one(std::string_view type, std::string_view part, std::string_view name,
                         std::initializer_list<const char*> controls) {
  Broken broken;
  broken.target = {
      "AWS::SageMaker::" + std::string(type),
      "arn:aws:sagemaker:eu-west-1:111122223333:" + std::string(part) + "/" + std::string(name),
      std::string(name),
      "111122223333",
      "eu-west-1",
      "aws"};
  for (const char* control : controls)
    broken.findings.push_back(
        {std::string("finding of ") + control, control, broken.target.arn, ""});
  return broken;
}

// What every action has to say and to hold, whatever it does.
inline void expect_whole(const std::vector<Action>& actions, const Broken& broken) {
  std::map<std::string, int> ends;
  for (const Action& action : actions) {
    for (const Repaired& repaired : action.findings) {
      ++ends[repaired.finding];
      EXPECT_NE(repaired.passes_at, "");
    }
    ASSERT_FALSE(action.resources.empty());
    EXPECT_NE(action.summary, "");
    EXPECT_NE(action.downtime, "");
    EXPECT_NE(action.cost, "");
    EXPECT_EQ(action.way == Way::ByHand, action.steps.empty()) << action.summary;
    if (action.way == Way::ByHand) {
      EXPECT_FALSE(action.advice.empty()) << action.summary;
      continue;
    }
    EXPECT_FALSE(action.risks.empty()) << action.summary;
    EXPECT_FALSE(action.seen.empty()) << action.summary;
    std::vector<Step> steps = action.steps;
    steps.insert(steps.end(), action.cleanup.begin(), action.cleanup.end());
    for (const Step& step : steps) {
      EXPECT_NE(step.title, "");
      EXPECT_FALSE(step.undo.empty() && step.no_undo.empty()) << step.title;
      EXPECT_TRUE(step.check.gone || !step.check.reached.empty()) << step.title;
      EXPECT_TRUE(json::parse_document(step.call.input)) << step.call.input;
    }
  }
  for (const Repaired& repaired : broken.findings)
    EXPECT_EQ(ends[repaired.finding], 1) << repaired.finding;
  EXPECT_EQ(ends.size(), broken.findings.size());
}

// "StopNotebookInstance {…}", …
inline std::vector<std::string> calls_of(const std::vector<Step>& steps) {
  std::vector<std::string> calls;
  for (const Step& step : steps) calls.push_back(step.call.operation + " " + step.call.input);
  return calls;
}

inline std::string joined(const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& sentence : sentences) text += sentence + "\n";
  return text;
}

}  // namespace sagewarden::remediate
