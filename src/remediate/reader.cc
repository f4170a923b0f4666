#include "remediate/reader.h"

#include <cassert>

#include "aws/service.h"
#include "base/json_writer.h"
#include "remediate/path.h"

namespace sagewarden::remediate {
namespace {

// A list that has not ended by then does not end.
constexpr size_t kMostPages = 10'000;

}  // namespace

bool only_reads(std::string_view operation) {
  return operation.starts_with("Describe") || operation.starts_with("Get") ||
         operation.starts_with("List") || operation == "SimulatePrincipalPolicy" ||
         operation == "inspect";  // of skopeo
}

aws::Call call_at(const Place& place, const PlannedCall& planned) {
  return {.service = planned.service,
          .operation = planned.operation,
          .region = place.region,
          .account = place.account,
          .input = planned.input,
          .credentials = place.credentials};
}

aws::Answer Reader::read(const PlannedCall& planned) const {
  if (only_reads(planned.operation)) return call_(call_at(place_, planned));
  aws::CallError error;
  error.kind = aws::CallError::Kind::Invalid;
  error.service = planned.service;
  error.operation = planned.operation;
  error.message = "planning reads only";
  return tl::make_unexpected(std::move(error));
}

tl::expected<std::string, aws::CallError> Reader::list(PlannedCall planned,
                                                       std::string_view member) const {
  const auto broken = [&](std::string message) {
    aws::CallError error;
    error.kind = aws::CallError::Kind::Malformed;
    error.service = planned.service;
    error.operation = planned.operation;
    error.region = place_.region;
    error.account = place_.account;
    error.message = std::move(message);
    return tl::make_unexpected(std::move(error));
  };
  std::string text;
  json::Writer out(text);
  out.begin_array();
  std::string token;
  for (size_t page = 0; page < kMostPages; ++page) {
    const aws::Answer answer = read(planned);
    if (!answer) return tl::make_unexpected(answer.error());
    if (!answer->root[member].is_array()) return broken("the answer has no " + std::string(member));
    for (const json::Value element : answer->root[member].elements()) out.value(element);
    const std::string next(answer->root["NextToken"].string_or(""));
    if (next.empty()) {
      out.end_array();
      return text;
    }
    if (next == token) return broken("the same page comes again and again");
    token = next;
    const Result<json::Document> input = json::parse_document(planned.input);
    assert(input);
    std::string quoted;
    json::append_quoted(quoted, token);
    const Edit next_page[] = {{"NextToken", std::move(quoted)}};
    planned.input = edited(input->root, next_page);
  }
  return broken("the list does not end");
}

}  // namespace sagewarden::remediate
