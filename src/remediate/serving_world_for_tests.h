// An account with models, endpoint configurations and endpoints, for tests of their repair: answers
// what planning reads, and nothing else.
#pragma once

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "aws/client.h"
#include "base/json_writer.h"
#include "remediate/path.h"
#include "remediate/planner.h"

namespace sagewarden::remediate {

inline constexpr std::string_view kTestAccount = "111122223333";

class ServingWorld {
 public:
  using Texts = std::vector<std::string>;

  // Bodies are Describe answers without names, ARNs and times.
  void model(const std::string& name, std::string_view body) { put("Model", "model/", name, body); }
  void config(const std::string& name, std::string_view body) {
    put("EndpointConfig", "endpoint-config/", name, body);
  }
  // In service, on that configuration, with what the body has beside.
  void endpoint(const std::string& name, const std::string& config, std::string_view body = "{}") {
    const Edit edits[] = {{"EndpointConfigName", quoted(config)},
                          {"EndpointStatus", quoted("InService")}};
    const json::Document document = parsed(body);
    std::string with = edited(document.root, edits);
    if (document.root["EndpointStatus"].exists()) with = edited(document.root, {edits, 1});
    put("Endpoint", "endpoint/", name, with);
  }
  // Bodies of these are whole answers.
  void experiment(const std::string& name, const std::string& status, std::string_view body) {
    const Edit edits[] = {{"Name", quoted(name)}, {"Status", quoted(status)}};
    const std::string text = edited(parsed(body).root, edits);
    lists_["ListInferenceExperiments"].push_back(text);
    answers_["DescribeInferenceExperiment " + name] = text;
  }
  void component(const std::string& name, std::string_view body) {
    const Edit edits[] = {{"InferenceComponentName", quoted(name)}};
    const std::string text = edited(parsed(body).root, edits);
    lists_["ListInferenceComponents"].push_back(text);
    answers_["DescribeInferenceComponent " + name] = text;
  }
  void tags(const std::string& arn, std::string_view tags) {
    answers_["ListTags " + arn] = R"({"Tags":)" + std::string(tags) + "}";
  }
  void scaling(const std::string& resource, int least, int most) {
    std::string& text = answers_["DescribeScalableTargets " + resource];
    text.clear();
    json::Writer out(text);
    out.begin_object().key("ScalableTargets").begin_array().begin_object();
    out.member("ResourceId", resource).key("MinCapacity").integer(least);
    out.key("MaxCapacity").integer(most).end_object().end_array().end_object();
  }
  // What EC2, Lambda or IAM answers to an operation, for whatever is asked. Otherwise all is in
  // order: subnets in two zones behind a NAT gateway, groups that let everything out.
  void around(const std::string& operation, std::string_view answer) {
    around_[operation] = std::string(answer);
  }
  // An image in a registry, for skopeo.
  void image(const std::string& name, const std::string& digest) {
    answers_["inspect " + name] = R"({"Digest":")" + digest + "\"}";
  }
  // By "Operation" or "Operation name".
  void deny(const std::string& what, aws::CallError::Kind kind = aws::CallError::Kind::Denied) {
    errors_[what] = kind;
  }

  static std::string arn(std::string_view part, std::string_view name) {
    return "arn:aws:sagemaker:eu-west-1:" + std::string(kTestAccount) + ":" + std::string(part) +
           std::string(name);
  }
  static Broken broken(std::string_view type, std::string_view part, std::string_view name,
                       std::vector<std::string> controls) {
    Broken one;
    one.target = {std::string(type),         arn(part, name), std::string(name),
                  std::string(kTestAccount), "eu-west-1",     "aws"};
    for (std::string& control : controls) {
      std::string id = control + "/" + std::string(name);
      one.findings.push_back({std::move(id), std::move(control), one.target.arn, ""});
    }
    return one;
  }
  static Broken broken_model(std::string_view name, std::vector<std::string> controls) {
    return broken("AWS::SageMaker::Model", "model/", name, std::move(controls));
  }
  static Broken broken_config(std::string_view name, std::vector<std::string> controls) {
    return broken("AWS::SageMaker::EndpointConfig", "endpoint-config/", name, std::move(controls));
  }

  std::vector<Action> plan(const std::vector<Broken>& broken, const PlanOptions& options = {}) {
    const aws::CallAws call = [this](const aws::Call& asked) { return answer(asked); };
    const Reader reader(call, {std::string(kTestAccount), "eu-west-1", "aws", nullptr});
    return plan_serving(broken, {options, reader});
  }
  // How often an operation was asked for.
  size_t calls(const std::string& operation) const {
    const auto found = calls_.find(operation);
    return found == calls_.end() ? 0 : found->second;
  }
  std::string described(const std::string& what) const { return answers_.at("Describe" + what); }

  // What is at the path, as JSON; empty where there is nothing.
  static std::string value(std::string_view json, std::string_view path) {
    const json::Document document = parsed(json);
    const json::Value found = at_path(document.root, path);
    std::string text;
    if (found.exists()) json::Writer(text).value(found);
    return text;
  }
  // Whether one of the texts has that part.
  static bool says(const Texts& texts, std::string_view part) {
    return std::ranges::any_of(
        texts, [&](const std::string& text) { return text.find(part) != std::string::npos; });
  }
  static std::string quoted(std::string_view text) {
    std::string out;
    json::append_quoted(out, text);
    return out;
  }
  static json::Document parsed(std::string_view text) {
    Result<json::Document> document = json::parse_document(text);
    return document ? std::move(*document) : json::Document{};
  }

