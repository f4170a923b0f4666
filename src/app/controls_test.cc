#include "app/controls.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace sagewarden {
namespace {

namespace fs = std::filesystem;

// A folder with users' control files.
class UsersControls : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "sagewarden-controls-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(std::string_view name, std::string_view text) const {
    std::ofstream(folder_ + "/" + std::string(name)) << text;
  }
  void write_control(std::string_view name, std::string_view id, std::string_view expect) const {
    write(name, fmt::format(R"(id: {}
title: Models have an owner
severity: LOW
resource: AWS::SageMaker::Model
passes: has(tags.Owner)
why: Somebody must answer for it.
fix: Tag it.
aws: {{standards: [House rules]}}
tests:
  - {{name: has one, given: {{}}, tags: {{Owner: me}}, expect: PASSED}}
  - {{name: has none, given: {{}}, expect: {}}}
)",
                            id, expect));
  }
  std::string at(std::string_view name) const { return folder_ + "/" + std::string(name); }

  std::string folder_;
};

std::vector<std::string> ids_of(const std::vector<Control>& controls) {
  std::vector<std::string> ids;
  for (const Control& control : controls) ids.push_back(control.info.id);
  return ids;
}

std::string error_of(const ControlSelection& selection) {
  const Result<std::vector<Control>> controls = select_controls(selection);
  return controls ? "" : controls.error().message;
}

TEST(BuiltinControls, AreNamedAfterTheirFiles) {
  const std::vector<std::string_view> ids = builtin_control_ids();
  ASSERT_EQ(ids.size(), builtin_controls().size());
  EXPECT_EQ(ids.front(), "SageMaker.1");
  EXPECT_EQ(ids[1], "SageMaker.2");  // not SageMaker.10
  for (const std::string_view id : ids) {
    const Result<Control> control = load_control(id, {});
    ASSERT_TRUE(control) << id;
    EXPECT_EQ(control->info.id, id);
  }
}

TEST(BuiltinControls, AreFoundInAnyCase) {
  ASSERT_NE(find_builtin("sagemaker.3"), nullptr);
  EXPECT_EQ(find_builtin("SageMaker"), nullptr);
  EXPECT_EQ(find_builtin("SageMaker.*"), nullptr);
}

TEST(SelectControls, ByNameAndSet) {
  const struct {
    std::vector<std::string> controls;
    std::vector<std::string> sets;
    size_t count;
    std::string_view first;
  } cases[] = {
      {{}, {}, 25, "SageMaker.1"},
      {{}, {"security-hub"}, 25, "SageMaker.1"},
      {{}, {"sagewarden"}, 10, "Sagewarden.1"},
      {{}, {"all"}, 35, "SageMaker.1"},
      {{}, {"security-hub", "sagewarden"}, 35, "SageMaker.1"},
      {{"SageMaker.3"}, {}, 1, "SageMaker.3"},
      {{"sagemaker.3, SageMaker.1", "SageMaker.3"}, {}, 2, "SageMaker.1"},
      {{"SageMaker.2?"}, {}, 6, "SageMaker.20"},
      {{"Sagewarden.2"}, {}, 1, "Sagewarden.2"},  // named: from any set
      {{"*"}, {}, 35, "SageMaker.1"},
      {{"*"}, {"sagewarden"}, 10, "Sagewarden.1"},
  };
  for (const auto& c : cases) {
    const Result<std::vector<Control>> controls =
        select_controls({.controls = c.controls, .sets = c.sets});
    ASSERT_TRUE(controls) << controls.error().message;
    EXPECT_EQ(controls->size(), c.count);
    EXPECT_EQ(controls->front().info.id, c.first);
  }
}

TEST(SelectControls, BySeverityAndStandard) {
  const Result<std::vector<Control>> high = select_controls({.severity = Severity::High});
  ASSERT_TRUE(high);
  EXPECT_FALSE(high->empty());
  for (const Control& control : *high) EXPECT_GE(control.info.severity, Severity::High);

  for (const std::string standard : {"fsbp", "nist", "pci", "ai", "Foundational Security"}) {
    const Result<std::vector<Control>> chosen = select_controls({.standards = {standard}});
    ASSERT_TRUE(chosen) << standard << ": " << chosen.error().message;
    EXPECT_LE(chosen->size(), 25U);
  }
  const Result<std::vector<Control>> pci = select_controls({.standards = {"pci"}});
  for (const Control& control : *pci) {
    EXPECT_TRUE(std::ranges::any_of(control.info.standards, [](const std::string& name) {
      return name.find("PCI") != std::string::npos;
    })) << control.info.id;
  }
}

