// Whatever answers in AWS's place, and whatever stands in AWS's shared files, is read or refused.
// Input: a letter for what it is, and the bytes.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "aws/config_file.h"
#include "aws/protocol.h"

namespace aws = sagewarden::aws;

namespace {

void decode(std::string_view service, std::string_view operation, int status,
            std::string_view body) {
  aws::HttpResponse response;
  response.status = status;
  response.body = body;
  const auto answer = aws::decode(*aws::find_service(service), operation, response);
  // An error status is never an answer, an answer always an object, an error always in words.
  if (answer && (status != 200 || !answer->root.is_object())) std::abort();
  if (!answer && answer.error().code.empty() && answer.error().message.empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'j':
      decode("sagemaker", "ListModels", 200, body);
      break;
    case 'q':
      decode("sts", "GetCallerIdentity", 200, body);
      break;
    case 'e':
      decode("ec2", "DescribeRegions", 200, body);
      break;
    case 'x':
      decode("sagemaker", "ListModels", 400, body);
      break;
    default: {
      aws::SharedConfig config;
      const bool read = config.add(aws::ConfigFile::Config, body, "f").has_value();
      if (read && !config.value("default", "region").empty() && !config.has_profile("default"))
        std::abort();
    }
  }
  return 0;
}
