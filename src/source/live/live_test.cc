// Which calls are made, and that what they do not bring is told.
#include "source/live/live.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "source/live/fake_aws_for_tests.h"
#include "source/live/operations.h"
#include "source/types/shape.h"

namespace sagewarden::live {
namespace {

using Kind = aws::CallError::Kind;
using Lines = std::vector<std::string>;

std::string json_of(json::Value value) {
  std::string out;
  json::Writer(out).value(value);
  return out;
}

class Recorded : public Sink {
 public:
  void resource(const Resource& resource) override {
    std::string line =
        fmt::format("{} {} {}", resource.region, resource.name, json_of(resource.properties));
    if (resource.unknown_properties != nullptr && resource.unknown_properties->unknown)
      line = fmt::format("{} {} unread ({})", resource.region, resource.name,
                         resource.unknown_properties->reason);
    if (resource.unknown_tags == nullptr) line += " " + json_of(resource.tags);
    resources.push_back(line);
    arns.emplace_back(resource.arn);
    captured_at = resource.captured_at;
  }
  void gap(Gap gap) override {
    gaps.push_back(fmt::format("{} {} {} {} | {}", gap.code, gap.account, gap.region, gap.operation,
                               gap.message));
  }
  void passed_over(std::string_view reason, std::string_view type) override {
    passed.push_back(fmt::format("{} {}", reason, type));
  }
  Lines sorted() const {
    Lines out = resources;
    std::ranges::sort(out);
    return out;
  }

