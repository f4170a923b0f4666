// Models: what repairs one, and what AWS does not allow.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/text.h"
#include "remediate/images.h"
#include "remediate/serving.h"

namespace sagewarden::remediate {
namespace {

constexpr std::string_view kSuppress = "otherwise record an exception with the reason";
// Holds AWS's deep learning containers in most Regions.
constexpr std::string_view kDeepLearningAccount = "763104351884";
// How repositories of AWS's own images begin, in whichever of its accounts they lie.
constexpr std::array<std::string_view, 18> kAwsRepositories = {
    "autogluon-",
    "blazingtext",
    "djl-",
    "factorization-machines",
    "forecasting-deepar",
    "huggingface",
    "image-class",
    "kmeans",
    "knn",
    "linear-learner",
    "mxnet-",
    "object-det",
    "pca",
    "pytorch-",
    "sagemaker-",
    "tensorflow-",
    "tei",
    "tgi",
};
// Managed containers that do not work in isolation.
constexpr std::array<std::string_view, 5> kNeedNetwork = {"chainer", "sagemaker-rl", "rl-coach",
                                                          "rl-ray", "rl-vw"};

bool is_of_aws(const EcrImage& image, std::string_view own_account) {
  if (image.account == kDeepLearningAccount) return true;
  return image.account != own_account &&
         std::ranges::any_of(kAwsRepositories, [&](std::string_view start) {
           return image.repository.starts_with(start);
         });
}

struct ModelContainer {
  std::string path;
  json::Value value;
};

std::vector<ModelContainer> containers_of(json::Value model) {
  std::vector<ModelContainer> containers;
  if (model["PrimaryContainer"].is_object())
    containers.push_back({"PrimaryContainer", model["PrimaryContainer"]});
  size_t position = 0;
  for (const json::Value container : model["Containers"].elements())
    containers.push_back({fmt::format("Containers[{}]", position++), container});
  return containers;
}

bool is_in_vpc(json::Value model) {
  return model["VpcConfig"].is_object() && model["VpcConfig"].size() > 0;
}

std::vector<std::string> all_texts(json::Value list) {
  std::vector<std::string> texts;
  for (const json::Value element : list.elements()) texts.emplace_back(element.string_or(""));
  return texts;
}

// "s3://bucket/key" as "bucket/key", with a key where it is a prefix; empty when it is neither.
std::string object_of_data(std::string_view url) {
  constexpr std::string_view kScheme = "s3://";
  if (!url.starts_with(kScheme)) return {};
  std::string object(url.substr(kScheme.size()));
  if (object.find('/') == std::string::npos) object += '/';
  return object.ends_with('/') ? object + "x" : object;
}

// What is decided about one model, with what the decisions share.
class ModelDecider {
 public:
  // `report`: what is known already of what lies around the model; may be null.
  ModelDecider(const Broken& broken, const Serving& serving, json::Value model,
               const PreflightReport* report)
      : serving_(serving), options_(serving.planning.options), model_(model), report_(report) {
    decision_.broken = &broken;
  }
  Decision decide();
  // What is to be known of what lies around it, once it is decided; none: nothing.
  std::optional<PreflightSubject> subject() const;
  const std::vector<Preflight>& copied() const { return copied_; }

 private:
  std::vector<std::string> obstacles() const;
  bool is_serverless() const;
  int64_t instances() const;
  bool runs_on_endpoints() const;
  bool refused_by(const Repaired& finding, const std::vector<Preflight>& checks);
  void isolation(const Repaired& finding);
  void registry(const Repaired& finding, std::string_view list);
  void vpc(const Repaired& finding);
  std::string registry_obstacle(const ModelContainer& container) const;
  std::string vpc_obstacle() const;
  ImageCopy copy_of(const ModelContainer& container) const;
  void add_registry_edits(const ModelContainer& container);
  void add_vpc();
  void warn(std::string text);

