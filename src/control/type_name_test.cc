#include "control/type_name.h"

#include <gtest/gtest.h>

namespace sagewarden {
namespace {

TEST(TypeName, TakesEveryKindOfName) {
  // Those of SageMaker's API that CloudFormation has no type for are in the second half.
  for (const char* type :
       {"AWS::SageMaker::Model", "AWS::SageMaker::App", "AWS::SageMaker::PartnerApp",
        "AWS::S3::Bucket", "Alexa::ASK::Skill", "Acme::ML::Notebook::MODULE",
        "AWS::SageMaker::Modell::MODULE", "Custom::Thing_1@a-b", "AWS::SageMaker::TrainingJob",
        "AWS::SageMaker::Hub", "AWS::SageMaker::Action", "AWS::SageMaker::Trial",
        "AWS::SageMaker::Workforce", "AWS::SageMaker::Context", "AWS::SageMaker::Experiment",
        "AWS::SageMaker::LabelingJob", "AWS::SageMaker::ClusterNode"})
    EXPECT_EQ(type_problem(type), "");
}

TEST(TypeName, RefusesWhatIsNoName) {
  for (const char* type :
       {"", "model", "AWS::", "AWS:SageMaker:Model", "SageMaker::Notebook", "AWS::SageMaker",
        "AWS::SageMaker::Model::Thing", "AWS::SageMaker::Model::X::MODULE", "A:::B::C", "A::::C",
        "::SageMaker::Model", "Custom::", "Custom::a b", "AWS::SageMaker::Model ",
        "a::b::\xC3\xA9"})
    EXPECT_NE(type_problem(type).find("is no CloudFormation type such as"), std::string::npos)
        << type;
}

TEST(TypeName, KnowsWhatWasMeant) {
  const struct {
    std::string_view type, meant;
  } rows[] = {
      {"AWS::SageMaker::NotebokInstance", "AWS::SageMaker::NotebookInstance"},
      {"AWS::SageMaker::Notebook", "AWS::SageMaker::NotebookInstance"},
      {"AWS::SageMaker::EndpointConfiguration", "AWS::SageMaker::EndpointConfig"},
      {"AWS::SageMaker::Models", "AWS::SageMaker::Model"},
      {"AWS::SageMaker::model", "AWS::SageMaker::Model"},
      {"AWS::Sagemaker::Model", "AWS::SageMaker::Model"},
      {"aws::sagemaker::trainingjob", "AWS::SageMaker::trainingjob"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(type_problem(row.type), "no type is called " + std::string(row.type) +
                                          "; did you mean " + std::string(row.meant) + "?");
}

}  // namespace
}  // namespace sagewarden
