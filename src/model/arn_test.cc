#include "model/arn.h"

#include <gtest/gtest.h>

namespace sagewarden {
namespace {

TEST(Arn, Parts) {
  const struct {
    std::string_view text;
    Arn want;
  } cases[] = {
      {"arn:aws:sagemaker:eu-west-1:012345678901:model/churn",
       {"aws", "sagemaker", "eu-west-1", "012345678901", "model/churn"}},
      {"arn:aws-cn:s3:::bucket/a:b", {"aws-cn", "s3", "", "", "bucket/a:b"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const Result<Arn> arn = parse_arn(c.text);
    ASSERT_TRUE(arn);
    EXPECT_EQ(*arn, c.want);
  }
}

TEST(Arn, Refused) {
  for (const std::string_view text :
       {"", "model/churn", "arn:aws:sagemaker:eu-west-1:1", "arn:aws:sagemaker:eu-west-1:1:",
        "arn::sagemaker:eu-west-1:1:x", "ARN:aws:sagemaker:eu-west-1:1:x"}) {
    EXPECT_FALSE(parse_arn(text)) << text;
  }
}

TEST(Arn, PartitionOfRegion) {
  const struct {
    std::string_view region, want;
  } cases[] = {{"eu-west-1", "aws"},
               {"us-east-1", "aws"},
               {"us-gov-west-1", "aws-us-gov"},
               {"cn-north-1", "aws-cn"},
               {"us-isob-east-1", "aws-iso-b"},
               {"us-iso-east-1", "aws-iso"},
               {"eusc-de-east-1", "aws-eusc"},
               {"", "aws"}};
  for (const auto& c : cases) EXPECT_EQ(partition_of_region(c.region), c.want) << c.region;
}

}  // namespace
}  // namespace sagewarden
