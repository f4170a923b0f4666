// The whole catalogue at once: from a resource that meets every control, each audited setting is
// varied alone, and only the controls that own the setting may change their verdict. A control that
// reads another setting than its own (a fault that has been found in other tools) can't survive
// this.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/json_writer.h"
#include "base/text.h"
#include "control/control.h"
#include "model/resource_type.h"

namespace sagewarden {
namespace {

using enum Verdict;

// How a setting can be, and what its owners say to it.
enum class Change : uint8_t { Missing, Wrong, WrongType, Unknown, Set };
constexpr Change kChanges[] = {Change::Missing, Change::Wrong, Change::WrongType, Change::Unknown,
                               Change::Set};
struct Behaviour {
  Verdict on[std::size(kChanges)];
};
constexpr Behaviour kFlag = {{Failed, Failed, Warning, Warning, Warning}};
constexpr Behaviour kChoice = {{Failed, Failed, Failed, Warning, Warning}};
constexpr Behaviour kPresence = {{Failed, Failed, Warning, Warning, Passed}};
constexpr Behaviour kCount = {{Failed, Failed, Warning, Warning, Warning}};
// A setting that decides whether the control applies, and that AWS demands.
constexpr Behaviour kScope = {{Warning, NotApplicable, Warning, Warning, Warning}};
// A setting that no control is about.
constexpr Behaviour kNobody = {{Passed, Passed, Passed, Passed, Passed}};

struct Setting {
  std::string_view path;
  std::string_view good;        // JSON
  std::string_view wrong;       // JSON
  std::string_view wrong_type;  // JSON
  Behaviour behaviour;
  std::vector<std::string_view> owners;
};

struct Subject {
  std::string_view type;
  std::vector<Setting> settings;
  // Controls that are about the type and not about this resource.
  std::vector<std::string_view> not_applicable;
};

const std::string_view kKey = R"("arn:aws:kms:eu-west-1:111122223333:key/1234abcd")";

Setting key(std::string_view path, std::vector<std::string_view> owners) {
  return {path, kKey, R"("")", "{}", kPresence, std::move(owners)};
}
Setting flag(std::string_view path, std::vector<std::string_view> owners) {
  return {path, "true", "false", R"("true")", kFlag, std::move(owners)};
}
Setting nobody(std::string_view path, std::string_view value) {
  return {path, value, R"("other")", "[7]", kNobody, {}};
}
Setting tag(std::vector<std::string_view> owners) {
  return {"tags.Owner", R"("ml")", "", "", kPresence, std::move(owners)};
}
Subject job(std::string_view type, std::string_view traffic, std::string_view isolation) {
  return {type,
          {flag("NetworkConfig.EnableNetworkIsolation", {isolation}),
           flag("NetworkConfig.EnableInterContainerTrafficEncryption", {traffic}),
           {"JobResources.ClusterConfig.InstanceCount", "2", "1", R"("2")", kScope, {traffic}},
           nobody("JobResources.ClusterConfig.VolumeKmsKeyId", kKey),
           nobody("NetworkConfig.VpcConfig.Subnets[0]", R"("subnet-1")")},
          {}};
}

Subject feature_group() {
  return {"FeatureGroup",
          {key("OfflineStoreConfig.S3StorageConfig.KmsKeyId", {"SageMaker.17"}),
           key("OnlineStoreConfig.SecurityConfig.KmsKeyId", {"SageMaker.18"}),
           key("Description", {"Sagewarden.5"}),
           tag({"Sagewarden.6"}),
           nobody("OfflineStoreConfig.S3StorageConfig.S3Uri", R"("s3://b/")"),
           {"OnlineStoreConfig.EnableOnlineStore",
            "true",
            "false",
            R"("true")",
            {{NotApplicable, NotApplicable, Warning, Warning, Warning}},
            {"SageMaker.18"}},
           {"OnlineStoreConfig.StorageType",
            R"("Standard")",
            R"("InMemory")",
            "7",
            {{Passed, NotApplicable, Passed, Warning, Warning}},
            {"SageMaker.18"}}},
          {}};
}

Subject model() {
  return {"Model",
          {flag("EnableNetworkIsolation", {"SageMaker.5"}),
           {"PrimaryContainer.ImageConfig.RepositoryAccessMode",
            R"("Vpc")",
            R"("Platform")",
            "true",
            kChoice,
            {"SageMaker.16"}},
           {"VpcConfig",
            R"({"Subnets": ["subnet-1"]})",
            "{}",
            "null",
            {{Failed, Failed, Failed, Warning, Passed}},
            {"Sagewarden.9"}},
           nobody("PrimaryContainer.Image", R"("i")"),
           nobody("PrimaryContainer.Mode", R"("SingleModel")")},
          {"SageMaker.19"}};
}

Subject model_of_containers() {
  return {"Model",
          {flag("EnableNetworkIsolation", {"SageMaker.5"}),
           {"Containers[0].ImageConfig.RepositoryAccessMode",
            R"("Vpc")",
            R"("Platform")",
            "true",
            kChoice,
            {"SageMaker.19"}},
           {"Containers[1].ImageConfig.RepositoryAccessMode",
            R"("Vpc")",
            R"("")",
            "{}",
            kChoice,
            {"SageMaker.19"}},
           {"VpcConfig",
            R"({"Subnets": ["subnet-1"]})",
            "{}",
            "null",
            {{Failed, Failed, Failed, Warning, Passed}},
            {"Sagewarden.9"}},
           nobody("InferenceExecutionConfig.Mode", R"("Serial")")},
          {"SageMaker.16"}};
}

Subject notebook_instance() {
  return {
      "NotebookInstance",
      {{"DirectInternetAccess", R"("Disabled")", R"("Enabled")", "false", kChoice, {"SageMaker.1"}},
       {"SubnetId", R"("subnet-1")", R"("")", "1", kPresence, {"SageMaker.2"}},
       {"RootAccess", R"("Disabled")", R"("Enabled")", "false", kChoice, {"SageMaker.3"}},
       {"PlatformIdentifier",
        R"("notebook-al2023-v1")",
        R"("notebook-al2-v3")",
        "2023",
        kChoice,
        {"SageMaker.8"}},
       key("KmsKeyId", {"SageMaker.21", "Sagewarden.10"}),
       nobody("SecurityGroupIds[0]", R"("sg-1")"),
       nobody("InstanceType", R"("ml.t3.medium")")},
      {}};
}

std::vector<Subject> subjects() {
  return {
      {"AppImageConfig", {tag({"SageMaker.6"}), nobody("AppImageConfigName", R"("a")")}, {}},
      job("DataQualityJobDefinition", "SageMaker.9", "SageMaker.11"),
      {"Domain",
       {{"AppNetworkAccessType",
         R"("VpcOnly")",
         R"("PublicInternetOnly")",
         "true",
         kChoice,
         {"Sagewarden.1"}},
        tag({"Sagewarden.2"}),
        nobody("VpcId", R"("vpc-1")"),
        nobody("KmsKeyId", kKey)},
       {}},
      {"Endpoint", {nobody("EndpointConfigName", R"("e")"), nobody("KmsKeyId", kKey)}, {}},
      {"EndpointConfig",
       {{"ProductionVariants[0].InitialInstanceCount", "2", "1", R"("2")", kCount, {"SageMaker.4"}},
        {"ProductionVariants[1].InitialInstanceCount", "3", "0", "{}", kCount, {"SageMaker.4"}},
        key("KmsKeyId", {"Sagewarden.3", "Sagewarden.4"}),
        nobody("ProductionVariants[0].ModelName", R"("m")"),
        nobody("ShadowProductionVariants[0].InitialInstanceCount", "1"),
        nobody("DataCaptureConfig.KmsKeyId", kKey)},
       {}},
      feature_group(),
      {"Image",
       {tag({"SageMaker.7"}), key("ImageDescription", {"Sagewarden.7"}),
        nobody("ImageDisplayName", R"("d")")},
       {}},
      {"InferenceExperiment",
       {key("KmsKey", {"SageMaker.23"}), key("DataStorageConfig.KmsKey", {"SageMaker.24"}),
        tag({"Sagewarden.8"}), nobody("DataStorageConfig.Destination", R"("s3://b/")"),
        nobody("Status", R"("Running")")},
       {}},
      model(),
      model_of_containers(),
      job("ModelBiasJobDefinition", "SageMaker.15", "SageMaker.12"),
      job("ModelExplainabilityJobDefinition", "SageMaker.10", "SageMaker.20"),
      job("ModelQualityJobDefinition", "SageMaker.13", "SageMaker.25"),
      {"MonitoringSchedule",
       {flag(
            "MonitoringScheduleConfig.MonitoringJobDefinition.NetworkConfig.EnableNetworkIsolation",
            {"SageMaker.14"}),
        flag("MonitoringScheduleConfig.MonitoringJobDefinition.NetworkConfig."
             "EnableInterContainerTrafficEncryption",
             {"SageMaker.22"}),
        nobody("MonitoringScheduleConfig.MonitoringType", R"("DataQuality")"),
        nobody("MonitoringScheduleConfig.MonitoringJobDefinition.RoleArn", R"("arn")")},
       {}},
      notebook_instance(),
  };
}

// ---- making resources ----

// A JSON value that is put together from paths; members that are all numbers make a list.
struct Tree {
  std::string leaf;
  std::map<std::string, Tree> members;
};

void plant(Tree& root, std::string_view path, std::string_view leaf) {
  Tree* at = &root;
  while (!path.empty()) {
    const size_t end = path.find_first_of(".[");
    std::string_view step = path.substr(0, end);
    path.remove_prefix(end == std::string_view::npos ? path.size() : end + 1);
    if (!step.empty() && step.back() == ']') step.remove_suffix(1);
    if (!step.empty()) at = &at->members[std::string(step)];
  }
  at->leaf = leaf;
}

void write(json::Writer& writer, const Tree& tree) {  // NOLINT(misc-no-recursion)
  if (!tree.leaf.empty()) {
    writer.raw(tree.leaf);
    return;
  }
  const bool list = !tree.members.empty() && tree.members.begin()->first == "0";
  list ? writer.begin_array() : writer.begin_object();
  for (const auto& [name, member] : tree.members) {
    if (!list) writer.key(name);
    write(writer, member);
  }
  list ? writer.end_array() : writer.end_object();
}

json::Document document_of(const Tree& tree) {
  std::string text;
  json::Writer writer(text);
  write(writer, tree);
  return *json::parse_document(text);
}

// The resource with each setting good, but for those that are changed.
class Made {
 public:
  Made(const Subject& subject, const std::map<size_t, Change>& changes) {
    for (size_t i = 0; i < subject.settings.size(); ++i) {
      const Setting& setting = subject.settings[i];
      const auto change = changes.find(i);
      if (change == changes.end())
        plant(tree_, setting.path, setting.good);
      else
        apply(setting, change->second);
    }
    tags_ = document_of(tree_.members["tags"]);
    tree_.members.erase("tags");
    properties_ = document_of(tree_);
    type_ = fmt::format("AWS::SageMaker::{}", subject.type);
    resource_.type = type_;
    resource_.partition = "aws";
    resource_.properties = properties_.root;
    resource_.tags = tags_.root;
    resource_.unknown_properties = unknown_.empty() ? nullptr : &unknown_;
    resource_.unknown_tags = unknown_tags_.empty() ? nullptr : &unknown_tags_;
    resource_.location = &location_;
  }
  const Resource& resource() const { return resource_; }

 private:
  void apply(const Setting& setting, Change change) {
    const bool is_tag = setting.path.starts_with("tags.");
    // What holds the setting stays where it is.
    const size_t end = setting.path.find_last_of(".[");
    const std::string_view parent = setting.path.substr(0, end);
    switch (change) {
      case Change::Missing:
      case Change::Unknown:
      case Change::Set:
        if (end == std::string_view::npos || setting.path.ends_with("]")) break;
        plant(tree_, parent, "");
        break;
      case Change::Wrong:
      case Change::WrongType:
        if (is_tag) {
          plant(tree_, "tags.aws:createdBy", R"("x")");
        } else {
          plant(tree_, setting.path, change == Change::Wrong ? setting.wrong : setting.wrong_type);
        }
        break;
    }
    if (change != Change::Unknown && change != Change::Set) return;
    const Known known = change == Change::Set ? Known::Set : Known::Nothing;
    UnknownNode& root = is_tag ? unknown_tags_ : unknown_;
    mark_unknown(root, is_tag ? setting.path.substr(5) : setting.path, known,
                 UnknownCause::NotResolved, "varied");
  }

  Tree tree_;
  json::Document properties_;
  json::Document tags_;
  UnknownNode unknown_;
  UnknownNode unknown_tags_;
  std::string type_;
  const Location location_;
  Resource resource_;
};

const std::vector<Control>& all_controls() {
  static const Result<std::vector<Control>> kControls = load_builtin_controls();
  return *kControls;
}

std::map<std::string, Verdict> verdicts_of(const Resource& resource) {
  static cel::Scratch scratch;
  std::map<std::string, Verdict> verdicts;
  for (const Control& control : all_controls()) {
    if (control.info.resource_type == resource.type)
      verdicts[control.info.id] = judge(control, resource, scratch);
  }
  return verdicts;
}

std::map<std::string, Verdict> expected(const Subject& subject) {
  std::map<std::string, Verdict> verdicts;
  for (const Control& control : all_controls()) {
    if (control.info.resource_type == fmt::format("AWS::SageMaker::{}", subject.type))
      verdicts[control.info.id] = Passed;
  }
  for (const std::string_view id : subject.not_applicable)
    verdicts[std::string(id)] = NotApplicable;
  return verdicts;
}

std::string words(const std::map<std::string, Verdict>& verdicts) {
  constexpr std::string_view kWords[] = {"not applicable", "passed", "failed", "warning",
                                         "not available"};
  std::string text;
  for (const auto& [id, verdict] : verdicts)
    text += fmt::format("{} {}\n", id, kWords[static_cast<size_t>(verdict)]);
  return text;
}

TEST(Catalogue, EachSettingMovesOnlyItsOwnControls) {
  for (const Subject& subject : subjects()) {
    const std::map<std::string, Verdict> all_good = expected(subject);
    EXPECT_EQ(words(verdicts_of(Made(subject, {}).resource())), words(all_good)) << subject.type;
    for (size_t i = 0; i < subject.settings.size(); ++i) {
      const Setting& setting = subject.settings[i];
      for (const Change change : kChanges) {
        // A tag has no type to get wrong: any value is one.
        const Verdict owners_say = setting.path.starts_with("tags.") && change == Change::WrongType
                                       ? Failed
                                       : setting.behaviour.on[static_cast<size_t>(change)];
        std::map<std::string, Verdict> want = all_good;
        for (const std::string_view owner : setting.owners) want[std::string(owner)] = owners_say;
        const Made made(subject, {{i, change}});
        EXPECT_EQ(words(verdicts_of(made.resource())), words(want))
            << subject.type << " " << setting.path << " change " << static_cast<int>(change);
      }
    }
  }
}

// What the controls that own the setting say when it is wrong.
void expect_wrong(const Setting& setting, std::map<std::string, Verdict>& want) {
  for (const std::string_view owner : setting.owners) {
    // Not to apply comes before failing.
    Verdict& verdict = want[std::string(owner)];
    if (verdict != NotApplicable)
      verdict = setting.behaviour.on[static_cast<size_t>(Change::Wrong)];
  }
}

// Every combination of good and wrong settings: the controls are independent of each other.
TEST(Catalogue, WrongSettingsDoNotHideEachOther) {
  size_t combinations = 0;
  for (const Subject& subject : subjects()) {
    for (uint32_t mask = 0; mask < (1U << subject.settings.size()); ++mask) {
      std::map<size_t, Change> changes;
      std::map<std::string, Verdict> want = expected(subject);
      for (size_t i = 0; i < subject.settings.size(); ++i) {
        if ((mask >> i & 1U) == 0) continue;
        changes[i] = Change::Wrong;
        expect_wrong(subject.settings[i], want);
      }
      const Made made(subject, changes);
      ASSERT_EQ(words(verdicts_of(made.resource())), words(want)) << subject.type << " " << mask;
      ++combinations;
    }
  }
  EXPECT_GT(combinations, 500U);
}

// Nothing that is not known passes: with every setting unknown, no control that has a setting says
// anything but that it does not know.
TEST(Catalogue, NothingPassesThatIsNotKnown) {
  for (const Subject& subject : subjects()) {
    std::map<size_t, Change> changes;
    for (size_t i = 0; i < subject.settings.size(); ++i) changes[i] = Change::Unknown;
    const Made made(subject, changes);
    for (const auto& [id, verdict] : verdicts_of(made.resource())) {
      const bool not_applicable =
          std::ranges::find(subject.not_applicable, id) != subject.not_applicable.end();
      EXPECT_EQ(verdict, not_applicable ? NotApplicable : Warning) << subject.type << " " << id;
    }
  }
}

TEST(Catalogue, EverySettingHasItsOwnersAndEveryControlASetting) {
  std::set<std::string_view> types;
  std::set<std::string_view> owners;
  for (const Subject& subject : subjects()) {
    types.insert(subject.type);
    for (const Setting& setting : subject.settings)
      owners.insert(setting.owners.begin(), setting.owners.end());
  }
  for (const ResourceType& type : resource_types())
    EXPECT_TRUE(
        types.contains(type.cloudformation.substr(std::string_view("AWS::SageMaker::").size())))
        << type.cloudformation;
  for (const Control& control : all_controls())
    EXPECT_TRUE(owners.contains(control.info.id)) << control.info.id;
}

}  // namespace
}  // namespace sagewarden
