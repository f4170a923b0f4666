#include "report/sample.h"

#include <fmt/format.h>

#include <algorithm>

namespace sagewarden {
namespace {

constexpr std::string_view kAccount = "111122223333";
constexpr std::string_view kOther = "444455556666";

ControlInfo control(std::string_view id, std::string_view title, Severity severity,
                    std::string_view type) {
  ControlInfo info;
  info.id = id;
  info.set = "security-hub";
  info.title = title;
  info.severity = severity;
  info.resource_type = type;
  info.why = fmt::format("Why {} matters: one sentence.\n\nAnd a second paragraph.", id);
  info.fix = fmt::format("What to do about {}.", id);
  info.category = "Protect > Secure network configuration";
  info.schedule = "Change triggered";
  info.config_rule = "sagemaker-example-rule";
  info.standards = {"AWS Foundational Security Best Practices v1.0.0", "NIST SP 800-53 Rev. 5"};
  info.requirements = {"NIST.800-53.r5 AC-3", "NIST.800-53.r5 SC-7"};
  info.documentation =
      fmt::format("https://docs.aws.amazon.com/console/securityhub/{}/remediation", id);
  info.applies = "true";
  info.passes = "true";
  return info;
}

std::vector<ControlInfo> controls() {
  using enum Severity;
  std::vector<ControlInfo> list = {
      control("SageMaker.1", "Notebook instances have no direct internet access", High,
              "AWS::SageMaker::NotebookInstance"),
      control("SageMaker.3", "Users have no root access to notebook instances", High,
              "AWS::SageMaker::NotebookInstance"),
      control("SageMaker.4", "Endpoint variants run on more than one instance", Medium,
              "AWS::SageMaker::EndpointConfig"),
      control("SageMaker.5", "Models have network isolation", Medium, "AWS::SageMaker::Model"),
      control("SageMaker.7", "Images are tagged", Low, "AWS::SageMaker::Image"),
      control("SageMaker.9", "Data quality jobs encrypt traffic between instances", Medium,
              "AWS::SageMaker::DataQualityJobDefinition"),
  };
  list[5].note = "Only jobs of two or more instances are judged, as AWS Config's rule does.";
  list[5].parameters = {{.name = "min_instance_count",
                         .type = Parameter::Type::Int,
                         .value = "2",
                         .default_value = "2",
                         .why = "traffic between instances needs two"}};
  return list;
}

// A resource of an account, with its ARN.
Finding account_finding(std::string_view control, Severity severity, std::string_view type,
                        std::string_view arn_type, std::string_view name) {
  Finding finding;
  finding.control = control;
  finding.severity = severity;
  finding.type = type;
  finding.name = name;
  finding.account = kAccount;
  finding.region = "eu-west-1";
  finding.partition = "aws";
  finding.arn = fmt::format("arn:aws:sagemaker:eu-west-1:{}:{}/{}", kAccount, arn_type, name);
  finding.id = fmt::format("{}/{}", control, finding.arn);
  finding.tags = {{"Owner", "research"}, {"Stage", "prod"}};
  finding.location.file = "export/notebooks.json";
  finding.captured_at = "2026-03-01T09:15:00Z";
  finding.compliance = Compliance::Passed;
  return finding;
}

Finding notebook(std::string_view control, std::string_view name) {
  return account_finding(control, Severity::High, "AWS::SageMaker::NotebookInstance",
                         "notebook-instance", name);
}

void fail_with(Finding& finding, std::string_view path, std::string_view found,
               std::string_view wanted) {
  finding.compliance = Compliance::Failed;
  finding.reasons = {{"SETTING_INSECURE", fmt::format("{} is {}, wanted {}", path, found, wanted)}};
  finding.evidence = {{std::string(path), std::string(found), std::string(wanted), 0, 0}};
}

// A resource that a template declares: no ARN, no account, but a place.
Finding template_finding(std::string_view control, Severity severity, std::string_view type,
                         std::string_view address, uint32_t line) {
  Finding finding;
  finding.control = control;
  finding.severity = severity;
  finding.type = type;
  finding.name = address;
  finding.partition = "aws";
  finding.location = {"infra/ml platform.yaml", line, 3, std::string(address)};
  finding.id = fmt::format("{}/{}#{}", control, finding.location.file, address);
  finding.compliance = Compliance::Passed;
  return finding;
}

std::vector<Finding> account_findings() {
  std::vector<Finding> list;
  list.push_back(notebook("SageMaker.1", "churn-research"));
  fail_with(list.back(), "DirectInternetAccess", "\"Enabled\"", "\"Disabled\"");
  list.push_back(notebook("SageMaker.3", "churn-research"));
  fail_with(list.back(), "RootAccess", "\"Enabled\"", "\"Disabled\"");
  list.back().reasons.push_back({"SEE_ALSO", "the lifecycle script needs root as well"});
  list.push_back(notebook("SageMaker.1", "fraud-eu"));
  list.push_back(notebook("SageMaker.3", "fraud-eu"));
  list.push_back(notebook("SageMaker.1", "sandbox"));
  fail_with(list.back(), "DirectInternetAccess", "\"Enabled\"", "\"Disabled\"");
  list.back().suppressed =
      Suppression{Suppression::Kind::External, "a sandbox without data, reviewed in March",
                  "ml-platform", "2026-12-31"};
  list.push_back(notebook("SageMaker.3", "sandbox"));
  list.back().compliance = Compliance::NotAvailable;
  list.back().reasons = {{"ACCESS_DENIED",
                          "DescribeNotebookInstance was denied: "
                          "allow sagemaker:DescribeNotebookInstance"}};
  list.push_back(account_finding("SageMaker.7", Severity::Low, "AWS::SageMaker::Image", "image",
                                 "training-base"));
  list.back().tags.clear();
  list.back().compliance = Compliance::Warning;
  list.back().reasons = {{"NOT_EXPORTED", "the tags were not exported: add list-tags output"}};
  list.push_back(account_finding("SageMaker.4", Severity::Medium, "AWS::SageMaker::EndpointConfig",
                                 "endpoint-config", "churn-v3"));
  fail_with(list.back(), "ProductionVariants[0].InitialInstanceCount", "1", "> 1");
  list.back().account = kOther;
  list.back().arn = fmt::format("arn:aws:sagemaker:eu-west-1:{}:endpoint-config/churn-v3", kOther);
  list.back().id = "SageMaker.4/" + list.back().arn;
  return list;
}

std::vector<Finding> template_findings() {
  std::vector<Finding> list;
  list.push_back(template_finding("SageMaker.5", Severity::Medium, "AWS::SageMaker::Model",
                                  "ScoringModel", 41));
  list.back().compliance = Compliance::Failed;
  list.back().reasons = {{"SETTING_MISSING", "EnableNetworkIsolation is not set, wanted true"}};
  list.back().evidence = {{"EnableNetworkIsolation", "not set (default false)", "true", 44, 7}};
  list.push_back(template_finding("SageMaker.5", Severity::Medium, "AWS::SageMaker::Model",
                                  "RankingModel", 58));
  list.push_back(template_finding("SageMaker.5", Severity::Medium, "AWS::SageMaker::Model",
                                  "ImportedModel", 77));
  list.back().compliance = Compliance::Warning;
  list.back().reasons = {{"NOT_RESOLVED",
                          "EnableNetworkIsolation is !ImportValue isolation, which the template "
                          "does not hold"}};
  list.push_back(template_finding("SageMaker.5", Severity::Medium, "AWS::SageMaker::Model",
                                  "LegacyModel", 90));
  fail_with(list.back(), "EnableNetworkIsolation", "false", "true");
  list.back().suppressed =
      Suppression{Suppression::Kind::InSource, "pulls weights from S3 until Q3", "", "2026-09-30"};
  return list;
}

// Counts follow from the findings, as they do in a run.
void finish(Sample& sample) {
  std::ranges::stable_sort(sample.findings, report_order);
  std::map<std::string, std::map<std::string, bool>> resources;
  for (const Finding& finding : sample.findings) {
    ControlCounts& counts = sample.input.counts[finding.control];
    resources[finding.type][finding.arn + finding.location.address + finding.name] = true;
    if (finding.suppressed)
      ++counts.suppressed;
    else if (finding.compliance == Compliance::Passed)
      ++counts.passed;
    else if (finding.compliance == Compliance::Failed)
      ++counts.failed;
    else if (finding.compliance == Compliance::Warning)
      ++counts.warning;
    else
      ++counts.not_available;
  }
  for (const auto& [type, names] : resources) sample.input.coverage.evaluated[type] = names.size();
}

ReportInput run() {
  ReportInput input;
  input.run = {.version = "0.1.0",
               .started = "2026-03-01T10:00:00Z",
               .finished = "2026-03-01T10:00:02Z",
               .inputs = {"export/", "infra/ml platform.yaml"}};
  input.controls = controls();
  input.coverage.files = 3;
  input.coverage.bytes = 48'512;
  return input;
}

Gap file_gap() {
  Gap gap;
  gap.kind = Gap::Kind::File;
  gap.location = {"export/models.json", 12, 5, ""};
  gap.code = "PARSE_ERROR";
  gap.message = "expected ',' or '}': the file may be cut off; export it again";
  return gap;
}

}  // namespace

EachFinding each_of(const std::vector<Finding>& findings) {
  return [&findings](const std::function<Result<void>(const Finding&)>& take) -> Result<void> {
    for (const Finding& finding : findings) TRY_DO(take(finding));
    return {};
  };
}

Sample usual_sample() {
  Sample sample{"usual", run(), account_findings()};
  for (Finding& finding : template_findings()) sample.findings.push_back(std::move(finding));
  finish(sample);
  Coverage& seen = sample.input.coverage;
  seen.passed_over = {{"deleted", 1}, {"other type", 14}};
  seen.without_control = {{"AWS::SageMaker::Pipeline", 2}};
  seen.superseded = 3;
  seen.gaps.push_back(file_gap());
  Gap call;
  call.kind = Gap::Kind::Call;
  call.account = kAccount;
  call.region = "eu-central-1";
  call.operation = "sagemaker:ListModels";
  call.type = "AWS::SageMaker::Model";
  call.code = "ACCESS_DENIED";
  call.message = "no model of this Region was seen: allow sagemaker:ListModels";
  seen.gaps.push_back(call);
  sample.input.notices = {"exceptions.yaml:9: the exception for SageMaker.8 matches nothing"};
  return sample;
}

Sample clean_sample() {
  Sample sample{"clean", run(), {}};
  for (const Finding& finding : account_findings()) {
    if (finding.compliance == Compliance::Passed) sample.findings.push_back(finding);
  }
  finish(sample);
  return sample;
}

Sample baseline_sample() {
  Sample sample = clean_sample();
  sample.name = "baseline";
  std::map<std::string, ControlCounts>& counts = sample.input.counts;
  counts["SageMaker.1"].known = {.failed = 2, .passed = 1};
  counts["SageMaker.4"].known = {.not_judged = 1};
  counts["SageMaker.5"].known = {.suppressed = 1};
  counts["SageMaker.7"].known = {.passed = 4};
  sample.input.coverage.evaluated["AWS::SageMaker::EndpointConfig"] = 1;
  sample.input.notices = {"Compared with main.ndjson: only what is new or has changed is listed"};
  return sample;
}

Sample empty_sample() {
  Sample sample{"empty", run(), {}};
  sample.input.interrupted = true;
  finish(sample);
  return sample;
}

Sample account_sample() {
  Sample sample{"account", run(), account_findings()};
  finish(sample);
  sample.input.coverage.gaps.push_back(file_gap());
  return sample;
}

Sample aws_sample() {
  Sample sample{"aws", run(), account_findings()};
  finish(sample);
  sample.input.run.live = true;
  sample.input.run.inputs = {"AWS account 111122223333: eu-central-1, eu-west-1, us-east-1",
                             "AWS account 444455556666: eu-west-1"};
  Coverage& seen = sample.input.coverage;
  seen.files = seen.bytes = 0;
  seen.calls = 1'204;
  constexpr std::string_view kImage = "AWS::SageMaker::Image";
  constexpr std::string_view kNotebook = "AWS::SageMaker::NotebookInstance";
  const auto row = [&](std::string_view account, std::string_view region, std::string_view type,
                       const std::array<uint32_t, 4>& numbers, bool complete) {
    seen.rows.push_back({std::string(account), std::string(region), std::string(type), numbers[0],
                         numbers[1], numbers[2], numbers[3], complete});
  };
  row(kAccount, "eu-central-1", kImage, {0, 0, 0, 0}, false);
  row(kAccount, "eu-central-1", kNotebook, {0, 0, 0, 0}, true);
  row(kAccount, "eu-west-1", kImage, {1, 1, 0, 0}, true);
  row(kAccount, "eu-west-1", kNotebook, {1'042, 1'039, 1, 2}, true);
  row(kAccount, "us-east-1", kImage, {0, 0, 0, 0}, true);
  row(kAccount, "us-east-1", kNotebook, {0, 0, 0, 0}, true);
  row(kOther, "", kImage, {0, 0, 0, 0}, false);
  row(kOther, "", kNotebook, {0, 0, 0, 0}, false);
  seen.passed_over = {{"being deleted", 1}, {"deleted meanwhile", 1}};
  Gap gap;
  gap.kind = Gap::Kind::Call;
  gap.account = kAccount;
  gap.region = "eu-central-1";
  gap.operation = "sagemaker:ListImages";
  gap.type = kImage;
  gap.code = "ACCESS_DENIED";
  gap.message = "the images of this Region were not seen: AccessDeniedException: no";
  seen.gaps.push_back(gap);
  gap.region = "eu-west-1";
  gap.operation = "sagemaker:DescribeNotebookInstance";
  gap.type = kNotebook;
  gap.message = "sandbox could not be read: AccessDeniedException: no";
  seen.gaps.push_back(gap);
  gap.account = kOther;
  gap.region = gap.type = "";
  gap.operation = "sts:AssumeRole";
  gap.code = "NO_CREDENTIALS";
  gap.message = "nothing of this account was seen: AccessDenied: not authorized";
  seen.gaps.push_back(gap);
  return sample;
}

Sample hostile_sample() {
  using namespace std::string_literals;
  const std::vector<std::string> names = {
      "</script><script>document.title='owned'</script>",
      "<img src=x onerror=\"document.title='owned'\">",
      "<!--<script>",
      "\"quoted\" 'single' `tick`",
      "=cmd|'/C calc'!A0",
      "@SUM(1+1)*cmd",
      "  -2+3",
      "line\r\nbreak\ttab",
      "\x1b[31mred\x1b[0m\x1b]0;title\x07",
      "broken \xFF\xC3 utf-8 \xED\xA0\x80",
      "nul\0byte"s,
      "|pipe| [link](javascript:alert(1)) ![i](http://example.invalid/x.png) @someone #1",
      "````` fence ``` </details>",
      "]]> &amp; <![CDATA[ \xEF\xBF\xBF",
      "right\xE2\x80\xAEtfel to left",
      "\xE2\x81\xA6isolate",
      "{{handlebars}} ${jndi:x} %s%n {0}",
      "\xE6\xA8\xA1\xE5\x9E\x8B \xF0\x9F\x98\x80 wide",
      "====",
      std::string(40'000, 'A'),
      std::string(20'000, '<'),
  };
  Sample sample{"hostile", run(), {}};
  for (size_t at = 0; at < names.size(); ++at) {
    const std::string& name = names[at];
    Finding finding = notebook("SageMaker.1", fmt::format("n{}", at));
    finding.name = name;
    finding.arn =
        fmt::format("arn:aws:sagemaker:eu-west-1:{}:notebook-instance/{}", kAccount, name);
    finding.id = fmt::format("SageMaker.1/{}", name);
    finding.tags = {{name, name}};
    finding.compliance = at % 3 == 0 ? Compliance::Failed : Compliance::Warning;
    finding.reasons = {{"SETTING_INSECURE", name}, {name, name}};
    finding.evidence = {{name, name, name, 1, 1},
                        {"DirectInternetAccess", "\"" + name, name, 0, 0}};
    finding.location = {name, 7, 1, name};
    if (at % 4 == 1)
      finding.suppressed = Suppression{Suppression::Kind::External, name, name, name};
    finding.captured_at = name;
    sample.findings.push_back(std::move(finding));
    Gap gap = file_gap();
    gap.location.file = name;
    gap.code = name;
    gap.message = name;
    sample.input.coverage.gaps.push_back(std::move(gap));
    sample.input.notices.push_back(name);
    sample.input.run.inputs.push_back(name);
    sample.input.coverage.rows.push_back({name, name, name, 1, 0, 1, 0, false});
  }
  ControlInfo user = control("Custom<b>.1", names[0], Severity::Critical, "AWS::SageMaker::Model");
  user.why = names[1];
  user.fix = names[0];
  user.documentation = "javascript:alert(1)";
  user.standards = {names[2], names[11]};
  sample.input.controls.push_back(user);
  sample.input.coverage.passed_over[names[1]] = 1;
  sample.input.coverage.without_control[names[0]] = 1;
  sample.findings.push_back(notebook("Custom<b>.1", "custom"));
  fail_with(sample.findings.back(), "A", names[0], names[1]);
  finish(sample);
  return sample;
}

Sample large_sample(size_t findings) {
  Sample sample{"large", run(), {}};
  for (size_t at = 0; at < findings; ++at) {
    Finding finding = notebook(at % 2 == 0 ? "SageMaker.1" : "SageMaker.3",
                               fmt::format("notebook-{:06}", at / 2));
    if (at % 3 == 0) fail_with(finding, "DirectInternetAccess", "\"Enabled\"", "\"Disabled\"");
    if (at % 7 == 3) {
      finding.compliance = Compliance::Warning;
      finding.reasons = {{"NOT_RECORDED", "AWS Config does not record this setting"}};
    }
    if (at % 11 == 0) finding.severity = Severity::Low;
    sample.findings.push_back(std::move(finding));
  }
  finish(sample);
  return sample;
}

Result<std::string> render(std::string_view format, const Sample& sample, const TextStyle& style) {
  std::string text;
  const auto out = create_string_output(text);
  TRY_DO(find_format(format)->write(sample.input, each_of(sample.findings), style, *out));
  return text;
}

size_t count_of_text(std::string_view text, std::string_view part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

}  // namespace sagewarden
