// Admission policies. Kinds and members are those of the custom resource definitions in
// https://github.com/aws-controllers-k8s/sagemaker-controller (helm/crds and apis/v1alpha1).
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <vector>

#include "app/prevent.h"
#include "base/json_writer.h"
#include "cel/lexer.h"

namespace sagewarden {
namespace {

struct AckKind {
  std::string_view type;
  std::string_view kind;
  std::string_view plural;
};

constexpr AckKind kAckKinds[] = {
    {"AWS::SageMaker::DataQualityJobDefinition", "DataQualityJobDefinition",
     "dataqualityjobdefinitions"},
    {"AWS::SageMaker::Domain", "Domain", "domains"},
    {"AWS::SageMaker::EndpointConfig", "EndpointConfig", "endpointconfigs"},
    {"AWS::SageMaker::FeatureGroup", "FeatureGroup", "featuregroups"},
    {"AWS::SageMaker::Model", "Model", "models"},
    {"AWS::SageMaker::ModelBiasJobDefinition", "ModelBiasJobDefinition", "modelbiasjobdefinitions"},
    {"AWS::SageMaker::ModelExplainabilityJobDefinition", "ModelExplainabilityJobDefinition",
     "modelexplainabilityjobdefinitions"},
    {"AWS::SageMaker::ModelQualityJobDefinition", "ModelQualityJobDefinition",
     "modelqualityjobdefinitions"},
    {"AWS::SageMaker::MonitoringSchedule", "MonitoringSchedule", "monitoringschedules"},
    {"AWS::SageMaker::NotebookInstance", "NotebookInstance", "notebookinstances"},
};

struct AckMember {
  std::string_view name;
  std::string_view ack;
};

constexpr AckMember kAckMembers[] = {
    {"AppNetworkAccessType", "appNetworkAccessType"},
    {"ClusterConfig", "clusterConfig"},
    {"Containers", "containers"},
    {"Description", "description"},
    {"DirectInternetAccess", "directInternetAccess"},
    {"EnableInterContainerTrafficEncryption", "enableInterContainerTrafficEncryption"},
    {"EnableNetworkIsolation", "enableNetworkIsolation"},
    {"EnableOnlineStore", "enableOnlineStore"},
    {"ImageConfig", "imageConfig"},
    {"InitialInstanceCount", "initialInstanceCount"},
    {"InstanceCount", "instanceCount"},
    {"JobResources", "jobResources"},
    {"KmsKeyId", "kmsKeyID"},
    {"MonitoringJobDefinition", "monitoringJobDefinition"},
    {"MonitoringJobDefinitionName", "monitoringJobDefinitionName"},
    {"MonitoringScheduleConfig", "monitoringScheduleConfig"},
    {"NetworkConfig", "networkConfig"},
    {"OfflineStoreConfig", "offlineStoreConfig"},
    {"OnlineStoreConfig", "onlineStoreConfig"},
    {"PlatformIdentifier", "platformIdentifier"},
    {"PrimaryContainer", "primaryContainer"},
    {"ProductionVariants", "productionVariants"},
    {"RepositoryAccessMode", "repositoryAccessMode"},
    {"RootAccess", "rootAccess"},
    {"S3StorageConfig", "s3StorageConfig"},
    {"SecurityConfig", "securityConfig"},
    {"ServerlessConfig", "serverlessConfig"},
    // Not in the definitions: the controller cannot make shadow variants, and the API server drops
    // them, so that there are none to be judged.
    {"ShadowProductionVariants", "shadowProductionVariants"},
    {"StorageType", "storageType"},
    {"SubnetId", "subnetID"},
    {"VpcConfig", "vpcConfig"},
};

using Tokens = std::vector<cel::Token>;

bool is_member(const Tokens& tokens, size_t at) {
  if (at > 0 && tokens[at - 1].is(".?")) return true;
  if (at > 1 && tokens[at - 1].is("?")) return tokens[at - 2].is(".");
  return at > 0 && tokens[at - 1].is(".");
}

// What stands in the place of a name that is no member, and how many tokens it takes; nothing where
// an object has no such thing.
struct Replacement {
  std::string text;
  size_t tokens = 1;
};

std::optional<Replacement> replacement(const Tokens& tokens, size_t at, const ControlInfo& info) {
  const std::string_view name = tokens[at].text;
  const cel::Token& next = tokens[at + 1];
  // By position or by a computed name nothing can be said of which member is meant.
  if (name == "resource" && !next.is("[")) return Replacement{"variables.resource"};
  if (name == "tags" && !next.is("[")) return Replacement{"variables.tags"};
  if (name == "params" && next.is(".") && at + 2 < tokens.size()) {
    const auto found = std::ranges::find(info.parameters, tokens[at + 2].text, &Parameter::name);
    if (found == info.parameters.end()) return std::nullopt;
    return Replacement{found->value, 3};
  }
  constexpr std::string_view kVariables[] = {"resource", "tags",      "params", "account",
                                             "region",   "partition", "type"};
  if (std::ranges::find(kVariables, name) != std::end(kVariables)) return std::nullopt;
  return Replacement{std::string(name)};
}

std::string indented(std::string_view text, std::string_view indent) {
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '\n') out += indent;
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  const size_t last = text.find_last_not_of(" \n");
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

std::string yaml_text(std::string_view text) {
  std::string out;
  json::append_quoted(out, text);
  return out;
}

// The names of policies are those of DNS: "SageMaker.3" becomes "sagewarden-sagemaker-3".
std::string policy_name(std::string_view id) {
  std::string name = "sagewarden-";
  for (const char c : id)
    name += std::isalnum(static_cast<unsigned char>(c)) != 0
                ? static_cast<char>(std::tolower(static_cast<unsigned char>(c)))
                : '-';
  return name;
}

// Objects that are being deleted must stay changeable, or the controller could never let them go;
// and what violated a control before the policy came is judged when its specification changes.
std::string policy(const ControlInfo& info, const AckKind& kind, std::string_view expression,
                   Admission admission) {
  return fmt::format(R"yaml(---
# {0}: {1}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: {2}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
      - apiGroups: [sagemaker.services.k8s.aws]
        apiVersions: [v1alpha1]
        operations: [CREATE, UPDATE]
        resources: [{3}]
  matchConditions:
    - name: not-being-deleted
      expression: "!has(object.metadata.deletionTimestamp)"
    - name: new-or-changed
      expression: oldObject == null || object.spec != oldObject.spec
  variables:
    - name: resource
      expression: dyn(object.spec)
    - name: tags
      expression: dyn(object.spec).?tags.orValue([]).map(tag, tag.key)
  validations:
    - expression: |-
        {4}
      message: {5}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: {2}
spec:
  policyName: {2}
  validationActions: [{6}]
)yaml",
                     info.id, info.title, policy_name(info.id), kind.plural,
                     indented(expression, "        "),
                     yaml_text(fmt::format("{}: {}", info.id, info.title)),
                     admission == Admission::Deny ? "Deny" : "Warn, Audit");
}

}  // namespace