  Lines resources, arns, gaps, passed;
  std::string captured_at;
};

constexpr std::string_view kAccount = "111122223333";

std::string arn(std::string_view region, std::string_view part, std::string_view name) {
  return fmt::format("arn:aws:sagemaker:{}:{}:{}/{}", region, kAccount, part, name);
}
std::string model(std::string_view region, std::string_view name) {
  return fmt::format(R"({{"ModelName":"{}","ModelArn":"{}","EnableNetworkIsolation":true}})", name,
                     arn(region, "model", name));
}
std::string models(std::string_view region, const Lines& names, std::string_view token = "") {
  std::string out = R"({"Models":[)";
  for (const std::string& name : names) {
    if (!out.ends_with('[')) out += ',';
    out += fmt::format(R"({{"ModelName":"{}","ModelArn":"{}"}})", name, arn(region, "model", name));
  }
  out += "]";
  if (!token.empty()) out += fmt::format(R"(,"NextToken":"{}")", token);
  return out + "}";
}
std::string member(const aws::Call& call, std::string_view name) {
  const Result<json::Document> input = json::parse_document(call.input);
  return std::string(input->root[name].string_or(""));
}
// One model "m" in every Region.
aws::Answer one_model(const aws::Call& call) {
  if (call.operation == "ListModels") return answer(models(call.region, {"m"}));
  if (call.operation == "DescribeModel")
    return answer(model(call.region, member(call, "ModelName")));
  return answer(R"({"Tags":[]})");
}

struct Setting {
  std::vector<TypeNeeds> needs = {
      {"AWS::SageMaker::Model", false, false, {"EnableNetworkIsolation"}}};
  Lines regions = {"eu-west-1"};
  size_t concurrency = 8;
  std::string role_arn = {};
};

Recorded run(FakeAws& aws, const Setting& setting = {}, Progress* progress = nullptr) {
  Recorded sink;
  Progress own;
  const Scope scopes[] = {
      {std::string(kAccount), "aws", setting.regions, nullptr, setting.role_arn}};
  LiveOptions options;
  options.scopes = scopes;
  options.needs = setting.needs;
  options.concurrency = setting.concurrency;
  options.now = [] { return int64_t{1'800'000'000}; };
  const Transport transport = aws.transport();
  collect(options, transport, sink, progress == nullptr ? own : *progress);
  return sink;
}
Recorded run(FakeAws::Handler handler, const Setting& setting = {}) {
  FakeAws aws(std::move(handler));
  return run(aws, setting);
}

std::string read_model(std::string_view region, std::string_view name) {
  return fmt::format(R"({} {} {{"ModelName":"{}","ModelArn":"{}","EnableNetworkIsolation":true}})",
                     region, name, name, arn(region, "model", name));
}

TEST(Operations, OneForEachType) {
  ASSERT_EQ(operations().size(), type_shapes().size());
  for (const TypeShape& shape : type_shapes()) {
    const Operations* const found = find_operations(shape.cloudformation);
    ASSERT_NE(found, nullptr) << shape.cloudformation;
    EXPECT_FALSE(found->list_result.empty());
    EXPECT_FALSE(found->describe_parameter.empty());
  }
}

TEST(Live, ListsAndDescribes) {
  FakeAws aws(one_model);
  const Recorded seen = run(aws);
  EXPECT_EQ(seen.resources, Lines{read_model("eu-west-1", "m")});
  EXPECT_EQ(seen.arns, Lines{arn("eu-west-1", "model", "m")});
  EXPECT_EQ(seen.captured_at, "2027-01-15T08:00:00Z");
  EXPECT_EQ(seen.gaps, Lines{});
  EXPECT_EQ(aws.calls(), (Lines{R"(eu-west-1 ListModels {"MaxResults":100})",
                                R"(eu-west-1 DescribeModel {"ModelName":"m"})"}));
}

TEST(Live, TagsOnlyWhereAControlReadsThem) {
  struct Row {
    TypeNeeds needs;
    Lines operations;
  };
  const Row rows[] = {
      {{"AWS::SageMaker::Model", true, false, {"X"}}, {"ListModels", "DescribeModel", "ListTags"}},
      {{"AWS::SageMaker::Model", true, false, {}}, {"ListModels", "ListTags"}},
      {{"AWS::SageMaker::Model", false, true, {}}, {"ListModels", "DescribeModel"}},
      {{"AWS::SageMaker::Image", true, false, {}}, {"ListImages", "ListTags"}},
      {{"AWS::SageMaker::Image", true, false, {"ImageDescription"}}, {"ListImages", "ListTags"}},
      {{"AWS::SageMaker::Image", false, false, {"ImageDescription"}}, {"ListImages"}},
      {{"AWS::SageMaker::Image", false, false, {"ImageRoleArn"}}, {"ListImages", "DescribeImage"}},
  };
  for (const Row& row : rows) {
    FakeAws aws([](const aws::Call& call) -> aws::Answer {
      if (call.operation == "ListImages" || call.operation == "DescribeImage") {
        const std::string image = fmt::format(
            R"("ImageName":"i","ImageArn":"{}","Description":"d")", arn(call.region, "image", "i"));
        return answer(call.operation == "ListImages" ? "{\"Images\":[{" + image + "}]}"
                                                     : "{" + image + "}");
      }
      if (call.operation == "ListTags") return answer(R"({"Tags":[{"Key":"Owner","Value":"a"}]})");
      return one_model(call);
    });
    Setting setting;
    setting.needs = {row.needs};
    const Recorded seen = run(aws, setting);
    Lines operations;
    for (const std::string& call : aws.calls()) operations.emplace_back(split(call, ' ')[1]);
    EXPECT_EQ(operations, row.operations);
    ASSERT_EQ(seen.resources.size(), 1U);
    EXPECT_EQ(seen.resources[0].ends_with(R"( {"Owner":"a"})"), row.needs.tags)
        << seen.resources[0];
    EXPECT_EQ(seen.gaps, Lines{});
  }
}

TEST(Live, Pages) {
  const auto page = [](const aws::Call& call) -> aws::Answer {
    if (call.operation != "ListModels") return one_model(call);
    const std::string token = member(call, "NextToken");
    if (token.empty()) return answer(models(call.region, {"a", "b"}, "2"));
    if (token == "2") return answer(models(call.region, {}, "3"));     // pages may be empty
    if (token == "3") return answer(models(call.region, {"b", "c"}));  // and overlap
    return refused(Kind::Invalid, "ValidationException");
  };
  const Recorded seen = run(page);
  EXPECT_EQ(seen.sorted(), (Lines{read_model("eu-west-1", "a"), read_model("eu-west-1", "b"),
                                  read_model("eu-west-1", "c")}));
  EXPECT_EQ(seen.gaps, Lines{});
}

TEST(Live, ListsThatDoNotEnd) {
  struct Row {
    std::string_view what;
    FakeAws::Handler handler;
  };
  int count = 0;
  const Row rows[] = {
      {"the same token again",
       [](const aws::Call& call) { return answer(models(call.region, {"a"}, "again")); }},
      {"always another token",
       [&count](const aws::Call& call) {
         return answer(models(call.region, {"a"}, std::to_string(++count)));
       }},
      {"a token that is none",
       [](const aws::Call& call) {
         const std::string page = models(call.region, {"a"});
         return answer(page.substr(0, page.size() - 1) + R"(,"NextToken":7})");
       }},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    const Recorded seen = run([&row](const aws::Call& call) {
      return call.operation == "ListModels" ? row.handler(call) : one_model(call);
    });
    EXPECT_EQ(seen.resources, Lines{read_model("eu-west-1", "a")});
    ASSERT_EQ(seen.gaps.size(), 1U);
    EXPECT_EQ(
        seen.gaps[0],
        "MALFORMED 111122223333 eu-west-1 sagemaker:ListModels | of the models of this Region, "
        "no more than 1 were seen: its pages do not come to an end; what stands between here "
        "and AWS (a proxy, --endpoint-url) may have answered");
  }
}

TEST(Live, ListThatFails) {
  struct Row {
    std::string_view what;
    aws::Answer first;
    std::string gap;
  };
  const Row rows[] = {
      {"denied", refused(Kind::Denied, "AccessDeniedException", "User: u is not authorized"),
       "ACCESS_DENIED 111122223333 eu-west-1 sagemaker:ListModels | the models of this Region were "
       "not seen: AccessDeniedException: User: u is not authorized; allow sagemaker:ListModels to "
       "whoever scans (a service control policy may be what denies it)"},
      {"throttled", refused(Kind::Throttled, "ThrottlingException", "Rate exceeded"),
       "THROTTLED 111122223333 eu-west-1 sagemaker:ListModels | the models of this Region were not "
       "seen: ThrottlingException: Rate exceeded; scan again with a lower --concurrency"},
      {"no such operation", refused(Kind::NotAvailable, "UnknownOperationException", ""),
       "NOT_AVAILABLE 111122223333 eu-west-1 sagemaker:ListModels | the models of this Region were "
       "not seen: UnknownOperationException; this Region does not offer it"},
      {"no list in it", answer("{}"),
       "MALFORMED 111122223333 eu-west-1 sagemaker:ListModels | the models of this Region were not "
       "seen: the answer holds no list; what stands between here and AWS (a proxy, --endpoint-url) "
       "may have answered"},
      {"no names in it", answer(R"({"Models":[{"ModelArn":"x"},7]})"),
       "MALFORMED 111122223333 eu-west-1 sagemaker:ListModels | 2 of the models of this Region "
       "could not be read: the answer does not name them; what stands between here and AWS (a "
       "proxy, --endpoint-url) may have answered"},
      {"Region not enabled", refused(Kind::Credentials, "UnrecognizedClientException", "invalid"),
       "REGION_NOT_ENABLED 111122223333 eu-west-1 sagemaker:ListModels | nothing of this Region "
       "was "
       "seen: UnrecognizedClientException: invalid; the account has not enabled the Region: leave "
       "it out of --region, or enable it"},
      {"no endpoint", refused(Kind::Failed, "", "no such host", 0),
       "NO_ANSWER 111122223333 eu-west-1 sagemaker:ListModels | nothing of this Region was seen: "
       "no "
       "such host; is there such a Region, and can it be reached from here?"},
      {"no credentials", refused(Kind::Credentials, "ExpiredToken", "over"),
       "NO_CREDENTIALS 111122223333  sagemaker:ListModels | nothing more of this account was seen: "
       "ExpiredToken: over"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    const Recorded seen = run([&row](const aws::Call& call) -> aws::Answer {
      if (call.operation != "ListModels") return one_model(call);
      if (!row.first) return tl::make_unexpected(row.first.error());
      return answer(json_of(row.first->root));
    });
    EXPECT_EQ(seen.resources, Lines{});
    EXPECT_EQ(seen.gaps, Lines{row.gap});
  }
}

TEST(Live, RegionThatIsNotEnabledIsToldOfOnce) {
  FakeAws aws([](const aws::Call& call) -> aws::Answer {
    if (call.region == "ap-east-1") return refused(Kind::NotAvailable, "OptInRequired");
    if (call.operation == "ListImages") return answer(R"({"Images":[]})");
    return one_model(call);
  });
  Setting setting;
  setting.needs.push_back({"AWS::SageMaker::Image", true, false, {}});
  setting.regions = {"ap-east-1", "eu-west-1"};
  const Recorded seen = run(aws, setting);
  EXPECT_EQ(seen.resources, Lines{read_model("eu-west-1", "m")});
  EXPECT_EQ(seen.gaps.size(), 1U);
  EXPECT_EQ(std::ranges::count_if(
                aws.calls(), [](const std::string& call) { return call.starts_with("ap-east-1"); }),
            1);
}

TEST(Live, RoleThatCannotBeActedAsIsToldOfOnce) {
  Setting setting;
  setting.regions = {"eu-west-1", "eu-west-2", "eu-west-3"};
  setting.concurrency = 2;
  setting.role_arn = "arn:aws:iam::111122223333:role/audit";
  const Recorded seen = run(
      [](const aws::Call&) -> aws::Answer {
        return refused(Kind::Credentials, "", "not yours", 0);
      },
      setting);
  EXPECT_EQ(seen.gaps,
            Lines{"NO_CREDENTIALS 111122223333  sts:AssumeRole | nothing more of this account was "
                  "seen: no credentials for arn:aws:iam::111122223333:role/audit: not yours; the "
                  "role must exist and trust who scans, --external-id must be the one that it asks "
                  "for, and who scans must be allowed sts:AssumeRole on it"});
}

TEST(Live, DescribeThatFails) {
  struct Row {
    std::string_view what;
    aws::Answer described;
    std::string unread;  // empty: nothing was handed over
    std::string passed;
  };
  const Row rows[] = {
      {"denied", refused(Kind::Denied, "AccessDeniedException"),
       "it could not be read: AccessDeniedException: no; allow sagemaker:DescribeModel to whoever "
       "scans (a service control policy may be what denies it)",
       ""},
      {"failed", refused(Kind::Failed, "InternalFailure"),
       "it could not be read: InternalFailure: no", ""},
      {"about nothing", answer("{}"),
       "it could not be read: the answer is not about it; what stands between here and AWS (a "
       "proxy, --endpoint-url) may have answered",
       ""},
      {"about another", answer(model("eu-west-1", "other")),
       "it could not be read: the answer is not about it; what stands between here and AWS (a "
       "proxy, --endpoint-url) may have answered",
       ""},
      {"gone", refused(Kind::NotFound, "ResourceNotFoundException"), "",
       "deleted meanwhile AWS::SageMaker::Model"},
      {"gone, as older operations say it",
       refused(Kind::Invalid, "ValidationException", "Could not find model \"m\"."), "",
       "deleted meanwhile AWS::SageMaker::Model"},
      {"asked wrongly", refused(Kind::Invalid, "ValidationException", "1 error"),
       "it could not be read: ValidationException: 1 error", ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    const Recorded seen = run([&row](const aws::Call& call) -> aws::Answer {
      if (call.operation != "DescribeModel") return one_model(call);
      if (!row.described) return tl::make_unexpected(row.described.error());
      return answer(json_of(row.described->root));
    });
    EXPECT_EQ(seen.passed, row.passed.empty() ? Lines{} : Lines{row.passed});
    EXPECT_EQ(seen.gaps.size(), row.unread.empty() ? 0U : 1U);
    EXPECT_EQ(seen.resources,
              row.unread.empty() ? Lines{} : Lines{"eu-west-1 m unread (" + row.unread + ")"});
  }
}

TEST(Live, TagsThatFail) {
  Setting setting;
  setting.needs[0].tags = true;
  const auto with = [&](const FakeAws::Handler& tags) {
    return run(
        [&](const aws::Call& call) {
          return call.operation == "ListTags" ? tags(call) : one_model(call);
        },
        setting);
  };
  Recorded seen = with([](const aws::Call&) -> aws::Answer {
    return refused(Kind::Denied, "AccessDeniedException");
  });
  EXPECT_EQ(seen.resources, Lines{read_model("eu-west-1", "m")});  // and the tags are unknown
  ASSERT_EQ(seen.gaps.size(), 1U);
  EXPECT_TRUE(
      seen.gaps[0].starts_with("ACCESS_DENIED 111122223333 eu-west-1 sagemaker:ListTags | the tags "
                               "of m could not be read: "))
      << seen.gaps[0];

  seen = with([](const aws::Call&) { return answer("{}"); });
  EXPECT_EQ(seen.resources, Lines{read_model("eu-west-1", "m")});
  EXPECT_EQ(seen.gaps.size(), 1U);

  seen = with([](const aws::Call& call) {
    return answer(member(call, "NextToken").empty()
                      ? R"({"Tags":[{"Key":"a","Value":"1"}],"NextToken":"2"})"
                      : R"({"Tags":[{"Key":"b","Value":"2"}]})");
  });
  EXPECT_EQ(seen.resources, Lines{read_model("eu-west-1", "m") + R"( {"a":"1","b":"2"})"});
  EXPECT_EQ(seen.gaps, Lines{});
}

TEST(Live, FeatureGroupsComeInPages) {
  Setting setting;
  setting.needs = {{"AWS::SageMaker::FeatureGroup", false, true, {}}};
  const std::string name = R"("FeatureGroupName":"f","FeatureGroupArn":")" +
                           arn("eu-west-1", "feature-group", "f") + R"(")";
  const Recorded seen = run(
      [&](const aws::Call& call) {
        if (call.operation == "ListFeatureGroups")
          return answer(R"({"FeatureGroupSummaries":[{)" + name + "}]}");
        const std::string token = member(call, "NextToken");
        return answer("{" + name + R"(,"FeatureDefinitions":[{"FeatureName":")" +
                      (token.empty() ? "a" : "b") + R"("}],"NextToken":")" +
                      (token.empty() ? "2" : "") + R"("})");
      },
      setting);
  EXPECT_EQ(seen.gaps, Lines{});
  EXPECT_EQ(seen.resources,
            Lines{"eu-west-1 f {" + name +
                  R"(,"FeatureDefinitions":[{"FeatureName":"a"},{"FeatureName":"b"}]})"});
}