TEST(SelectControls, ErrorsSayWhatWasMeant) {
  const struct {
    ControlSelection selection;
    std::string_view want;
  } cases[] = {
      {{.controls = {"SageMaker.33"}},
       "no control is called SageMaker.33 (did you mean SageMaker.3?)"},
      {{.controls = {"SageMaker.1,Bedrock.1"}},
       "no control is called Bedrock.1; 'sagewarden controls list' shows them all"},
      {{.controls = {"Bedrock.*"}}, "no control is called Bedrock.*"},
      {{.controls = {"SageMaker.1"}, .sets = {"sagewarden"}},
       "no control meets all that was asked for by name, set, severity and standard"},
      {{.parameters = {"SageMaker.9.min_instance_count"}},
       "--param SageMaker.9.min_instance_count: write it as CONTROL.NAME=VALUE"},
      {{.parameters = {"count=1"}}, "--param count=1: write it as CONTROL.NAME=VALUE"},
      {{.parameters = {"SageMaker.9=1"}},
       "--param SageMaker.9=1: write it as CONTROL.NAME=VALUE; `sagewarden controls show "
       "SageMaker.9` lists the names"},
      {{.controls = {"SageMaker.9"}, .parameters = {"SageMaker.99.x=1"}},
       "--param SageMaker.99.x=1: the control SageMaker.99 is not among the chosen ones (did you "
       "mean SageMaker.9?)"},
      {{.controls = {"SageMaker.3"}, .parameters = {"SageMaker.9.min_instance_count=1"}},
       "--param SageMaker.9.min_instance_count=1: the control SageMaker.9 is not among the chosen "
       "ones"},
  };
  for (const auto& c : cases) EXPECT_EQ(error_of(c.selection), c.want);
  EXPECT_TRUE(error_of({.standards = {"iso"}})
                  .starts_with("no standard is called iso; the standards are: AI Security"));
  EXPECT_TRUE(error_of({.parameters = {"SageMaker.9.nothing=1"}})
                  .starts_with("--param SageMaker.9.nothing=1: "));
}

TEST(SelectControls, SetsParameters) {
  const Result<std::vector<Control>> controls = select_controls(
      {.controls = {"SageMaker.9"}, .parameters = {"sagemaker.9.min_instance_count=1"}});
  ASSERT_TRUE(controls) << controls.error().message;
  EXPECT_EQ(controls->front().info.parameters.front().value, "1");
  EXPECT_EQ(controls->front().parameters.root["min_instance_count"].integer(), 1);
}

TEST_F(UsersControls, AreLoadedBesideTheBuiltInOnes) {
  write_control("b.yaml", "Acme.2", "FAILED");
  write_control("a.yml", "Acme.10", "FAILED");
  write("README.md", "no control");
  const Result<std::vector<Control>> controls =
      select_controls({.controls = {"Acme.*", "SageMaker.1"}, .folders = {folder_}});
  ASSERT_TRUE(controls) << controls.error().message;
  EXPECT_EQ(ids_of(*controls), (std::vector<std::string>{"Acme.2", "Acme.10", "SageMaker.1"}));
  EXPECT_EQ(select_controls({.folders = {folder_}})->size(), 27U);
  EXPECT_EQ(select_controls({.standards = {"house"}, .folders = {folder_}})->size(), 2U);
  const std::vector<std::string> folders = {folder_};
  const Result<Control> one = load_control("acme.2", folders);
  ASSERT_TRUE(one);
  EXPECT_EQ(one->info.id, "Acme.2");
  const Result<std::string> text = control_text(*one);
  ASSERT_TRUE(text);
  EXPECT_TRUE(text->starts_with("id: Acme.2\n"));
}

TEST_F(UsersControls, MustPassTheirOwnTests) {
  write_control("a.yaml", "Acme.1", "PASSED");
  const std::string error = error_of({.folders = {folder_}});
  EXPECT_TRUE(error.starts_with(at("a.yaml") + ":11:")) << error;
  EXPECT_NE(error.find("test \"has none\""), std::string::npos) << error;
}

TEST_F(UsersControls, ErrorsNameTheirPlace) {
  write("a.yaml", "id: Acme.1\ntitle: [\n");
  EXPECT_TRUE(error_of({.folders = {folder_}}).starts_with(at("a.yaml") + ":"))
      << error_of({.folders = {folder_}});
  EXPECT_EQ(error_of({.folders = {at("none")}}),
            "cannot read the folder " + at("none") + ": No such file or directory");
}

TEST_F(UsersControls, AFolderWithoutAnyIsAnError) {
  EXPECT_EQ(error_of({.folders = {folder_}}),
            folder_ + ": no control files (*.yaml, *.yml) in there");
}

TEST_F(UsersControls, OneIdTwiceIsAnError) {
  write_control("a.yaml", "Acme.1", "FAILED");
  write_control("b.yaml", "acme.1", "FAILED");
  const std::string error = error_of({.folders = {folder_}});
  EXPECT_NE(error.find("a.yaml"), std::string::npos) << error;
  EXPECT_NE(error.find("b.yaml"), std::string::npos) << error;
}

TEST_F(UsersControls, AFileThatIsTooLargeIsAnError) {
  write("a.yaml", std::string(kMaxControlBytes + 1, '#'));
  EXPECT_NE(error_of({.folders = {folder_}}).find("larger than the"), std::string::npos);
}

}  // namespace
}  // namespace sagewarden
