#include "aws/protocol.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "aws/s3.h"
#include "aws/xml.h"
#include "base/text.h"

namespace sagewarden::aws {
namespace {

bool is_json(Protocol protocol) {
  return protocol == Protocol::Json10 || protocol == Protocol::Json11 ||
         protocol == Protocol::RestJson;
}

std::string scalar_text(json::Value value) {
  switch (value.kind()) {
    case json::Kind::Bool:
      return value.boolean() ? "true" : "false";
    case json::Kind::Int:
      return std::to_string(value.integer());
    case json::Kind::Uint:
      return std::to_string(value.unsigned_integer());
    case json::Kind::Double:
      return fmt::format("{}", value.real());
    case json::Kind::String:
      return std::string(value.string());
    case json::Kind::Missing:
    case json::Kind::Null:
    case json::Kind::Array:
    case json::Kind::Object:
      break;
  }
  return {};
}

void append_parameter(std::string& out, std::string_view name, std::string_view value) {
  if (!out.empty()) out += '&';
  ((out += percent_encode(name)) += '=') += percent_encode(value);
}

// {"Tags": [{"Key": "a"}]} → Tags.member.1.Key=a, for EC2 Tags.1.Key=a
void append_flat(std::string& out, const std::string& name, json::Value value, Protocol protocol) {
  if (value.is_object()) {
    for (const auto& [key, member] : value.members())
      append_flat(out, name.empty() ? std::string(key) : name + "." + std::string(key), member,
                  protocol);
  } else if (value.is_array()) {
    const std::string_view between = protocol == Protocol::Query ? ".member." : ".";
    size_t number = 0;
    for (const json::Value element : value.elements())
      append_flat(out, fmt::format("{}{}{}", name, between, ++number), element, protocol);
  } else if (!value.is_null()) {
    append_parameter(out, name, scalar_text(value));
  }
}

Result<void> encode_rest(HttpRequest& request, std::string_view service, std::string_view operation,
                         std::string_view input, json::Value root) {
  const RestOperation* rest = find_rest_operation(service, operation);
  if (rest == nullptr)
    return fail(Error::Code::Invalid,
                fmt::format("{} is no operation of {} that is known here", operation, service));
  request.method = rest->method;
  std::string_view path = rest->path;
  std::string_view label;  // the input's member that is a part of the path
  if (const size_t open = path.find('{'); open != std::string_view::npos) {
    const size_t close = path.find('}', open);
    label = path.substr(open + 1, close - open - 1);
    const std::string_view value = root[label].string_or("");
    if (value.empty())
      return fail(Error::Code::Invalid, fmt::format("the input of {} has no {}", operation, label));
    request.path += path.substr(0, open);
    request.path += percent_encode(value);
    path.remove_prefix(close + 1);
  }
  request.path += path;
  if (rest->method == "GET") {
    for (const auto& [key, value] : root.members())
      if (key != label) append_parameter(request.query, key, scalar_text(value));
  } else {
    request.headers.push_back({"Content-Type", "application/json"});
    request.body = input;
  }
  return {};
}

// "com.amazonaws.sqs#QueueDoesNotExist", "AccessDeniedException:http://…" → the name alone
std::string bare_code(std::string_view text) {
  text = text.substr(0, text.find(':'));
  const size_t hash = text.find('#');
  return std::string(trim(hash == std::string_view::npos ? text : text.substr(hash + 1)));
}

// How an answer that is none begins, for the message.
std::string excerpt(std::string_view body) {
  constexpr size_t kShown = 80;
  body = trim(body);
  if (body.empty()) return "it is empty";
  return fmt::format("it begins with '{}'", printable(body.substr(0, kShown)));
}

ServiceError malformed(std::string_view why) {
  return {
      .code = "", .message = fmt::format("this is no answer of AWS's: {}", why), .malformed = true};
}

std::string first_text(json::Value object, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const json::Value member = object[name];
    if (member.exists()) return std::string(member.string_or(""));
  }
  return {};
}

ServiceError json_error(const HttpResponse& response) {
  ServiceError error;
  error.code = bare_code(response.header("x-amzn-errortype"));
  const Result<json::Document> document = json::parse_document(response.body);
  if (!document) return error;
  const json::Value root = document->root;
  if (error.code.empty()) error.code = bare_code(first_text(root, {"__type", "code", "Code"}));
  error.message = first_text(root, {"message", "Message", "errorMessage", "error_description"});
  if (error.code.empty()) error.code = bare_code(first_text(root, {"error"}));
  return error;
}

// <ErrorResponse><Error><Code>, or EC2's <Response><Errors><Error><Code>
std::optional<ServiceError> xml_error(std::string_view body) {
  const Result<XmlAnswer> xml = read_xml(body);
  if (!xml) return std::nullopt;
  const Result<json::Document> document = json::parse_document(xml->json);
  if (!document) return std::nullopt;
  json::Value root = document->root;
  if (root["Errors"].exists()) root = root["Errors"];
  if (root["Error"].exists()) root = root["Error"];
  ServiceError error{.code = bare_code(first_text(root, {"Code"})),
                     .message = first_text(root, {"Message"})};
  if (error.code.empty()) return std::nullopt;
  return error;
}

ServiceError error_of(const HttpResponse& response) {
  const std::string_view body = trim(response.body);
  if (body.starts_with('<')) {
    if (std::optional<ServiceError> error = xml_error(body)) {
      // S3 says so when it is asked in the wrong Region.
      const std::string_view region = response.header("x-amz-bucket-region");
      if (!region.empty()) error->message += fmt::format(" (the bucket is in {})", region);
      return std::move(*error);
    }
  } else {
    ServiceError error = json_error(response);
    if (!error.code.empty()) return error;
  }
  return malformed(fmt::format("HTTP status {}, and {}", response.status, excerpt(body)));
}

tl::expected<json::Document, ServiceError> decode_json(const HttpResponse& response) {
  Result<json::Document> document = json::parse_document(response.body);
  if (!document || !document->root.is_object())
    return tl::make_unexpected(malformed(
        document ? "it is JSON, but no object"
                 : fmt::format("{} ({})", excerpt(response.body), document.error().message)));
  return std::move(*document);
}

tl::expected<json::Document, ServiceError> decode_xml(Protocol protocol, std::string_view operation,
                                                      const HttpResponse& response) {
  const Result<XmlAnswer> xml = read_xml(response.body);
  if (!xml)
    return tl::make_unexpected(
        malformed(fmt::format("{} ({})", excerpt(response.body), xml.error().message)));
  if (xml->name != std::string(operation) + "Response")
    return tl::make_unexpected(malformed(fmt::format("it is a <{}>", printable(xml->name))));
  Result<json::Document> document = json::parse_document(xml->json);
  if (!document) return tl::make_unexpected(malformed(document.error().message));
  if (protocol == Protocol::Query) {
    // The result is one level down; an object of its own, so that it can be handed out alone.
    const json::Value result = document->root[std::string(operation) + "Result"];
    if (!result.is_object()) return tl::make_unexpected(malformed("its result is missing"));
    document->root = result;
  }
  if (!document->root.is_object()) return tl::make_unexpected(malformed("its result is missing"));
  return std::move(*document);
}

}  // namespace

