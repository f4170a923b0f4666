#include "app/prevent.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "app/controls.h"
#include "base/json_writer.h"
#include "base/node.h"
#include "cel/cel.h"
#include "cel/lexer.h"

namespace sagewarden {
namespace {

const std::vector<Control>& every_control() {
  static const Result<std::vector<Control>> kControls = load_builtin_controls();
  EXPECT_TRUE(kControls) << kControls.error().message;
  return *kControls;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

// The YAML documents of a text.
std::vector<Node> documents(const std::string& text) {
  std::vector<Node> all;
  size_t at = text.find("---\n");
  while (at != std::string::npos) {
    const size_t end = text.find("---\n", at + 4);
    const Result<Node> node = read_yaml(text.substr(at + 4, end - at - 4));
    EXPECT_TRUE(node) << node.error().message;
    if (node) all.push_back(*node);
    at = end;
  }
  return all;
}

// What is at a place such as "spec.validations.0.expression"; null when nothing is.
const Node* at_place(const Node& root, std::string_view place) {
  const Node* node = &root;
  while (node != nullptr && !place.empty()) {
    const std::string_view step = place.substr(0, place.find('.'));
    place.remove_prefix(std::min(place.size(), step.size() + 1));
    const size_t number = step.find_first_not_of("0123456789") == std::string_view::npos
                              ? std::stoul(std::string(step))
                              : SIZE_MAX;
    if (node->is_sequence())
      node = number < node->items.size() ? &node->items[number] : nullptr;
    else
      node = node->find(step);
  }
  return node;
}

std::string text_at(const Node& root, std::string_view place) {
  const Node* node = at_place(root, place);
  return node == nullptr ? "" : node->text;
}

// The members under the names that the ACK controller gives them: first letter small, and Id, Arn,
// Uri and Url at the end in capitals.
// NOLINTNEXTLINE(misc-no-recursion): as deep as a test's resource
void write_ack(json::Writer& out, json::Value value) {
  if (value.is_object()) {
    out.begin_object();
    for (const json::Member member : value.members()) {
      std::string name(ack_member(member.key));
      if (name.empty()) {
        name = member.key;
        name[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(name[0])));
      }
      out.key(name);
      write_ack(out, member.value);
    }
    out.end_object();
  } else if (value.is_array()) {
    out.begin_array();
    for (const json::Value element : value.elements()) write_ack(out, element);
    out.end_array();
  } else {
    out.value(value);
  }
}

// The object whose specification is what the test gives.
json::Document object_of(const ControlTest& test) {
  const Result<json::Document> given = json::parse_document(test.given);
  const Result<json::Document> tags = json::parse_document(test.tags);
  std::string spec;
  json::Writer writer(spec);
  write_ack(writer, given->root);
  std::string list;
  json::Writer items(list);
  items.begin_array();
  for (const json::Member tag : tags->root.members())
    items.begin_object()
        .member("key", tag.key)
        .member("value", tag.value.string_or(""))
        .end_object();
  items.end_array();
  spec.insert(1, fmt::format("\"tags\":{}{}", list, spec == "{}" ? "" : ","));
  Result<json::Document> object =
      json::parse_document(fmt::format(R"({{"metadata":{{"name":"x"}},"spec":{}}})", spec));
  return std::move(*object);
}

// What an expression of a policy comes to; variables are put in, as there is no API server here.
cel::Truth truth_of(const std::string& expression, const Node& policy, json::Value object,
                    json::Value old = {}) {
  std::string text = expression;
  for (size_t i = 0; i < 2; ++i) {
    const std::string place = fmt::format("spec.variables.{}.", i);
    text = replaced(text, "variables." + text_at(policy, place + "name"),
                    "(" + text_at(policy, place + "expression") + ")");
  }
  constexpr std::array<std::string_view, 2> kNames = {"object", "oldObject"};
  const Result<cel::Program> program = cel::Program::compile(text, kNames);
  EXPECT_TRUE(program) << program.error().message;
  if (!program) return cel::Truth::Error;
  cel::Scratch scratch;
  const std::array values = {cel::Value::json(object),
                             old.exists() ? cel::Value::json(old) : cel::Value::null()};
  return cel::evaluate_truth(*program, values, scratch);
}

std::vector<Node> policy_and_binding(const ControlInfo& info, Admission admission) {
  return documents(admission_policies({&info, 1}, admission).document);
}

ControlInfo with_parameters(const Control& control, const ControlTest& test) {
  ControlInfo info = control.info;
  const Result<json::Document> set = json::parse_document(test.params);
  for (Parameter& parameter : info.parameters)
    if (const json::Value value = set->root[parameter.name]; value.exists()) {
      parameter.value.clear();
      json::Writer(parameter.value).value(value);
    }
  return info;
}

// An object is always known: what a test leaves open cannot be.
bool is_fully_known(const ControlTest& test) {
  return test.unknown.empty() && test.set_but_unknown.empty() && test.denied.empty();
}

cel::Truth admitted(Verdict verdict) {
  switch (verdict) {
    case Verdict::Passed:
    case Verdict::NotApplicable:
      return cel::Truth::True;
    case Verdict::Failed:
      return cel::Truth::False;
    case Verdict::Warning:
    case Verdict::NotAvailable:
      return cel::Truth::Error;  // failurePolicy: Fail
  }
  return cel::Truth::Error;
}

TEST(Admission, JudgesAsTheControlsDo) {
  std::map<Verdict, size_t> judged;
  std::set<std::string> not_made;
  for (const Control& control : every_control()) {
    for (const ControlTest& test : control.tests) {
      if (!is_fully_known(test)) continue;
      const ControlInfo info = with_parameters(control, test);
      const std::vector<Node> made = policy_and_binding(info, Admission::Warn);
      if (made.empty()) {
        not_made.insert(info.id);
        continue;
      }
      const json::Document object = object_of(test);
      EXPECT_EQ(truth_of(text_at(made[0], "spec.validations.0.expression"), made[0], object.root),
                admitted(test.expect))
          << info.id << ": " << test.name;
      ++judged[test.expect];
    }
  }
  EXPECT_EQ(not_made, (std::set<std::string>{"SageMaker.23", "SageMaker.24", "SageMaker.6",
                                             "SageMaker.7", "Sagewarden.7", "Sagewarden.8"}));
  EXPECT_GT(judged[Verdict::Passed], 50U);
  EXPECT_GT(judged[Verdict::Failed], 120U);
  EXPECT_GT(judged[Verdict::NotApplicable], 20U);
  EXPECT_GT(judged[Verdict::Warning], 20U);
}

// The members of the specifications, as far as controls ask for them: helm/crds of the controller.
const std::map<std::string, std::string> kDefinitions = {
    {"dataqualityjobdefinitions",
     " jobResources clusterConfig instanceCount networkConfig "
     "enableInterContainerTrafficEncryption enableNetworkIsolation "},
    {"domains", " appNetworkAccessType "},
    {"endpointconfigs", " kmsKeyID productionVariants initialInstanceCount serverlessConfig "},
    {"featuregroups",
     " description offlineStoreConfig s3StorageConfig kmsKeyID onlineStoreConfig enableOnlineStore "
     "securityConfig storageType "},
    {"modelbiasjobdefinitions",
     " jobResources clusterConfig instanceCount networkConfig "
     "enableInterContainerTrafficEncryption enableNetworkIsolation "},
    {"modelexplainabilityjobdefinitions",
     " jobResources clusterConfig instanceCount networkConfig "
     "enableInterContainerTrafficEncryption enableNetworkIsolation "},
    {"modelqualityjobdefinitions",
     " jobResources clusterConfig instanceCount networkConfig "
     "enableInterContainerTrafficEncryption enableNetworkIsolation "},
    {"models",
     " containers enableNetworkIsolation imageConfig primaryContainer repositoryAccessMode "
     "vpcConfig "},
    {"monitoringschedules",
     " monitoringScheduleConfig monitoringJobDefinition monitoringJobDefinitionName networkConfig "
     "enableInterContainerTrafficEncryption enableNetworkIsolation "},
    {"notebookinstances", " directInternetAccess kmsKeyID platformIdentifier rootAccess subnetID "},
};

TEST(Admission, AsksOnlyForMembersThatTheDefinitionsHave) {
  for (const Control& control : every_control()) {
    const std::vector<Node> made = policy_and_binding(control.info, Admission::Warn);
    if (made.empty()) continue;
    const std::string plural =
        text_at(made[0], "spec.matchConstraints.resourceRules.0.resources.0");
    ASSERT_TRUE(kDefinitions.contains(plural)) << plural;
    const std::string expression = text_at(made[0], "spec.validations.0.expression");
    std::vector<cel::Token> tokens;
    cel::Fault fault;
    ASSERT_TRUE(cel::tokenize(expression, tokens, fault)) << fault.message;
    for (size_t i = 2; i + 1 < tokens.size(); ++i) {
      const std::string name(tokens[i].text);
      const bool is_member =
          tokens[i].kind == cel::Token::Kind::Identifier &&
          (tokens[i - 1].is(".") || (tokens[i - 1].is("?") && tokens[i - 2].is("."))) &&
          !tokens[i + 1].is("(") && name != "resource" && name != "tags";
      // The definitions have no shadow variants; by default nothing asks for them.
      if (!is_member || name == "shadowProductionVariants") continue;
      EXPECT_NE(kDefinitions.at(plural).find(" " + name + " "), std::string::npos)
          << control.info.id << ": " << name;
    }
  }
}

TEST(Admission, Expressions) {
  ControlInfo info;
  info.parameters = {{"limit", Parameter::Type::Int, "3", "2", {}},
                     {"list", Parameter::Type::StringList, R"(["a","b"])", "[]", {}}};
  const struct {
    std::string_view expression;
    std::optional<std::string> wanted;
  } rows[] = {
      {R"(resource.?KmsKeyId.orValue("") > "")",
       R"(variables.resource.?kmsKeyID.orValue("") > "")"},
      {"has(resource.VpcConfig)", "has(variables.resource.vpcConfig)"},
      {"resource.Containers.all(c, c.?ImageConfig.hasValue())",
       "variables.resource.containers.all(c, c.?imageConfig.hasValue())"},
      {"params.limit < 4 && 'x' in params.list", "3 < 4 && 'x' in [\"a\",\"b\"]"},
      {"tags.exists(key, key == 'KmsKeyId')", "variables.tags.exists(key, key == 'KmsKeyId')"},
      {"'Owner' in tags ? true : false", "'Owner' in variables.tags ? true : false"},
      {"has(resource.NoSuchMember)", {}},
      {"resource[\"KmsKeyId\"] == ''", {}},
      {"tags[\"Owner\"] == 'me'", {}},
      {"has(resource.`KmsKeyId`)", {}},
      {"account == '1'", {}},
      {"region == 'x'", {}},
      {"params.other == 1", {}},
      {"params == {}", {}},
  };
  for (const auto& row : rows)
    EXPECT_EQ(ack_expression(row.expression, info), row.wanted) << row.expression;
}

TEST(Admission, ObjectsThatAreGoingOrUnchangedAreLeftAlone) {
  const std::vector<Node> made = policy_and_binding(every_control().front().info, Admission::Warn);
  ASSERT_EQ(made.size(), 2U);
  const struct {
    const char* object;
    const char* old;  // none: a creation
    bool judged;
  } rows[] = {
      {R"({"metadata":{},"spec":{"a":1}})", "", true},
      {R"({"metadata":{},"spec":{"a":1}})", R"({"metadata":{},"spec":{"a":2}})", true},
      {R"({"metadata":{"finalizers":[]},"spec":{"a":1}})", R"({"metadata":{},"spec":{"a":1}})",
       false},
      {R"({"metadata":{"deletionTimestamp":"x"},"spec":{"a":1}})", R"({"metadata":{},"spec":{}})",
       false},
  };
  for (const auto& row : rows) {
    const Result<json::Document> object = json::parse_document(row.object);
    const Result<json::Document> old = json::parse_document(*row.old == 0 ? "null" : row.old);
    bool judged = true;
    for (const Node& condition : at_place(made[0], "spec.matchConditions")->items)
      judged = judged && truth_of(text_at(condition, "expression"), made[0], object->root,
                                  old->root) == cel::Truth::True;
    EXPECT_EQ(judged, row.judged) << row.object;
  }
}

// Only members that the API has (admissionregistration.k8s.io/v1), as it refuses or drops others.
TEST(Admission, PoliciesAreWhatTheApiTakes) {
  for (const Admission admission : {Admission::Warn, Admission::Deny}) {
    const std::vector<Node> made = policy_and_binding(every_control()[2].info, admission);
    ASSERT_EQ(made.size(), 2U);
    const struct {
      size_t document;
      const char* place;
      std::vector<std::string> members;
    } rows[] = {
        {0, "", {"apiVersion", "kind", "metadata", "spec"}},
        {0, "metadata", {"name"}},
        {0,
         "spec",
         {"failurePolicy", "matchConstraints", "matchConditions", "variables", "validations"}},
        {0, "spec.matchConstraints", {"resourceRules"}},
        {0,
         "spec.matchConstraints.resourceRules.0",
         {"apiGroups", "apiVersions", "operations", "resources"}},
        {0, "spec.matchConditions.1", {"name", "expression"}},
        {0, "spec.variables.0", {"name", "expression"}},
        {0, "spec.validations.0", {"expression", "message"}},
        {1, "", {"apiVersion", "kind", "metadata", "spec"}},
        {1, "spec", {"policyName", "validationActions"}},
    };
    for (const auto& row : rows) {
      const Node* node = at_place(made[row.document], row.place);
      ASSERT_NE(node, nullptr) << row.place;
      std::vector<std::string> members;
      for (const Node::Entry& entry : node->entries) members.push_back(entry.key);
      EXPECT_EQ(members, row.members) << row.place;
    }
    EXPECT_EQ(text_at(made[0], "metadata.name"), "sagewarden-sagemaker-3");
    EXPECT_EQ(text_at(made[1], "spec.policyName"), "sagewarden-sagemaker-3");
    EXPECT_EQ(text_at(made[0], "spec.failurePolicy"), "Fail");
    EXPECT_EQ(text_at(made[1], "spec.validationActions.0"),
              admission == Admission::Deny ? "Deny" : "Warn");
  }
}

TEST(Prevention, TheTableHasEveryControlOnce) {
  std::vector<ControlInfo> infos = infos_of(every_control());
  const Result<std::string> table = prevention_table(infos);
  ASSERT_TRUE(table);
  EXPECT_EQ(static_cast<size_t>(std::ranges::count(*table, '\n')), infos.size() + 2);
  for (const ControlInfo& info : infos)
    EXPECT_NE(table->find("| " + info.id + " | "), std::string::npos) << info.id;
}

TEST(Prevention, TheTableSaysWhatNoRuleCanHold) {
  std::vector<ControlInfo> infos = infos_of(every_control());
  const auto notebook = std::ranges::find(infos, "SageMaker.8", &ControlInfo::id);
  ASSERT_NE(notebook, infos.end());
  ASSERT_FALSE(notebook->parameters.empty());
  notebook->parameters.front().value = R"(["a\"b"])";
  const Result<std::string> table = prevention_table(infos);
  ASSERT_FALSE(table);
  EXPECT_NE(table.error().message.find("cannot be written"), std::string::npos);
}

TEST(Prevention, ControlsOfOnesOwn) {
  ControlInfo info = every_control()[2].info;  // root access
  info.id = "Acme.1";
  info.title = "Ours: \"quoted\"";
  const std::vector<Node> made = policy_and_binding(info, Admission::Warn);
  ASSERT_EQ(made.size(), 2U);
  EXPECT_EQ(text_at(made[0], "metadata.name"), "sagewarden-acme-1");
  EXPECT_EQ(text_at(made[0], "spec.validations.0.message"), "Acme.1: Ours: \"quoted\"");
  const Result<remediate::Prevention> guard = remediate::guard_rules({&info, 1});
  ASSERT_TRUE(guard);
  EXPECT_EQ(guard->document, "");
  EXPECT_NE(guard->controls.front().limit, "");
}

}  // namespace
}  // namespace sagewarden