std::string_view ack_member(std::string_view name) {
  const auto* const found = std::ranges::find(kAckMembers, name, &AckMember::name);
  return found != std::end(kAckMembers) ? found->ack : std::string_view();
}

std::optional<std::string> ack_expression(std::string_view expression, const ControlInfo& info) {
  Tokens tokens;
  cel::Fault fault;
  if (!cel::tokenize(expression, tokens, fault)) return std::nullopt;
  std::string out;
  size_t done = 0;  // bytes of the expression
  for (size_t i = 0; tokens[i].kind != cel::Token::Kind::End;) {
    const cel::Token& token = tokens[i];
    if (token.kind == cel::Token::Kind::Quoted) return std::nullopt;
    Replacement now = {std::string(expression.substr(token.offset, token.size))};
    if (token.kind == cel::Token::Kind::Identifier) {
      if (!is_member(tokens, i)) {
        std::optional<Replacement> other = replacement(tokens, i, info);
        if (!other) return std::nullopt;
        now = std::move(*other);
      } else if (!tokens[i + 1].is("(")) {
        now.text = ack_member(token.text);
        if (now.text.empty()) return std::nullopt;
      }
    }
    out.append(expression.substr(done, token.offset - done)).append(now.text);
    i += now.tokens;
    done = tokens[i - 1].offset + tokens[i - 1].size;
  }
  return out;
}

remediate::Prevention admission_policies(std::span<const ControlInfo> controls,
                                         Admission admission) {
  remediate::Prevention made;
  for (const ControlInfo& info : controls) {
    remediate::Coverage coverage = {info.id, {}, {}};
    const auto* const kind = std::ranges::find(kAckKinds, info.resource_type, &AckKind::type);
    const std::optional<std::string> applies = ack_expression(info.applies, info);
    const std::optional<std::string> passes = ack_expression(info.passes, info);
    if (kind == std::end(kAckKinds)) {
      coverage.limit = "the ACK controller does not make resources of this type";
    } else if (!applies || !passes) {
      coverage.limit =
          "its expressions ask what is not known to be in the ACK controller's objects";
    } else {
      // Not `!applies || passes`: an error in the first must not be forgiven by the second.
      const bool always = trimmed(*applies).empty() || trimmed(*applies) == "true";
      const std::string expression =
          always ? std::string(trimmed(*passes))
                 : fmt::format("(\n  {}\n) ? (\n  {}\n) : true", indented(trimmed(*applies), "  "),
                               indented(trimmed(*passes), "  "));
      made.document += policy(info, *kind, expression, admission);
      coverage.how = fmt::format("judges {} objects", kind->kind);
    }
    made.controls.push_back(std::move(coverage));
  }
  if (!made.document.empty())
    made.document.insert(0,
                         "# Made by 'sagewarden prevent admission', for Kubernetes 1.30 and "
                         "later: kubectl apply -f FILE\n");
  return made;
}

}  // namespace sagewarden