Result<HttpRequest> encode(const Service& service, std::string_view operation,
                           std::string_view input, const Endpoint& endpoint,
                           std::string_view body) {
  TRY_LET(const json::Document document, json::parse_document(input));
  if (!document.root.is_object())
    return fail(Error::Code::Invalid,
                fmt::format("the input of {}:{} is no JSON object", service.name, operation));
  HttpRequest request;
  request.method = "POST";
  request.origin = endpoint.origin;
  request.path = endpoint.path;
  switch (service.protocol) {
    case Protocol::Json10:
    case Protocol::Json11:
      request.path += '/';
      request.headers = {
          {"Content-Type", service.protocol == Protocol::Json10 ? "application/x-amz-json-1.0"
                                                                : "application/x-amz-json-1.1"},
          {"X-Amz-Target", fmt::format("{}.{}", service.target, operation)}};
      request.body = input;
      break;
    case Protocol::RestJson:
      TRY_DO(encode_rest(request, service.name, operation, input, document.root));
      break;
    case Protocol::Query:
    case Protocol::Ec2Query:
      request.path += '/';
      request.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
      append_parameter(request.body, "Action", operation);
      append_parameter(request.body, "Version", service.target);
      append_flat(request.body, "", document.root, service.protocol);
      break;
    case Protocol::S3:
      return encode_s3(operation, document.root, body, endpoint);
  }
  return request;
}

tl::expected<json::Document, ServiceError> decode(const Service& service,
                                                  std::string_view operation,
                                                  const HttpResponse& response) {
  if (response.status < 200 || response.status > 299)
    return tl::make_unexpected(error_of(response));
  if (service.protocol == Protocol::S3) {
    Result<json::Document> answer = decode_s3(operation, response);
    if (!answer) return tl::make_unexpected(malformed(answer.error().message));
    return std::move(*answer);
  }
  return is_json(service.protocol) ? decode_json(response)
                                   : decode_xml(service.protocol, operation, response);
}

std::string request_id(const HttpResponse& response) {
  for (const std::string_view name :
       {"x-amzn-requestid", "x-amz-request-id", "x-amzn-request-id"}) {
    if (!response.header(name).empty()) return std::string(response.header(name));
  }
  return {};
}

}  // namespace sagewarden::aws