  const Serving& serving_;
  const PlanOptions& options_;
  json::Value model_;
  const PreflightReport* report_;
  std::set<std::string> uses_ = {};       // configurations that are to name the new model
  std::vector<std::string> images_ = {};  // that are to be pulled through the VPC
  std::vector<Preflight> copied_ = {};    // about them
  Decision decision_ = {};
};

Decision ModelDecider::decide() {
  const Broken& broken = *decision_.broken;
  if (std::vector<std::string> why = obstacles(); !why.empty()) {
    decision_.refuse_all(std::move(why));
    return decision_;
  }
  for (const std::string& config : configs_with(serving_.graph, broken.target.name))
    if (serving_.broken_configs.contains(config) || !endpoints_on(serving_.graph, config).empty())
      uses_.insert(config);
  for (const Repaired& finding : broken.findings) {
    if (finding.control == "SageMaker.5")
      isolation(finding);
    else if (finding.control == "SageMaker.16")
      registry(finding, "PrimaryContainer");
    else if (finding.control == "SageMaker.19")
      registry(finding, "Containers");
    else if (finding.control == "Sagewarden.9")
      vpc(finding);
    else
      decision_.refuse(finding, "there is no repair for this control");
  }
  return decision_;
}

// Whether something that was looked into is wrong; it refuses the finding then.
bool ModelDecider::refused_by(const Repaired& finding, const std::vector<Preflight>& checks) {
  if (!PreflightReport::has_wrong(checks)) return false;
  bool is_first = true;
  for (const Preflight& row : checks) {
    if (row.result != Found::Wrong) continue;
    std::string reason = fmt::format("{}: {}; {}", row.check, row.detail, row.fix);
    if (is_first)
      decision_.refuse(finding, std::move(reason));
    else
      decision_.reasons.push_back(fmt::format("{}: {}", finding.control, reason));
    is_first = false;
  }
  return true;
}

bool ModelDecider::runs_on_endpoints() const {
  return std::ranges::any_of(uses_, [&](const std::string& config) {
    return !endpoints_on(serving_.graph, config).empty();
  });
}

// That run the model now, on all endpoints.
int64_t ModelDecider::instances() const {
  int64_t count = 0;
  for (const std::string& config : uses_) {
    const json::Value root = serving_.graph.configs.get(config);
    std::set<std::string_view> variants;
    for (const ModelPlace& place : model_places(root))
      if (place.model == decision_.broken->target.name)
        variants.insert(at_path(root, place.variant)["VariantName"].string_or(""));
    for (const std::string& endpoint : endpoints_on(serving_.graph, config))
      for (const std::string_view list : {"ProductionVariants", "ShadowProductionVariants"})
        for (const json::Value live : serving_.graph.endpoints.get(endpoint)[list].elements())
          if (variants.contains(live["VariantName"].string_or("")))
            count += int_or(live["DesiredInstanceCount"], int_or(live["CurrentInstanceCount"], 1));
  }
  return count;
}

std::optional<PreflightSubject> ModelDecider::subject() const {
  const auto comes_into_vpc = [](const Edit& edit) { return edit.path.starts_with("VpcConfig."); };
  const bool enters = std::ranges::any_of(decision_.edits, comes_into_vpc);
  if (images_.empty() && !enters) return {};
  PreflightSubject subject;
  subject.model = decision_.broken->target.name;
  subject.own_vpc = !enters;
  subject.subnets = enters ? options_.subnets : all_texts(model_["VpcConfig"]["Subnets"]);
  subject.security_groups =
      enters ? options_.security_groups : all_texts(model_["VpcConfig"]["SecurityGroupIds"]);
  subject.role = model_["ExecutionRoleArn"].string_or("");
  subject.images = images_;
  subject.lambda = images_.empty() ? "" : options_.credentials_lambda;
  const std::vector<ModelContainer> containers = containers_of(model_);
  for (const ModelContainer& container : containers) {
    std::vector<json::Value> data = {container.value["ModelDataUrl"],
                                     container.value["ModelDataSource"]["S3DataSource"]["S3Uri"]};
    for (const json::Value source : container.value["AdditionalModelDataSources"].elements())
      data.push_back(source["S3DataSource"]["S3Uri"]);
    for (const json::Value url : data)
      if (const std::string object = object_of_data(url.string_or("")); !object.empty())
        subject.objects.push_back(object);
    const json::Value given =
        container.value["ImageConfig"]["RepositoryAuthConfig"]["RepositoryCredentialsProviderArn"];
    if (!images_.empty() && subject.lambda.empty()) subject.lambda = given.string_or("");
  }
  subject.many_containers = containers.size() > 1;
  subject.instances = instances();
  subject.canary = decision_.needs_canary;
  subject.create_endpoints = options_.create_endpoints;
  for (const std::string& config : uses_)
    subject.asynchronous |= serving_.graph.configs.get(config)["AsyncInferenceConfig"].is_object();
  return subject;
}

// What stands in the way of replacing the model at all.
std::vector<std::string> ModelDecider::obstacles() const {
  const ServingGraph& graph = serving_.graph;
  const std::string& name = decision_.broken->target.name;
  std::vector<std::string> why;
  for (const ServingSet* set :
       {&graph.configs, &graph.endpoints, &graph.experiments, &graph.components})
    if (const aws::CallError* error = set->unread()) why.push_back(unread_text(*error));
  const auto& tags = serving_.tags.at(decision_.broken->target.arn);
  if (!tags) why.push_back(unread_text(tags.error()));
  for (const std::string& config : configs_with(graph, name)) {
    if (endpoints_on(graph, config).empty()) continue;
    for (std::string& text : config_obstacles(serving_, config))
      if (std::ranges::find(why, text) == why.end()) why.push_back(std::move(text));
  }
  for (const std::string& component : components_with(graph, name))
    why.push_back(fmt::format(
        "inference component {} runs the model: create a model with the setting and point the "
        "component to it with update-inference-component",
        component));
  return why;
}

bool ModelDecider::is_serverless() const {
  for (const std::string& config : uses_) {
    const json::Value root = serving_.graph.configs.get(config);
    for (const ModelPlace& place : model_places(root))
      if (place.model == decision_.broken->target.name &&
          at_path(root, place.variant)["ServerlessConfig"].is_object())
        return true;
  }
  return false;
}

void ModelDecider::warn(std::string text) {
  if (std::ranges::find(decision_.risks, text) == decision_.risks.end())
    decision_.risks.push_back(std::move(text));
}

void ModelDecider::isolation(const Repaired& finding) {
  const std::string& name = decision_.broken->target.name;
  const json::Value set = model_["EnableNetworkIsolation"];
  if (set.is_bool() && set.boolean()) return decision_.refuse(finding, stale_text());
  if (is_serverless())
    return decision_.refuse(finding, fmt::format("serverless inference does not support network "
                                                 "isolation: move to a real-time endpoint, {}",
                                                 kSuppress));
  decision_.repaired.push_back(finding);
  decision_.edits.push_back({"EnableNetworkIsolation", "true"});
  warn(
      fmt::format("In isolation the containers of model {} reach nothing, neither S3 nor another "
                  "service nor a package index, and get no credentials: they must not need any.",
                  name));
  for (const ModelContainer& container : containers_of(model_)) {
    const std::string_view image = container.value["Image"].string_or("");
    if (std::ranges::any_of(kNeedNetwork, [&](std::string_view part) {
          return image.find(part) != std::string_view::npos;
        }))
      warn(
          fmt::format("The image of model {} looks like SageMaker's for Chainer or reinforcement "
                      "learning, which do not support isolation.",
                      name));
    if (container.value["ModelPackageName"].is_string())
      warn(
          fmt::format("Model {} is made of a model package: one from AWS Marketplace may ask for "
                      "what isolation takes away.",
                      name));
  }
  for (const std::string& config : uses_)
    if (serving_.graph.configs.get(config)["ExplainerConfig"].is_object())
      warn(
          fmt::format("Endpoint configuration {} explains predictions with Clarify, which may not "
                      "work with an isolated model.",
                      config));
}

std::string ModelDecider::vpc_obstacle() const {
  if (is_in_vpc(model_)) return {};
  if (options_.subnets.empty() || options_.security_groups.empty())
    return "the model is in no VPC: name subnets in two zones with --subnet and security groups "
           "with --security-group";
  return {};
}

void ModelDecider::add_vpc() {
  if (is_in_vpc(model_)) return;
  const auto is_vpc = [](const Edit& edit) { return edit.path.starts_with("VpcConfig."); };
  if (std::ranges::any_of(decision_.edits, is_vpc)) return;
  decision_.edits.push_back({"VpcConfig.Subnets", json_texts(options_.subnets)});
  decision_.edits.push_back({"VpcConfig.SecurityGroupIds", json_texts(options_.security_groups)});
  warn(
      fmt::format("Model {} comes into a VPC: what its containers call from now on must be reached "
                  "from there.",
                  decision_.broken->target.name));
}

void ModelDecider::vpc(const Repaired& finding) {
  if (is_in_vpc(model_)) return decision_.refuse(finding, stale_text());
  if (is_serverless())
    return decision_.refuse(finding, fmt::format("serverless inference takes no VPC: move to a "
                                                 "real-time endpoint, {}",
                                                 kSuppress));
  if (std::string why = vpc_obstacle(); !why.empty())
    return decision_.refuse(finding, std::move(why));
  if (report_ != nullptr && refused_by(finding, report_->network)) return;
  decision_.repaired.push_back(finding);
  add_vpc();
}

// Why the container's image cannot be pulled through the VPC; empty when it can.
std::string ModelDecider::registry_obstacle(const ModelContainer& container) const {
  const std::string_view image = container.value["Image"].string_or("");
  if (image.empty())
    return fmt::format(
        "{} names a model package and no image: AWS does not document whether its "
        "image can be pulled through a VPC; build the model from an image of your "
        "registry, {}",
        container.path, kSuppress);
  if (container.value["Mode"].string_or("") == "MultiModel")
    return fmt::format(
        "{} hosts several models (MultiModel): AWS does not document whether that "
        "works with a private registry; use one endpoint a model, {}",
        container.path, kSuppress);
  if (options_.registry.contains(std::string(image))) return {};
  const EcrImage ecr = ecr_image(image);
  if (image.starts_with("public.ecr.aws/") || is_of_aws(ecr, decision_.broken->target.account))
    return fmt::format(
        "the image {} is one of AWS's own, which SageMaker pulls by itself: copy it "
        "to your registry and say so with --registry-map, {}",
        printable(image), kSuppress);
  if (!ecr.account.empty())
    return fmt::format(
        "the image {} is in Amazon ECR, and AWS describes pulling through a VPC for "
        "other registries only: copy it to a private registry and say so with "
        "--registry-map, {}",
        printable(image), kSuppress);
  return {};
}

// Where the container's image is to come from.
ImageCopy ModelDecider::copy_of(const ModelContainer& container) const {
  const std::string image(container.value["Image"].string_or(""));
  const auto mapped = options_.registry.find(image);
  if (mapped == options_.registry.end()) return {.image = image};
  return plan_copy(image, mapped->second, options_.copy_images, serving_.preflight);
}

void ModelDecider::add_registry_edits(const ModelContainer& container) {
  const std::string& name = decision_.broken->target.name;
  std::string image(container.value["Image"].string_or(""));
  if (ImageCopy copy = copy_of(container); copy.image != image) {
    image = copy.image;
    decision_.edits.push_back({container.path + ".Image", json_text(image)});
    const bool is_new =
        copy.step && std::ranges::find(decision_.before, *copy.step) == decision_.before.end();
    if (is_new) decision_.before.push_back(std::move(*copy.step));
  }
  const std::string config = container.path + ".ImageConfig";
  decision_.edits.push_back({config + ".RepositoryAccessMode", json_text("Vpc")});
  const std::string auth = ".RepositoryAuthConfig.RepositoryCredentialsProviderArn";
  if (!options_.credentials_lambda.empty())
    decision_.edits.push_back({config + auth, json_text(options_.credentials_lambda)});
  else if (!at_path(container.value, "ImageConfig" + auth).exists())
    warn(
        fmt::format("Model {} logs in nowhere: the registry must let its images be pulled without "
                    "a login, unless a Lambda function gives one (--credentials-lambda).",
                    name));
  const bool is_ecr = !ecr_image(image).account.empty();
  images_.push_back(std::move(image));
  if (!is_ecr) return;
  decision_.needs_canary = options_.canary_endpoint && runs_on_endpoints();
  warn(fmt::format(
      "The image {} is in Amazon ECR: AWS does not document whether it can be pulled through a "
      "VPC, and that the model can be created does not show it; {}",
      printable(images_.back()),
      decision_.needs_canary
          ? "so a canary endpoint of one instance runs it before a real endpoint is touched."
          : "try it on an endpoint of its own first."));
}

void ModelDecider::registry(const Repaired& finding, std::string_view list) {
  std::vector<ModelContainer> wrong;
  for (ModelContainer& container : containers_of(model_))
    if (container.path.starts_with(list) &&
        container.value["ImageConfig"]["RepositoryAccessMode"].string_or("") != "Vpc")
      wrong.push_back(std::move(container));
  if (wrong.empty()) return decision_.refuse(finding, stale_text());
  if (is_serverless())
    return decision_.refuse(finding, fmt::format("serverless inference does not support private "
                                                 "registries: move to a real-time endpoint, {}",
                                                 kSuppress));
  for (const ModelContainer& container : wrong)
    if (std::string why = registry_obstacle(container); !why.empty())
      return decision_.refuse(finding, std::move(why));
  if (std::string why = vpc_obstacle(); !why.empty())
    return decision_.refuse(finding, std::move(why));
  if (report_ != nullptr && refused_by(finding, report_->all())) return;
  decision_.repaired.push_back(finding);
  for (const ModelContainer& container : wrong) {
    if (ImageCopy copy = copy_of(container); copy.row) copied_.push_back(std::move(*copy.row));
    add_registry_edits(container);
  }
  add_vpc();
  warn(
      fmt::format("Whether the images of model {} can be pulled shows only when instances start: "
                  "the registry must be reached from the model's subnets, with a certificate of a "
                  "public authority.",
                  decision_.broken->target.name));
  for (const std::string& config : uses_)
    if (serving_.graph.configs.get(config)["AsyncInferenceConfig"].is_object())
      warn(
          fmt::format("Endpoint configuration {} is for asynchronous inference: AWS describes "
                      "private registries for real-time inference only.",
                      config));
}

// None: nothing that is decided rests on anything around the model.
std::optional<PreflightReport> look_around(const ModelDecider& decider, const Serving& serving) {
  const std::optional<PreflightSubject> subject = decider.subject();
  if (!subject) return {};
  PreflightReport report = look_ahead(*subject, serving.preflight);
  report.registry.insert(report.registry.end(), decider.copied().begin(), decider.copied().end());
  return report;
}

void add_endpoints(Decision& decision, std::vector<NewEndpoint> endpoints) {
  if (endpoints.empty()) return;
  decision.costs.push_back(fmt::format(
      "{} created and left: interface endpoints are charged by hour and zone and by traffic, a "
      "gateway endpoint is not",
      count_of(endpoints.size(), "VPC endpoint is", "VPC endpoints are")));
  decision.endpoints = std::move(endpoints);
}

}  // namespace

Decision decide_model(const Broken& broken, const Serving& serving) {
  const auto error = serving.graph.models.errors.find(broken.target.name);
  if (error != serving.graph.models.errors.end()) {
    Decision decision{.broken = &broken};
    decision.refuse_all({unread_text(error->second)});
    return decision;
  }
  const json::Value model = serving.graph.models.get(broken.target.name);
  ModelDecider decider(broken, serving, model, nullptr);
  Decision decision = decider.decide();
  std::optional<PreflightReport> report = look_around(decider, serving);
  if (report && (PreflightReport::has_wrong(report->network) ||
                 PreflightReport::has_wrong(report->registry))) {
    ModelDecider again(broken, serving, model, &*report);
    decision = again.decide();
    decision.missing = report->all();
    // What is left may need less.
    report = look_around(again, serving);
  }
  if (!report) return decision;
  decision.preflight = report->all();
  add_endpoints(decision, std::move(report->endpoints));
  return decision;
}

}  // namespace sagewarden::remediate
