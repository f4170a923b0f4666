#include "evaluate/evaluator.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "base/text.h"

namespace {

// Allocations of this thread, so that a test can say that there were none.
thread_local size_t allocations = 0;

}  // namespace

// NOLINTBEGIN(cppcoreguidelines-no-malloc): this is where they belong
[[gnu::noinline]] void* operator new(size_t size) {
  ++allocations;
  void* memory = std::calloc(1, size == 0 ? 1 : size);
  if (memory == nullptr) std::abort();
  return memory;
}
[[gnu::noinline]] void* operator new(size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::calloc(1, size == 0 ? 1 : size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept {
  std::free(memory);
}
// NOLINTEND(cppcoreguidelines-no-malloc)

namespace sagewarden {
namespace {

constexpr std::string_view kArn = "arn:aws:sagemaker:eu-west-1:111122223333:model/churn";

// Applies to models with `Stage`, and passes those in production.
Control control(std::string_view id, std::string_view type = "AWS::SageMaker::Model") {
  Result<Control> read = parse_control("c.yaml",
                                       fmt::format(R"(
id: {}
title: Production only
severity: HIGH
resource: {}
applies: has(resource.Stage)
passes: resource.Stage == "prod"
why: Because.
fix: Change it.
tests:
  - {{name: passes, given: {{Stage: prod}}, expect: PASSED}}
  - {{name: fails, given: {{Stage: dev}}, expect: FAILED}}
  - {{name: not applicable, given: {{}}, expect: NOT_APPLICABLE}}
)",
                                                   id, type),
                                       "user");
  if (!read) ADD_FAILURE() << read.error().message;
  return std::move(*read);
}

// A resource and what it refers to.
struct Model {
  json::Document properties;
  json::Document tags;
  Location location{"models.json", 12, 3, ""};
  UnknownNode unknown;
  std::vector<InlineSuppression> suppressions;
  Resource resource;

  explicit Model(std::string_view json_properties) {
    properties = std::move(json::parse_document(json_properties).value());
    tags = std::move(json::parse_document(R"({"Owner": "ml", "Count": 3})").value());
    resource.type = "AWS::SageMaker::Model";
    resource.arn = kArn;
    resource.name = "churn";
    resource.account = "111122223333";
    resource.region = "eu-west-1";
    resource.partition = "aws";
    resource.properties = properties.root;
    resource.tags = tags.root;
    resource.captured_at = "2026-03-01T12:00:00Z";
    resource.location = &location;
    resource.unknown_properties = &unknown;
    resource.suppressions = &suppressions;
  }
};

class Collected : public FindingSink {
 public:
  void resource(const ResourceVerdicts& verdicts) override { resources.push_back(verdicts); }
  void finding(const ResourceVerdicts& of, const FindingView& finding) override {
    EXPECT_EQ(of.key, resources.back().key);
    EXPECT_EQ(of.group, resources.back().group);
    findings.push_back(copy_of(finding));
  }

  std::vector<ResourceVerdicts> resources;
  std::vector<Finding> findings;
};

Collected evaluated(std::span<const Control> controls, const Resource& resource,
                    KeepPassed keep = KeepPassed::No) {
  const Exceptions none;
  ExceptionUse use(none, "2026-11-23");
  const Evaluator evaluator(controls, use, keep);
  Workbench bench = evaluator.make_workbench();
  Collected out;
  EXPECT_TRUE(evaluator.evaluate(resource, bench, out));
  return out;
}

std::vector<Control> two_controls() {
  std::vector<Control> controls;
  controls.push_back(control("Org.1"));
  controls.push_back(control("Org.2"));
  return controls;
}

TEST(Evaluator, Verdicts) {
  const std::vector<Control> controls = two_controls();
  const struct {
    std::string_view properties;
    bool unknown;
    std::vector<Compliance> findings;  // of each control
    uint64_t passed;
  } cases[] = {
      {R"({})", false, {}, 0},
      {R"({"Stage": "prod"})", false, {}, 0b11},
      {R"({"Stage": "dev"})", false, {Compliance::Failed, Compliance::Failed}, 0},
      {R"({"Stage": "prod"})", true, {Compliance::Warning, Compliance::Warning}, 0},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.properties);
    Model model(c.properties);
    if (c.unknown)
      mark_unknown(model.unknown, "Stage", Known::Nothing, UnknownCause::NotExported, "left out");
    const Collected found = evaluated(controls, model.resource);
    ASSERT_EQ(found.resources.size(), 1U);
    EXPECT_EQ(found.resources[0].passed, c.passed);
    EXPECT_FALSE(found.resources[0].deleted);
    std::vector<Compliance> compliance;
    for (const Finding& finding : found.findings) compliance.push_back(finding.compliance);
    EXPECT_EQ(compliance, c.findings);
  }
}

TEST(Evaluator, WhatAFindingHolds) {
  const std::vector<Control> controls = two_controls();
  const Model model(R"({"Stage": "dev"})");
  const Collected found = evaluated(controls, model.resource);
  ASSERT_EQ(found.findings.size(), 2U);
  const Finding& finding = found.findings[0];
  EXPECT_EQ(finding.id, "Org.1/" + std::string(kArn));
  EXPECT_EQ(finding.control, "Org.1");
  EXPECT_EQ(finding.severity, Severity::High);
  EXPECT_EQ(finding.type, "AWS::SageMaker::Model");
  EXPECT_EQ(finding.arn, kArn);
  EXPECT_EQ(finding.name, "churn");
  EXPECT_EQ(finding.account, "111122223333");
  EXPECT_EQ(finding.region, "eu-west-1");
  EXPECT_EQ(finding.partition, "aws");
  const std::vector<std::pair<std::string, std::string>> tags = {{"Owner", "ml"}, {"Count", "3"}};
  EXPECT_EQ(finding.tags, tags);
  EXPECT_EQ(finding.location, model.location);
  EXPECT_EQ(finding.captured_at, "2026-03-01T12:00:00Z");
  EXPECT_FALSE(finding.suppressed);
  EXPECT_FALSE(finding.reasons.empty());
  ASSERT_FALSE(finding.evidence.empty());
  EXPECT_EQ(finding.evidence[0].path, "Stage");
  EXPECT_EQ(finding.evidence[0].found, "\"dev\"");
  EXPECT_EQ(found.resources[0].captured_at, 1'772'366'400'000);
  EXPECT_EQ(found.resources[0].file, "models.json");
  EXPECT_EQ(found.resources[0].key, hash_of(kArn));
}

// An exception for a tag's value must not match what was put in the place of an unknown one.
TEST(Evaluator, TagsThatAreNotKnownAreLeftOut) {
  using Tags = std::vector<std::pair<std::string, std::string>>;
  const std::vector<Control> controls = two_controls();
  Model model(R"({"Stage": "dev"})");
  const auto tags = [&] { return evaluated(controls, model.resource).findings.at(0).tags; };
  model.tags =
      std::move(json::parse_document(R"({"Owner": null, "Null": null, "A": "x"})").value());
  model.resource.tags = model.tags.root;
  UnknownNode unknown;
  mark_unknown(unknown, "Owner", Known::Set, UnknownCause::AfterApply, "later");
  model.resource.unknown_tags = &unknown;
  EXPECT_EQ(tags(), (Tags{{"A", "x"}}));
  mark_unknown(unknown, "A", Known::Nothing, UnknownCause::NotResolved, "either");
  EXPECT_EQ(tags(), Tags{});
  UnknownNode all;
  mark_unknown(all, "", Known::Nothing, UnknownCause::NotExported, "no tags");
  model.resource.unknown_tags = &all;
  EXPECT_EQ(tags(), Tags{});
}

TEST(Evaluator, PassedAreKeptWhenAsked) {
  const std::vector<Control> controls = two_controls();
  const Model model(R"({"Stage": "prod"})");
  const Collected found = evaluated(controls, model.resource, KeepPassed::Yes);
  EXPECT_EQ(found.resources[0].passed, 0U);
  ASSERT_EQ(found.findings.size(), 2U);
  EXPECT_EQ(found.findings[1].compliance, Compliance::Passed);
  EXPECT_TRUE(found.findings[1].reasons.empty());
}

TEST(Evaluator, ExceptionsAreApplied) {
  const std::vector<Control> controls = two_controls();
  const Exceptions exceptions{"e.yaml", {{.controls = {"Org.1"}, .reason = "r", .owner = "o"}}};
  ExceptionUse use(exceptions, "2026-11-23");
  const Evaluator evaluator(controls, use, KeepPassed::No);
  Model model(R"({"Stage": "dev"})");
  model.suppressions = {{"Org.2", "inside", "2026-11-22", 7}};
  Workbench bench = evaluator.make_workbench();
  Collected found;
  ASSERT_TRUE(evaluator.evaluate(model.resource, bench, found));
  ASSERT_EQ(found.findings.size(), 2U);
  EXPECT_TRUE(found.findings[0].suppressed);
  EXPECT_FALSE(found.findings[1].suppressed);
  EXPECT_EQ(found.findings[1].reasons.back().code, "EXCEPTION_EXPIRED");
}

TEST(Evaluator, TypesAndGroups) {
  std::vector<Control> controls;
  controls.push_back(control("Org.1", "AWS::SageMaker::Model"));
  controls.push_back(control("Org.2", "AWS::SageMaker::Image"));
  controls.push_back(control("Org.3", "AWS::SageMaker::Model"));
  const Exceptions none;
  ExceptionUse use(none, "2026-11-23");
  const Evaluator evaluator(controls, use, KeepPassed::No);
  ASSERT_EQ(evaluator.types().size(), 2U);
  EXPECT_EQ(evaluator.types()[0], "AWS::SageMaker::Image");
  EXPECT_EQ(evaluator.types()[1], "AWS::SageMaker::Model");
  ASSERT_EQ(evaluator.groups().size(), 2U);
  EXPECT_EQ(evaluator.groups()[0].controls, (std::vector<size_t>{1}));
  EXPECT_EQ(evaluator.groups()[1].controls, (std::vector<size_t>{0, 2}));
  Model domain(R"({"Stage": "dev"})");
  domain.resource.type = "AWS::SageMaker::Domain";
  Workbench bench = evaluator.make_workbench();
  Collected found;
  EXPECT_FALSE(evaluator.evaluate(domain.resource, bench, found));
  EXPECT_FALSE(evaluator.deleted(domain.resource, found));
  EXPECT_TRUE(found.resources.empty());
}

TEST(Evaluator, MoreControlsThanAGroupHolds) {
  for (const size_t count : {kControlsPerGroup, kControlsPerGroup + 1}) {
    SCOPED_TRACE(count);
    std::vector<Control> controls;
    for (size_t i = 0; i < count; ++i) controls.push_back(control(fmt::format("Org.{}", i + 1)));
    const Model good(R"({"Stage": "prod"})");
    const Collected passed = evaluated(controls, good.resource);
    ASSERT_EQ(passed.resources.size(), count > kControlsPerGroup ? 2U : 1U);
    EXPECT_EQ(passed.resources[0].passed, ~uint64_t{0});
    if (count > kControlsPerGroup) {
      EXPECT_EQ(passed.resources[1].passed, 1U);
      EXPECT_EQ(passed.resources[1].group, 1U);
    }
    const Model bad(R"({"Stage": "dev"})");
    const Collected failed = evaluated(controls, bad.resource);
    ASSERT_EQ(failed.findings.size(), count);
    EXPECT_EQ(failed.findings.back().control, fmt::format("Org.{}", count));
  }
}

TEST(Evaluator, Deleted) {
  const std::vector<Control> controls = two_controls();
  const Exceptions none;
  ExceptionUse use(none, "2026-11-23");
  const Evaluator evaluator(controls, use, KeepPassed::Yes);
  Model model("{}");
  model.resource.properties = {};
  Collected found;
  EXPECT_TRUE(evaluator.deleted(model.resource, found));
  ASSERT_EQ(found.resources.size(), 1U);
  EXPECT_TRUE(found.resources[0].deleted);
  EXPECT_EQ(found.resources[0].key, hash_of(kArn));
  EXPECT_EQ(found.resources[0].captured_at, 1'772'366'400'000);
  EXPECT_TRUE(found.findings.empty());
}

TEST(Evaluator, IdentityIsStableAndUnique) {
  Model model("{}");
  const auto id = [&] { return finding_id("Org.1", model.resource); };
  EXPECT_EQ(id(), "Org.1/" + std::string(kArn));
  model.resource.arn = {};
  model.location = {"app.yaml", 12, 3, "Nested/Churn"};
  EXPECT_EQ(id(), "Org.1/app.yaml#Nested/Churn");
  model.location.address.clear();
  EXPECT_EQ(id(), "Org.1/app.yaml#111122223333/eu-west-1/AWS::SageMaker::Model/churn");
  model.resource.id = "churn";
  EXPECT_EQ(id(), "Org.1/app.yaml#111122223333/eu-west-1/AWS::SageMaker::Model/churn");
  model.resource.id = "m-1";
  EXPECT_EQ(id(), "Org.1/app.yaml#111122223333/eu-west-1/AWS::SageMaker::Model/churn/m-1");
  model.resource.account = {};
  model.resource.id = {};
  EXPECT_EQ(id(), "Org.1/app.yaml#eu-west-1/AWS::SageMaker::Model/churn/line-12");
}

TEST(Evaluator, KeysTellResourcesApart) {
  const std::vector<Control> controls = two_controls();
  const Exceptions none;
  ExceptionUse use(none, "2026-11-23");
  const Evaluator evaluator(controls, use, KeepPassed::No);
  Workbench bench = evaluator.make_workbench();
  Collected found;
  Model model("{}");
  std::vector<Hash> keys;
  const auto add = [&](std::string_view arn, Location location, std::string_view name) {
    model.resource.arn = arn;
    model.resource.name = name;
    model.location = std::move(location);
    evaluator.evaluate(model.resource, bench, found);
    keys.push_back(found.resources.back().key);
  };
  add(kArn, {}, "churn");
  add("arn:aws:sagemaker:eu-west-1:111122223333:model/churn2", {}, "churn");
  add("", {"a.yaml", 1, 1, "A"}, "churn");
  add("", {"a.yaml", 1, 1, "B"}, "churn");
  add("", {"b.yaml", 1, 1, "A"}, "churn");
  add("", {"a.yaml", 1, 1, ""}, "churn");
  add("", {"a.yaml", 1, 1, ""}, "other");
  model.resource.id = "m-1";
  add("", {"a.yaml", 1, 1, ""}, "other");
  model.resource.account = "222222222222";
  add("", {"a.yaml", 1, 1, ""}, "other");
  model.resource.region = "us-east-1";
  add("", {"a.yaml", 1, 1, ""}, "other");
  // Without account and Region it may be anyone's, so that two are never the same.
  model.resource.id = {};
  add("", {"a.yaml", 1, 1, ""}, "");
  add("", {"a.yaml", 1, 1, ""}, "");
  model.resource.account = {};
  add("", {"a.yaml", 0, 0, ""}, "other");
  add("", {"a.yaml", 0, 0, ""}, "other");
  model.resource.region = {};
  add("", {"a.yaml", 0, 0, ""}, "other");
  for (size_t i = 0; i < keys.size(); ++i) {
    for (size_t j = 0; j < i; ++j) EXPECT_NE(keys[i], keys[j]) << i << ' ' << j;
  }
  // Where a resource stands does not matter once it has an ARN.
  add(kArn, {"other.json", 9, 9, "X"}, "renamed");
  EXPECT_EQ(keys.front(), keys.back());
}

TEST(Evaluator, LongIdsAreCutAndStayUnique) {
  Model model("{}");
  const std::string longest(kMaxFindingId - std::string_view("Org.1/").size(), 'a');
  model.resource.arn = longest;
  EXPECT_EQ(finding_id("Org.1", model.resource), "Org.1/" + longest);
  const std::string too_long = longest + "a";
  model.resource.arn = too_long;
  const std::string cut = finding_id("Org.1", model.resource);
  EXPECT_EQ(cut.size(), kMaxFindingId);
  const std::string other = longest + "b";
  model.resource.arn = other;
  EXPECT_NE(finding_id("Org.1", model.resource), cut);
  // Never in the middle of a character.
  std::string wide;
  for (int i = 0; i < 300; ++i) wide += "\xC3\xA9";
  for (const std::string& prefix : {std::string(), std::string("a")}) {
    const std::string arn = prefix + wide;
    model.resource.arn = arn;
    const std::string id = finding_id("Org.1", model.resource);
    EXPECT_LE(id.size(), kMaxFindingId);
    EXPECT_TRUE(is_utf8(id)) << id;
  }
}

TEST(Evaluator, NothingIsAllocatedWhenAllPass) {
  const std::vector<Control> controls = two_controls();
  const Exceptions none;
  ExceptionUse use(none, "2026-11-23");
  const Evaluator evaluator(controls, use, KeepPassed::No);
  class Ignoring : public FindingSink {
   public:
    void resource(const ResourceVerdicts& verdicts) override { passed += verdicts.passed; }
    void finding(const ResourceVerdicts&, const FindingView&) override { ADD_FAILURE(); }
    uint64_t passed = 0;
  };
  Ignoring sink;
  Workbench bench = evaluator.make_workbench();
  const Model model(R"({"Stage": "prod"})");
  evaluator.evaluate(model.resource, bench, sink);  // warms the workbench up
  const size_t before = allocations;
  for (int i = 0; i < 100; ++i) evaluator.evaluate(model.resource, bench, sink);
  EXPECT_EQ(allocations, before);
  EXPECT_EQ(sink.passed, 101U * 3U);
}

}  // namespace
}  // namespace sagewarden
