#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "aws/sources.h"
#include "base/file.h"
#include "base/text.h"

namespace sagewarden::aws {
namespace {

constexpr size_t kMaxAuthorizationBytes = 100'000;
constexpr std::string_view kContainerOrigin = "http://169.254.170.2";

// Services of the machine itself answer at once or are not there.
HttpRequest metadata_request(std::string origin, std::string path, int seconds) {
  HttpRequest request;
  request.origin = std::move(origin);
  request.path = std::move(path);
  request.timeouts = {.connect = std::chrono::seconds(seconds),
                      .idle = std::chrono::seconds(seconds),
                      .whole = std::chrono::seconds(seconds)};
  request.proxy = HttpRequest::Proxy::Never;
  return request;
}

// A body with status 200.
Result<std::string> body_of(const HttpResult& result, std::string_view what) {
  if (!result) return fail(Error::Code::Io, fmt::format("{}: {}", what, result.error().message));
  if (result->status != 200)
    return fail(Error::Code::Denied,
                fmt::format("{}: it answered with HTTP status {}", what, result->status));
  return result->body;
}

Result<Credentials> parse(std::string_view body, std::string_view what) {
  const Result<json::Document> document = json::parse_document(body);
  if (!document || !document->root.is_object())
    return fail(Error::Code::Invalid, fmt::format("{}: the answer is no JSON object", what));
  const std::string_view code = document->root["Code"].string_or("Success");
  if (code != "Success")
    return fail(Error::Code::Denied,
                fmt::format("{}: {}: {}", what, printable(code),
                            printable(document->root["Message"].string_or("no message"))));
  Result<Credentials> credentials = read_credentials(document->root, "Token", std::string(what));
  if (!credentials)
    credentials.error().message = fmt::format("{}: {}", what, credentials.error().message);
  return credentials;
}

struct ContainerAddress {
  std::string origin;
  std::string path;
  std::string query;
};

// Unencrypted only where it stays on the machine.
bool is_local(std::string_view host) {
  constexpr std::string_view kLocal[] = {"localhost",     "127.0.0.1",      "[::1]",
                                         "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"};
  const size_t port =
      host.find(':', host.starts_with('[') ? std::min(host.find(']'), host.size()) : 0);
  const std::string bare = lower(host.substr(0, port));
  return std::ranges::find(kLocal, bare) != std::end(kLocal);
}

Result<ContainerAddress> container_address(const Environment& environment) {
  ContainerAddress address;
  std::string rest = environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  if (!rest.empty()) {
    address.origin = kContainerOrigin;
    if (rest[0] != '/') rest.insert(0, "/");
  } else {
    const std::string uri = environment("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    const bool https = uri.starts_with("https://");
    const size_t host = https ? 8 : 7;
    const size_t path = std::min(uri.find('/', host), uri.size());
    if ((!https && !uri.starts_with("http://")) || path <= host ||
        uri.find('@') != std::string::npos)
      return fail(Error::Code::Invalid,
                  fmt::format("AWS_CONTAINER_CREDENTIALS_FULL_URI: '{}' is no http or https URL",
                              printable(uri)));
    if (!https && !is_local(std::string_view(uri).substr(host, path - host)))
      return fail(Error::Code::Invalid,
                  fmt::format("AWS_CONTAINER_CREDENTIALS_FULL_URI: '{}' is neither https nor an "
                              "address of this machine's own",
                              printable(uri)));
    address.origin = uri.substr(0, path);
    rest = path == uri.size() ? "/" : uri.substr(path);
  }
  const size_t mark = std::min(rest.find('?'), rest.size());
  address.path = rest.substr(0, mark);
  if (mark != rest.size()) address.query = rest.substr(mark + 1);
  return address;
}

class Container : public CredentialSource {
 public:
  Container(const ProviderContext& context, ContainerAddress address)
      : context_(context), address_(std::move(address)) {}

  Result<Credentials> fetch() override {
    HttpRequest request = metadata_request(address_.origin, address_.path, 2);
    request.query = address_.query;
    TRY_LET(const std::string token, authorization());
    if (!token.empty()) request.headers.push_back({"Authorization", token});
    HttpResult result = context_.http.send(request);
    for (int attempt = 1; attempt < kAttempts && (!result || result->status >= 500); ++attempt)
      result = context_.http.send(request);
    TRY_LET(const std::string body, body_of(result, kWhat));
    return parse(body, kWhat);
  }

 private:
  static constexpr int kAttempts = 3;
  static constexpr std::string_view kWhat = "the container's credentials";

  Result<std::string> authorization() const {
    const std::string file = context_.environment("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    std::string token = context_.environment("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    if (!file.empty()) {
      TRY_LET(token, read_file(file, kMaxAuthorizationBytes));
      token = trim(token);
    }
    if (token.find_first_of("\r\n") != std::string::npos)
      return fail(Error::Code::Invalid, "the container's authorization token has several lines");
    return token;
  }

  const ProviderContext context_;
  ContainerAddress address_;
};

class Instance : public CredentialSource {
 public:
  explicit Instance(const ProviderContext& context) : context_(context) {
    origin_ = context.environment("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    const bool six = lower(context.environment("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")) == "ipv6";
    if (origin_.empty()) origin_ = six ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
    while (origin_.ends_with('/')) origin_.pop_back();
  }

  Result<Credentials> fetch() override {
    HttpRequest ask = metadata_request(origin_, "/latest/api/token", 1);
    ask.method = "PUT";
    ask.headers = {{"x-aws-ec2-metadata-token-ttl-seconds", "21600"}};
    TRY_LET(const std::string token, body_of(context_.http.send(std::move(ask)), kWhat));
    const std::string folder = "/latest/meta-data/iam/security-credentials/";
    TRY_LET(const std::string roles, get(folder, token));
    const std::string role(trim(std::string_view(roles).substr(0, roles.find('\n'))));
    if (role.empty())
      return fail(Error::Code::NotFound, fmt::format("{}: the instance has no role", kWhat));
    TRY_LET(const std::string body, get(folder + percent_encode(role), token));
    return parse(body, kWhat);
  }

 private:
  static constexpr std::string_view kWhat = "EC2's instance metadata";

  Result<std::string> get(std::string path, const std::string& token) const {
    HttpRequest request = metadata_request(origin_, std::move(path), 1);
    request.headers = {{"x-aws-ec2-metadata-token", token}};
    return body_of(context_.http.send(std::move(request)), kWhat);
  }

  const ProviderContext context_;
  std::string origin_;
};

}  // namespace

bool has_container(const Environment& environment) {
  return !environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").empty() ||
         !environment("AWS_CONTAINER_CREDENTIALS_FULL_URI").empty();
}

Result<SourcePtr> container_source(const ProviderContext& context) {
  TRY_LET(ContainerAddress address, container_address(context.environment));
  return SourcePtr(std::make_unique<Container>(context, std::move(address)));
}

SourcePtr instance_source(const ProviderContext& context) {
  return std::make_unique<Instance>(context);
}

}  // namespace sagewarden::aws
