#include "report/asff.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "report/sample.h"

namespace sagewarden {
namespace {

// A run of one finding.
Sample sample_of(Finding finding) {
  Sample sample = account_sample();
  sample.findings = {std::move(finding)};
  return sample;
}

Finding first_notebook() {
  for (const Finding& finding : account_sample().findings) {
    if (finding.name == "churn-research" && finding.control == "SageMaker.1") return finding;
  }
  return {};
}

// The first finding of the array, as the text of its JSON.
json::Document asff(const Sample& sample) {
  const auto text = render("asff", sample);
  EXPECT_TRUE(text) << text.error().message;
  auto document = json::parse_document(text.value_or("[]"));
  EXPECT_TRUE(document);
  return std::move(*document);
}

TEST(Asff, FindingsWithoutAccountOrRegionAreAnError) {
  const struct {
    std::string_view account;
    std::string_view region;
    bool good;
  } cases[] = {
      {"111122223333", "eu-west-1", true},   {"", "eu-west-1", false},
      {"111122223333", "", false},           {"11112222333", "eu-west-1", false},
      {"1111222233334", "eu-west-1", false}, {"11112222333x", "eu-west-1", false},
      {"111122223333", "eu west", false},    {"111122223333", "eu-west-1\n", false},
  };
  for (const auto& c : cases) {
    Sample sample = account_sample();
    sample.findings.back().account = c.account;
    sample.findings.back().region = c.region;
    const auto text = render("asff", sample);
    ASSERT_EQ(text.has_value(), c.good) << c.account << " " << c.region;
    if (c.good) continue;
    EXPECT_EQ(text.error().code, Error::Code::Invalid);
    EXPECT_NE(text.error().message.find("1 of 8 findings have no account id or Region"),
              std::string::npos)
        << text.error().message;
  }
}

TEST(Asff, NothingIsWrittenBeforeTheError) {
  const Sample sample = usual_sample();
  std::string text;
  const auto out = create_string_output(text);
  EXPECT_FALSE(find_format("asff")->write(sample.input, each_of(sample.findings), {}, *out));
  EXPECT_EQ(text, "");
}

TEST(Asff, ProductIsTheAccountsOwnInItsPartition) {
  const struct {
    std::string_view region;
    std::string_view partition;
    std::string_view arn;
    std::string_view resource_partition;
  } cases[] = {
      {"eu-west-1", "", "arn:aws:securityhub:eu-west-1:", "aws"},
      {"cn-north-1", "", "arn:aws-cn:securityhub:cn-north-1:", "aws-cn"},
      {"us-gov-west-1", "aws-us-gov", "arn:aws-us-gov:securityhub:us-gov-west-1:", "aws-us-gov"},
      // Not in the API's enumeration: left out, or the whole call would fail.
      {"eusc-de-east-1", "aws-eusc", "arn:aws-eusc:securityhub:eusc-de-east-1:", ""},
  };
  for (const auto& c : cases) {
    Finding finding = first_notebook();
    finding.region = c.region;
    finding.partition = c.partition;
    const auto document = asff(sample_of(finding));
    const json::Value out = document.root.at(0);
    EXPECT_EQ(out["ProductArn"].string_or(""),
              fmt::format("{}111122223333:product/111122223333/default", c.arn));
    EXPECT_EQ(out["Resources"].at(0)["Partition"].string_or(""), c.resource_partition);
  }
}

TEST(Asff, DetailsHoldOnlyWhatWasSeen) {
  const struct {
    std::string_view path;
    std::string_view found;
    std::string_view member;
    bool written;
  } cases[] = {
      {"DirectInternetAccess", "\"Enabled\"", "DirectInternetAccess", true},
      {"VolumeSizeInGB", "5", "VolumeSizeInGB", true},
      {"VolumeSizeInGB", "\"5\"", "VolumeSizeInGB", false},
      {"SecurityGroupIds", "[\"sg-1\"]", "SecurityGroups", true},
      {"SecurityGroupIds", "[]", "SecurityGroups", false},
      {"SecurityGroupIds", "[1]", "SecurityGroups", false},
      {"LifecycleConfigName", "\"x\"", "NotebookInstanceLifecycleConfigName", true},
      {"KmsKeyId", "not set", "KmsKeyId", false},
      {"KmsKeyId", "\"\"", "KmsKeyId", false},
      {"KmsKeyId", "not known", "KmsKeyId", false},
      {"tags.Owner", "\"x\"", "tags.Owner", false},
  };
  for (const auto& c : cases) {
    Finding finding = first_notebook();
    finding.evidence = {{std::string(c.path), std::string(c.found), "", 0, 0}};
    const auto document = asff(sample_of(finding));
    const json::Value details =
        document.root.at(0)["Resources"].at(0)["Details"]["AwsSageMakerNotebookInstance"];
    EXPECT_EQ(details["NotebookInstanceName"].string_or(""), "churn-research");
    EXPECT_EQ(details[c.member].exists(), c.written) << c.path << " " << c.found;
  }
}

TEST(Asff, OtherTypesHaveTheirEvidenceAsText) {
  Finding finding = first_notebook();
  finding.type = "AWS::SageMaker::Model";
  finding.evidence.clear();
  for (int i = 0; i < 80; ++i)
    finding.evidence.push_back({fmt::format("P{}", i % 60), fmt::format("{}", i), "", 0, 0});
  finding.evidence.push_back({"", "x", "", 0, 0});
  finding.evidence.push_back({"Name", "shadow", "", 0, 0});
  const auto document = asff(sample_of(finding));
  const json::Value resource = document.root.at(0)["Resources"].at(0);
  EXPECT_EQ(resource["Type"].string_or(""), "Other");
  const json::Value other = resource["Details"]["Other"];
  EXPECT_LE(other.size(), 50U);
  EXPECT_GE(other.size(), 49U);
  EXPECT_EQ(other["P1"].string_or(""), "1");
  EXPECT_EQ(other["Name"].string_or(""), "churn-research");
  EXPECT_EQ(json::duplicate_key(document.root), "");
}

// Ids that begin alike stay two.
TEST(Asff, IdsThatAreTooLongStayApart) {
  Finding finding = first_notebook();
  finding.id = std::string(512, 'x');
  EXPECT_EQ(asff_id(finding), finding.id);
  finding.id += "a";
  const std::string a = asff_id(finding);
  finding.id.back() = 'b';
  const std::string b = asff_id(finding);
  EXPECT_LE(a.size(), 512U);
  EXPECT_LE(b.size(), 512U);
  EXPECT_NE(a, b);
  EXPECT_EQ(asff_id(finding), b);
}

TEST(Asff, LimitsAreKeptAtTheEdge) {
  Finding finding = first_notebook();
  Sample sample = sample_of(finding);
  ControlInfo& control = sample.input.controls.front();
  const struct {
    size_t length;
    size_t title, description, recommendation;
  } cases[] = {{256, 256, 256, 256}, {257, 256, 257, 257},   {512, 256, 512, 512},
               {513, 256, 513, 512}, {1024, 256, 1024, 512}, {1025, 256, 1024, 512}};
  for (const auto& c : cases) {
    control.title = control.fix = std::string(c.length, 'x');
    sample.findings.front().reasons = {{"CODE", std::string(c.length, 'y')}};
    const auto document = asff(sample);
    const json::Value out = document.root.at(0);
    EXPECT_EQ(out["Title"].string().size(), c.title);
    EXPECT_EQ(out["Description"].string().size(), c.description);
    EXPECT_EQ(out["Remediation"]["Recommendation"]["Text"].string().size(), c.recommendation);
  }
  control.requirements.assign(40, "NIST.800-53.r5 AC-3");
  sample.findings.front().tags.assign(60, {"", ""});
  for (size_t i = 0; i < 60; ++i)
    sample.findings.front().tags[i] = {fmt::format("k{}", i), std::string(300, 'v')};
  sample.findings.front().tags[0] = {"blank", "  "};
  const auto document = asff(sample);
  const json::Value out = document.root.at(0);
  EXPECT_EQ(out["Compliance"]["RelatedRequirements"].size(), 32U);
  const json::Value tags = out["Resources"].at(0)["Tags"];
  EXPECT_EQ(tags.size(), 50U);
  EXPECT_FALSE(tags["blank"].exists());
  EXPECT_EQ(tags["k1"].string().size(), 256U);

  const std::string key(128, 'k');  // 127 of these are left of each, and "…"
  sample.findings.front().tags = {{key + "a", "1"}, {key + "b", "2"}, {key, "3"}};
  const auto cut = asff(sample);
  EXPECT_EQ(cut.root.at(0)["Resources"].at(0)["Tags"].size(), 2U);
  EXPECT_EQ(json::duplicate_key(cut.root), "");
}

TEST(Asff, WorkflowAndSeverity) {
  const struct {
    Compliance compliance;
    bool suppressed;
    std::string_view workflow;
    std::string_view severity;
  } cases[] = {
      {Compliance::Failed, false, "NEW", "HIGH"},
      {Compliance::Passed, false, "RESOLVED", "INFORMATIONAL"},
      {Compliance::NotAvailable, false, "NEW", "HIGH"},
      {Compliance::Failed, true, "SUPPRESSED", "HIGH"},
  };
  for (const auto& c : cases) {
    Finding finding = first_notebook();
    finding.compliance = c.compliance;
    if (c.suppressed) finding.suppressed = Suppression{Suppression::Kind::External, "", "", ""};
    const auto document = asff(sample_of(finding));
    const json::Value out = document.root.at(0);
    EXPECT_EQ(out["Workflow"]["Status"].string_or(""), c.workflow);
    EXPECT_EQ(out["FindingProviderFields"]["Severity"]["Label"].string_or(""), c.severity);
    EXPECT_EQ(out["Note"]["Text"].string_or(""), c.suppressed ? "suppressed without a reason" : "");
  }
}

}  // namespace
}  // namespace sagewarden