TEST(Live, WhatIsBeingDeletedIsNotDescribed) {
  Setting setting;
  setting.needs = {{"AWS::SageMaker::NotebookInstance", false, true, {}}};
  FakeAws aws([](const aws::Call&) {
    return answer(
        R"({"NotebookInstances":[{"NotebookInstanceName":"n","NotebookInstanceStatus":"Deleting"}]})");
  });
  const Recorded seen = run(aws, setting);
  EXPECT_EQ(seen.passed, Lines{"being deleted AWS::SageMaker::NotebookInstance"});
  EXPECT_EQ(aws.calls().size(), 1U);
}

TEST(Live, TypeThatCannotBeRead) {
  Setting setting;
  setting.needs.push_back({"AWS::SageMaker::Pipeline", false, true, {}});
  const Recorded seen = run(one_model, setting);
  EXPECT_EQ(seen.resources.size(), 1U);
  EXPECT_EQ(seen.gaps,
            Lines{"NOT_SUPPORTED    | AWS::SageMaker::Pipeline cannot be read from AWS by "
                  "this program: give it as AWS Config or a template has it"});
}

TEST(Live, ManyAtOnceAndNoMore) {
  Setting setting;
  for (int i = 0; i < 20; ++i) setting.regions.push_back(fmt::format("xx-test-{}", i));
  setting.concurrency = 5;
  FakeAws aws([](const aws::Call& call) -> aws::Answer {
    if (call.operation != "ListModels") return one_model(call);
    const std::string token = member(call, "NextToken");
    const int page = token.empty() ? 0 : std::stoi(token);
    Lines names;
    for (int i = 0; i < 30; ++i) names.push_back(fmt::format("m{}", 30 * page + i));
    return answer(models(call.region, names, page < 4 ? std::to_string(page + 1) : ""));
  });
  const Recorded seen = run(aws, setting);
  EXPECT_EQ(seen.resources.size(), 21U * 150);
  EXPECT_EQ(seen.gaps, Lines{});
  EXPECT_EQ(aws.calls().size(), 21U * (5 + 150));
  EXPECT_LE(aws.most_at_once(), 5U);
}

TEST(Live, CountsForTheProgressLine) {
  Progress progress;
  Setting setting;
  setting.regions = {"eu-west-1", "eu-west-2", "ap-east-1"};
  FakeAws aws([](const aws::Call& call) -> aws::Answer {
    if (call.region == "ap-east-1") return refused(Kind::NotAvailable, "OptInRequired");
    return one_model(call);
  });
  run(aws, setting, &progress);
  EXPECT_EQ(progress.accounts_total, 1U);
  EXPECT_EQ(progress.accounts, 1U);
  EXPECT_EQ(progress.regions_total, 3U);
  EXPECT_EQ(progress.regions, 3U);
}

TEST(Live, StopsWhenTold) {
  Progress progress;
  FakeAws aws([&](const aws::Call& call) -> aws::Answer {
    if (call.operation == "ListModels") return answer(models(call.region, {"a", "b", "c"}));
    progress.stop = true;
    return one_model(call);
  });
  Setting setting;
  setting.concurrency = 1;
  const Recorded seen = run(aws, setting, &progress);
  EXPECT_LE(seen.resources.size(), 1U);
  EXPECT_EQ(aws.calls().size(), 2U);
}

}  // namespace
}  // namespace sagewarden::live