 private:
  void put(const std::string& kind, std::string_view part, const std::string& name,
           std::string_view body) {
    const Edit edits[] = {{kind + "Name", quoted(name)},
                          {kind + "Arn", quoted(arn(part, name))},
                          {"CreationTime", "1760000000.5"}};
    answers_["Describe" + kind + " " + name] = edited(parsed(body).root, edits);
    lists_["List" + kind + "s"].push_back(R"({")" + kind + R"(Name":)" + quoted(name) + "}");
  }

  aws::Answer answer(const aws::Call& asked) {
    const std::lock_guard lock(mutex_);
    ++calls_[asked.operation];
    const json::Document input = parsed(asked.input);
    std::string name;
    for (const auto& [key, value] : input.root.members())
      if (key.ends_with("Name") || key == "ResourceArn" || key == "image")
        name = value.string_or("");
    if (asked.operation == "DescribeScalableTargets")
      name = input.root["ResourceIds"].at(0).string_or("");
    const std::string key = asked.operation + " " + name;
    for (const std::string& denied : {asked.operation, key})
      if (const auto error = errors_.find(denied); error != errors_.end())
        return failure(asked, error->second);
    if (const auto found = answers_.find(key); found != answers_.end())
      return parsed(found->second);
    if (asked.service == "skopeo") return failure(asked, aws::CallError::Kind::NotFound);
    if (asked.service != "sagemaker" && asked.service != "application-autoscaling")
      return look_around(asked.operation, input.root);
    if (asked.operation == "ListTags") return parsed(R"({"Tags":[]})");
    if (asked.operation == "DescribeScalableTargets") return parsed(R"({"ScalableTargets":[]})");
    if (asked.operation.starts_with("List")) return page(asked.operation);
    return failure(asked, aws::CallError::Kind::NotFound);
  }
  aws::Answer look_around(const std::string& operation, json::Value input) {
    if (const auto given = around_.find(operation); given != around_.end())
      return parsed(given->second);
    if (operation == "DescribeVpcEndpoints") return parsed(R"({"vpcEndpointSet":""})");
    if (operation == "DescribeRouteTables")
      return parsed(R"({"routeTableSet":[{"routeTableId":"rtb-1",
          "associationSet":[{"main":"true"}],
          "routeSet":[{"destinationCidrBlock":"0.0.0.0/0","natGatewayId":"nat-1"}]}]})");
    if (operation == "DescribeNatGateways")
      return parsed(R"({"natGatewaySet":[{"natGatewayId":"nat-1","connectivityType":"public"}]})");
    if (operation == "DescribeVpcAttribute")
      return parsed(
          R"({"enableDnsSupport":{"value":"true"},"enableDnsHostnames":{"value":"true"}})");
    if (operation == "GetFunctionConfiguration") return parsed(R"({"State":"Active"})");
    std::string text;
    json::Writer out(text);
    out.begin_object();
    if (operation == "SimulatePrincipalPolicy") {
      out.key("EvaluationResults").begin_array();
      for (const json::Value action : input["ActionNames"].elements())
        out.begin_object()
            .member("EvalActionName", action.string_or(""))
            .member("EvalDecision", "allowed")
            .end_object();
    } else {
      const bool is_subnets = operation == "DescribeSubnets";
      out.key(is_subnets ? "subnetSet" : "securityGroupInfo").begin_array();
      int number = 0;
      for (const json::Value id : input["Filter"].at(0)["Value"].elements()) {
        out.begin_object().member(is_subnets ? "subnetId" : "groupId", id.string_or(""));
        out.member("vpcId", "vpc-1").member("availableIpAddressCount", "250");
        out.member("availabilityZone", number % 2 == 0 ? "eu-west-1a" : "eu-west-1b");
        out.member("cidrBlock", "10.0." + std::to_string(number++) + ".0/24");
        out.key("ipPermissionsEgress")
            .raw(R"([{"ipProtocol":"-1","ipRanges":[{"cidrIp":"0.0.0.0/0"}]}])");
        out.end_object();
      }
    }
    out.end_array().end_object();
    return parsed(text);
  }
  aws::Answer page(const std::string& operation) {
    std::string text;
    json::Writer out(text);
    out.begin_object().key(operation.substr(4)).begin_array();
    for (const std::string& element : lists_[operation]) out.raw(element);
    out.end_array().end_object();
    return parsed(text);
  }
  static aws::Answer failure(const aws::Call& asked, aws::CallError::Kind kind) {
    aws::CallError error;
    error.kind = kind;
    error.service = asked.service;
    error.operation = asked.operation;
    error.message = "no";
    return tl::make_unexpected(std::move(error));
  }

  std::mutex mutex_;
  std::map<std::string, std::string> answers_;
  std::map<std::string, std::vector<std::string>> lists_;
  std::map<std::string, aws::CallError::Kind> errors_;
  std::map<std::string, std::string> around_;
  std::map<std::string, size_t> calls_;
};

}  // namespace sagewarden::remediate
