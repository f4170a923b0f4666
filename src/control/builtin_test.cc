// The catalogue that is compiled in: that it is complete, that its facts are AWS's, and that each
// control proves itself.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"
#include "control/control.h"
#include "model/resource_type.h"

namespace sagewarden {
namespace {

// Standards by their letters below.
constexpr std::pair<char, std::string_view> kStandards[] = {
    {'F', "AWS Foundational Security Best Practices v1.0.0"},
    {'N', "NIST SP 800-53 Rev. 5"},
    {'3', "PCI DSS v3.2.1"},
    {'4', "PCI DSS v4.0.1"},
    {'T', "AWS Resource Tagging Standard v1.0.0"},
    {'A', "AI Security Best Practices v1.0.0"},
};

struct Row {
  std::string_view id;
  Severity severity;
  std::string_view type;  // below AWS::SageMaker::
  std::string_view config_rule;
  std::string_view standards;
  size_t requirements;
};
// Security Hub's control reference and AWS Config's list of managed rules.
// clang-format off
constexpr Row kRows[] = {
    {"SageMaker.1", Severity::High, "NotebookInstance", "sagemaker-notebook-no-direct-internet-access", "FN34A", 20},
    {"SageMaker.2", Severity::High, "NotebookInstance", "sagemaker-notebook-instance-inside-vpc", "FNA", 14},
    {"SageMaker.3", Severity::High, "NotebookInstance", "sagemaker-notebook-instance-root-access-check", "FNA", 6},
    {"SageMaker.4", Severity::Medium, "EndpointConfig", "sagemaker-endpoint-config-prod-instance-count", "FNA", 4},
    {"SageMaker.5", Severity::Medium, "Model", "sagemaker-model-isolation-enabled", "FA", 0},
    {"SageMaker.6", Severity::Low, "AppImageConfig", "sagemaker-app-image-config-tagged", "T", 0},
    {"SageMaker.7", Severity::Low, "Image", "sagemaker-image-tagged", "T", 0},
    {"SageMaker.8", Severity::Medium, "NotebookInstance", "sagemaker-notebook-instance-platform-version", "FA", 0},
    {"SageMaker.9", Severity::Medium, "DataQualityJobDefinition", "sagemaker-data-quality-job-encrypt-in-transit", "FA", 0},
    {"SageMaker.10", Severity::Medium, "ModelExplainabilityJobDefinition", "sagemaker-model-explainability-job-encrypt-in-transit", "FA", 0},
    {"SageMaker.11", Severity::Medium, "DataQualityJobDefinition", "sagemaker-data-quality-job-isolation", "FA", 0},
    {"SageMaker.12", Severity::Medium, "ModelBiasJobDefinition", "sagemaker-model-bias-job-isolation", "FA", 0},
    {"SageMaker.13", Severity::Medium, "ModelQualityJobDefinition", "sagemaker-model-quality-job-encrypt-in-transit", "FA", 0},
    {"SageMaker.14", Severity::Medium, "MonitoringSchedule", "sagemaker-monitoring-schedule-isolation", "FA", 0},
    {"SageMaker.15", Severity::Medium, "ModelBiasJobDefinition", "sagemaker-model-bias-job-encrypt-in-transit", "FA", 0},
    {"SageMaker.16", Severity::Medium, "Model", "sagemaker-model-private-registry-required", "FA", 0},
    {"SageMaker.17", Severity::Medium, "FeatureGroup", "sagemaker-featuregroup-encryption-at-rest", "FA", 0},
    {"SageMaker.18", Severity::Medium, "FeatureGroup", "sagemaker-featuregroup-online-store-encryption", "NA", 9},
    {"SageMaker.19", Severity::Medium, "Model", "sagemaker-model-multicontainer-private-registry", "FA", 0},
    {"SageMaker.20", Severity::High, "ModelExplainabilityJobDefinition", "sagemaker-model-explainability-job-network-isolation", "FA", 0},
    {"SageMaker.21", Severity::Medium, "NotebookInstance", "sagemaker-notebook-instance-storage-vol-kms-encrypted", "FA", 0},
    {"SageMaker.22", Severity::Medium, "MonitoringSchedule", "sagemaker-monitoring-schedule-traffic-encryption", "FA", 0},
    {"SageMaker.23", Severity::Medium, "InferenceExperiment", "sagemaker-inf-experiment-instance-storage-kms-encrypted", "FA", 0},
    {"SageMaker.24", Severity::Medium, "InferenceExperiment", "sagemaker-inf-experiment-data-storage-kms-encrypted", "FA", 0},
    {"SageMaker.25", Severity::High, "ModelQualityJobDefinition", "sagemaker-model-quality-job-definition-isolation", "FA", 0},
    {"Sagewarden.1", Severity::High, "Domain", "sagemaker-domain-in-vpc", "", 0},
    {"Sagewarden.2", Severity::Low, "Domain", "sagemaker-domain-tagged", "", 0},
    {"Sagewarden.3", Severity::Medium, "EndpointConfig", "sagemaker-endpoint-configuration-kms-key-configured", "", 0},
    {"Sagewarden.4", Severity::Medium, "EndpointConfig", "sagemaker-endpoint-config-kms-key-required", "", 0},
    {"Sagewarden.5", Severity::Low, "FeatureGroup", "sagemaker-featuregroup-description", "", 0},
    {"Sagewarden.6", Severity::Low, "FeatureGroup", "sagemaker-feature-group-tagged", "", 0},
    {"Sagewarden.7", Severity::Low, "Image", "sagemaker-image-description", "", 0},
    {"Sagewarden.8", Severity::Low, "InferenceExperiment", "sagemaker-inferenceexperiment-tagged", "", 0},
    {"Sagewarden.9", Severity::Medium, "Model", "sagemaker-model-in-vpc", "", 0},
    {"Sagewarden.10", Severity::Medium, "NotebookInstance", "sagemaker-notebook-instance-kms-key-configured", "", 0},
};
// clang-format on

const std::vector<Control>& catalogue() {
  static const Result<std::vector<Control>> kControls = load_builtin_controls();
  EXPECT_TRUE(kControls) << kControls.error().message;
  return *kControls;
}

TEST(Builtin, IsCompleteAndInOrder) {
  ASSERT_EQ(catalogue().size(), std::size(kRows));
  for (size_t i = 0; i < catalogue().size(); ++i) {
    const Control& control = catalogue()[i];
    EXPECT_EQ(control.info.id, kRows[i].id);
    const bool extra = control.info.id.starts_with("Sagewarden.");
    EXPECT_EQ(control.info.set, extra ? "sagewarden" : "security-hub");
    EXPECT_EQ(control.file,
              fmt::format("controls/{}{}.yaml", extra ? "extra/" : "", control.info.id));
  }
  EXPECT_TRUE(check_unique_ids(catalogue()));
  EXPECT_EQ(load_builtin_controls("security-hub")->size(), 25U);
  EXPECT_EQ(load_builtin_controls("sagewarden")->size(), 10U);
  EXPECT_EQ(load_builtin_controls("user")->size(), 0U);
}

// Then a scan need not read them.
TEST(Builtin, HasItsTestsLast) {
  constexpr std::string_view kTests = "\ntests:\n";
  for (const BuiltinControl& builtin : builtin_controls()) {
    const size_t at = builtin.text.find(kTests);
    ASSERT_NE(at, std::string_view::npos) << builtin.file;
    const std::string_view tests = builtin.text.substr(at + kTests.size());
    for (const std::string_view line : split(tests, '\n'))
      EXPECT_TRUE(line.empty() || line.starts_with("  ")) << builtin.file << ": " << line;
  }
  const Result<std::vector<Control>> controls = load_builtin_controls({}, ReadTests::No);
  ASSERT_TRUE(controls) << controls.error().message;
  ASSERT_EQ(controls->size(), catalogue().size());
  for (size_t i = 0; i < controls->size(); ++i) {
    EXPECT_TRUE((*controls)[i].tests.empty());
    EXPECT_EQ((*controls)[i].info.passes, catalogue()[i].info.passes);
    EXPECT_EQ((*controls)[i].info.documentation, catalogue()[i].info.documentation);
  }
}

TEST(Builtin, HasTheFactsOfAws) {
  for (size_t i = 0; i < catalogue().size(); ++i) {
    const ControlInfo& info = catalogue()[i].info;
    const Row& row = kRows[i];
    SCOPED_TRACE(info.id);
    EXPECT_EQ(info.severity, row.severity);
    EXPECT_EQ(info.resource_type, fmt::format("AWS::SageMaker::{}", row.type));
    EXPECT_NE(find_resource_type(info.resource_type), nullptr);
    EXPECT_EQ(info.config_rule, row.config_rule);
    EXPECT_EQ(info.requirements.size(), row.requirements);
    for (const auto& [letter, standard] : kStandards) {
      const bool want = row.standards.find(letter) != std::string_view::npos;
      EXPECT_EQ(std::ranges::count(info.standards, standard), want ? 1 : 0) << standard;
    }
    EXPECT_EQ(info.standards.size(), row.standards.size());
    const bool nist = row.standards.find('N') != std::string_view::npos;
    EXPECT_EQ(nist, row.requirements > 0);
  }
}

TEST(Builtin, IsWorthReading) {
  std::set<std::string> titles;
  for (const Control& control : catalogue()) {
    const ControlInfo& info = control.info;
    SCOPED_TRACE(info.id);
    EXPECT_TRUE(titles.insert(info.title).second);
    EXPECT_GT(info.why.size(), 150U);
    EXPECT_GE(std::ranges::count(info.why, '.'), 2);
    EXPECT_GT(info.fix.size(), 150U);
    // Where to change it, in each of the ways in which people do.
    for (const std::string_view word : {"CloudFormation", "Terraform", "aws sagemaker "})
      EXPECT_NE(info.fix.find(word), std::string::npos) << word;
    EXPECT_TRUE(info.schedule == "Periodic" || info.schedule == "Change triggered");
    EXPECT_NE(info.category.find(" > "), std::string::npos);
    EXPECT_TRUE(info.documentation.starts_with("https://docs.aws.amazon.com/"));
    for (const std::string_view text : {info.title, info.why, info.fix, info.note}) {
      EXPECT_TRUE(is_utf8(text));
      EXPECT_EQ(text.find("  "), std::string_view::npos) << text;
    }
    for (const Parameter& parameter : info.parameters) EXPECT_GT(parameter.why.size(), 40U);
  }
}

TEST(Builtin, ReadsAwsAsAwsConfigDoes) {
  constexpr std::pair<std::string_view, std::string_view> kDefaults[] = {
      {"SageMaker.4.include_shadow_variants", "false"},
      {"SageMaker.4.missing_instance_count", R"("fail")"},
      {"SageMaker.6.required_tag_keys", "[]"},
      {"SageMaker.7.required_tag_keys", "[]"},
      {"SageMaker.8.supported_platforms", R"(["notebook-al2023-v1"])"},
      {"SageMaker.9.min_instance_count", "2"},
      {"SageMaker.10.min_instance_count", "2"},
      {"SageMaker.13.min_instance_count", "2"},
      {"SageMaker.15.min_instance_count", "2"},
      {"SageMaker.14.named_definition", R"("not_applicable")"},
      {"SageMaker.22.named_definition", R"("not_applicable")"},
      {"SageMaker.24.require_data_storage", "false"},
  };
  std::map<std::string, std::string> defaults;
  for (const Control& control : catalogue()) {
    for (const Parameter& parameter : control.info.parameters)
      defaults[control.info.id + "." + parameter.name] = parameter.default_value;
    // Where a parameter decides between two readings, each finding says which was applied.
    const bool readings = std::ranges::any_of(control.info.parameters, [](const Parameter& each) {
      return each.name == "min_instance_count" || !each.allowed.empty();
    });
    EXPECT_FALSE(readings && control.info.note.empty()) << control.info.id;
  }
  for (const auto& [name, value] : kDefaults) EXPECT_EQ(defaults[std::string(name)], value) << name;
}

TEST(Builtin, ProvesItself) {
  size_t count = 0;
  for (const Control& control : catalogue()) {
    for (const TestOutcome& outcome : run_tests(control)) {
      EXPECT_EQ(outcome.message, "")
          << control.file << ":" << outcome.test->mark.line << " " << outcome.test->name;
      ++count;
    }
  }
  EXPECT_GT(count, 500U);
}

bool has_test(const Control& control, Verdict verdict) {
  return std::ranges::any_of(control.tests,
                             [&](const ControlTest& test) { return test.expect == verdict; });
}

TEST(Builtin, HasEachKindOfTest) {
  for (const Control& control : catalogue()) {
    SCOPED_TRACE(control.info.id);
    for (const Verdict verdict :
         {Verdict::Passed, Verdict::Failed, Verdict::Warning, Verdict::NotAvailable})
      EXPECT_TRUE(has_test(control, verdict)) << static_cast<int>(verdict);
    EXPECT_EQ(has_test(control, Verdict::NotApplicable), control.info.applies != "true");
    const auto any = [&](auto&& condition) {
      return std::ranges::any_of(control.tests, condition);
    };
    EXPECT_TRUE(any([](const ControlTest& test) { return !test.unknown.empty(); }));
    EXPECT_TRUE(any([](const ControlTest& test) { return !test.set_but_unknown.empty(); }));
    EXPECT_TRUE(any([](const ControlTest& test) { return !test.denied.empty(); }));
    // Left out altogether, and null, wherever a property is what is asked for.
    if (control.info.passes.find("resource.") == std::string::npos) continue;
    EXPECT_TRUE(any([](const ControlTest& test) {
      return test.given.find("null") != std::string::npos && test.expect == Verdict::Failed;
    }));
    for (const Parameter& parameter : control.info.parameters)
      EXPECT_TRUE(any([&](const ControlTest& test) {
        return test.params.find(parameter.name) != std::string::npos;
      })) << parameter.name;
  }
}

TEST(Builtin, HasEvidenceForEachFailure) {
  cel::Scratch scratch;
  for (const Control& control : catalogue()) {
    const json::Document empty = *json::parse_document("{}");
    Resource resource;
    resource.type = control.info.resource_type;
    resource.partition = "aws";
    resource.properties = empty.root;
    resource.tags = empty.root;
    const Verdict verdict = judge(control, resource, scratch);
    EXPECT_NE(verdict, Verdict::Passed) << control.info.id;
    if (verdict != Verdict::Failed) continue;
    const Grounds grounds = explain(control, resource, verdict, scratch);
    ASSERT_FALSE(grounds.evidence.empty()) << control.info.id;
    EXPECT_NE(grounds.evidence[0].path, "resource") << control.info.id;
  }
}

}  // namespace
}  // namespace sagewarden
