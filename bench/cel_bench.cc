// How often a second one core evaluates expressions like those of the controls, over parsed
// resources, and how often an evaluation asks the heap (never, once it is warm).
#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <ctime>
#include <new>
#include <string_view>

#include "base/json.h"
#include "cel/cel.h"

namespace {

size_t allocations = 0;

void* room_for(size_t size) {
  constexpr size_t kAlignment = alignof(std::max_align_t);
  ++allocations;
  return std::aligned_alloc(kAlignment, (size / kAlignment + 1) * kAlignment);
}

}  // namespace

[[gnu::noinline]] void* operator new(size_t size) {
  if (void* const room = room_for(size)) return room;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* room) noexcept {
  std::free(room);
}
[[gnu::noinline]] void operator delete(void* room, size_t /*size*/) noexcept {
  std::free(room);
}

namespace sagewarden {
namespace {

constexpr std::string_view kNotebook = R"({
  "NotebookInstanceName": "research", "InstanceType": "ml.t3.medium", "SubnetId": "subnet-0a1b2c",
  "SecurityGroupIds": ["sg-1", "sg-2"], "RoleArn": "arn:aws:iam::111122223333:role/notebook",
  "KmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/1", "DirectInternetAccess": "Disabled",
  "VolumeSizeInGB": 20, "RootAccess": "Disabled", "PlatformIdentifier": "notebook-al2-v3"})";
constexpr std::string_view kModel = R"({
  "ModelName": "churn", "ExecutionRoleArn": "arn:aws:iam::111122223333:role/model",
  "PrimaryContainer": {"Image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1", "Mode": "SingleModel",
    "ImageConfig": {"RepositoryAccessMode": "Vpc"}, "ModelDataUrl": "s3://models/churn.tar.gz",
    "Environment": {"A": "1", "B": "2"}},
  "EnableNetworkIsolation": true, "VpcConfig": {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1", "subnet-2"]}})";
constexpr std::string_view kEndpoint = R"({
  "EndpointConfigName": "churn", "KmsKeyId": "key", "ProductionVariants": [
    {"VariantName": "a", "ModelName": "churn", "InitialInstanceCount": 2, "InstanceType": "ml.m5.large"},
    {"VariantName": "b", "ModelName": "churn", "ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5}},
    {"VariantName": "c", "ModelName": "churn", "InitialInstanceCount": 3, "InstanceType": "ml.m5.large"}],
  "DataCaptureConfig": {"EnableCapture": true, "KmsKeyId": "key"}})";

constexpr double kWanted = 3e6;  // evaluations a second

struct Row {
  std::string_view expression;
  std::string_view document;
  cel::Truth want;
};

constexpr Row kRows[] = {
    {R"(resource.DirectInternetAccess == "Disabled")", kNotebook, cel::Truth::True},
    {R"(has(resource.SubnetId))", kNotebook, cel::Truth::True},
    {R"(has(resource.PlatformIdentifier) && resource.PlatformIdentifier in params.supported)",
     kNotebook, cel::Truth::True},
    {R"(resource.RoleArn.startsWith("arn:aws:iam::111122223333:role/"))", kNotebook,
     cel::Truth::True},
    {R"(resource.InstanceType.matches("^ml[.]t[23][.]"))", kNotebook, cel::Truth::True},
    {R"(resource.?PrimaryContainer.?ImageConfig.?RepositoryAccessMode.orValue("Platform") == "Vpc")",
     kModel, cel::Truth::True},
    {R"(has(resource.PrimaryContainer.ImageConfig) && )"
     R"(resource.PrimaryContainer.ImageConfig.RepositoryAccessMode == "Vpc")",
     kModel, cel::Truth::True},
    {R"(has(resource.VpcConfig) && resource.VpcConfig.Subnets.size() >= params.minimum)", kModel,
     cel::Truth::True},
    {R"(resource.ProductionVariants.filter(v, !has(v.ServerlessConfig)).all(v, v.InitialInstanceCount > 1))",
     kEndpoint, cel::Truth::True},
    {R"(resource.ProductionVariants.all(v, has(v.ServerlessConfig) || v.InitialInstanceCount >= params.minimum))",
     kEndpoint, cel::Truth::True},
};

// By the processor's time and not the wall clock, so that what else the machine does hardly counts.
double evaluations_a_second(const cel::Program& program, std::span<const cel::Value> variables,
                            cel::Scratch& scratch) {
  constexpr size_t kBatch = 10'000;
  constexpr std::clock_t kLongEnough = CLOCKS_PER_SEC * 2 / 5;
  size_t done = 0;
  size_t passed = 0;
  const std::clock_t start = std::clock();
  std::clock_t took = 0;
  while (took < kLongEnough) {
    for (size_t i = 0; i < kBatch; ++i)
      passed += cel::evaluate_truth(program, variables, scratch) == cel::Truth::True ? 1U : 0U;
    done += kBatch;
    took = std::clock() - start;
  }
  return passed == done ? static_cast<double>(done) * CLOCKS_PER_SEC / static_cast<double>(took)
                        : 0;
}

// Prints a row; false when the expression gave something else than it should, was too slow, or
// asked the heap.
bool measure(const Row& row, json::Value params, cel::Scratch& scratch) {
  constexpr std::array<std::string_view, 2> kNames = {"resource", "params"};
  const auto program = cel::Program::compile(row.expression, kNames);
  const auto document = json::parse_document(row.document);
  if (!program || !document) {
    fmt::print("{}\n", program ? document.error().message : program.error().message);
    return false;
  }
  const cel::Value variables[] = {cel::Value::json(document->root), cel::Value::json(params)};
  if (cel::evaluate_truth(*program, variables, scratch) != row.want) {
    fmt::print("{}: not the expected verdict\n", row.expression);
    return false;
  }
  const size_t before = allocations;
  const double rate = evaluations_a_second(*program, variables, scratch);
  const size_t asked = allocations - before;
  fmt::print("{:>7.2f} M/s  {:>5} allocations  {}\n", rate / 1e6, asked, row.expression);
  return rate >= kWanted && asked == 0;
}

int run() {
  const auto params = json::parse_document(
      R"({"minimum": 2, "supported": ["notebook-al2-v2", "notebook-al2-v3", "notebook-al2023-v1"]})");
  cel::Scratch scratch;
  fmt::print("CEL evaluations a second and core; wanted: {:.0f} M/s, no allocations\n",
             kWanted / 1e6);
  bool good = true;
  for (const Row& row : kRows) good = measure(row, params->root, scratch) && good;
  fmt::print("{}\n", good ? "all as wanted" : "NOT as wanted");
  return good ? 0 : 1;
}

}  // namespace
}  // namespace sagewarden

int main() {
  return sagewarden::run();
}
