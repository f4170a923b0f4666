#include "aws/sigv4.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "aws/digest.h"
#include "base/text.h"
#include "base/time.h"

namespace sagewarden::aws {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kTerminator = "aws4_request";

// Headers that something on the way may change; lower case.
constexpr std::string_view kNotSigned[] = {
    "authorization", "connection",        "expect",  "keep-alive", "te",
    "trailer",       "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id",
};

std::string_view day_of(std::string_view date) {
  return date.substr(0, 8);
}

std::string credential_scope(const SigningScope& scope) {
  const std::string date = amz_date(scope.time);
  return fmt::format("{}/{}/{}/{}", day_of(date), scope.region, scope.service, kTerminator);
}

// Without empty and "." parts, ".." taken back; a '/' at the end stays.
std::string normalise_path(std::string_view path) {
  std::vector<std::string_view> kept;
  for (const std::string_view part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      kept.push_back(part);
    } else if (!kept.empty()) {
      kept.pop_back();
    }
  }
  std::string out;
  for (const std::string_view part : kept) (out += '/') += part;
  if (out.empty() || path.ends_with('/') || path.ends_with("/.") || path.ends_with("/.."))
    out += '/';
  return out;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    const int high = text[at] == '%' && at + 2 < text.size() ? hex_digit(text[at + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[at + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      at += 2;
    } else {
      out += text[at];
    }
  }
  return out;
}

// The path, encoded in the one way that signatures know, however it was encoded before.
std::string encoded_once(std::string_view path) {
  std::string out;
  for (const std::string_view part : split(path, '/'))
    (out += percent_encode(percent_decode(part))) += '/';
  out.pop_back();  // parts are one more than slashes
  return out;
}

std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const std::string_view part : split(query, '&')) {
    if (part.empty()) continue;
    const size_t equals = part.find('=');
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1);
    parameters.emplace_back(percent_encode(percent_decode(part.substr(0, equals))),
                            percent_encode(percent_decode(value)));
  }
  std::ranges::sort(parameters);
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (!out.empty()) out += '&';
    ((out += name) += '=') += value;
  }
  return out;
}

// The value without blanks around, runs of blanks (and line ends) inside being one.
std::string canonical_value(std::string_view value) {
  std::string out;
  bool blank = false;
  for (const char c : trim(value)) {
    const bool is_blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (is_blank && !blank) out += ' ';
    if (!is_blank) out += c;
    blank = is_blank;
  }
  return out;
}

// Names in lower case with their values, sorted by name; values of one name are joined.
std::vector<std::pair<std::string, std::string>> canonical_headers(const HttpRequest& request) {
  std::vector<std::pair<std::string, std::string>> headers = {{"host", host_of(request.origin)}};
  for (const Header& header : request.headers) {
    std::string name = lower(header.name);
    if (std::ranges::find(kNotSigned, name) != std::end(kNotSigned)) continue;
    const auto known = std::ranges::find(headers, name, [](const auto& h) { return h.first; });
    if (known == headers.end()) {
      headers.emplace_back(std::move(name), canonical_value(header.value));
    } else {
      (known->second += ',') += canonical_value(header.value);
    }
  }
  std::ranges::sort(headers);
  return headers;
}

std::string signed_headers(const HttpRequest& request) {
  std::string out;
  for (const auto& [name, value] : canonical_headers(request)) {
    if (!out.empty()) out += ';';
    out += name;
  }
  return out;
}

}  // namespace

std::string amz_date(int64_t time) {
  std::string out = iso_time(time);
  std::erase_if(out, [](char c) { return c == '-' || c == ':'; });
  return out;
}

std::string canonical_request(const HttpRequest& request, const SigningScope& scope) {
  const std::string path = scope.paths == PathRule::Normalise
                               ? percent_encode(normalise_path(request.path), Slash::Keep)
                               : encoded_once(request.path);
  std::string out =
      fmt::format("{}\n{}\n{}\n", request.method, path, canonical_query(request.query));
  for (const auto& [name, value] : canonical_headers(request))
    (((out += name) += ':') += value) += '\n';
  return out += fmt::format("\n{}\n{}", signed_headers(request), sha256_hex(request.body));
}

std::string string_to_sign(std::string_view canonical_request, const SigningScope& scope) {
  return fmt::format("{}\n{}\n{}\n{}", kAlgorithm, amz_date(scope.time), credential_scope(scope),
                     sha256_hex(canonical_request));
}

std::string signature(std::string_view string_to_sign, const Secret& secret_access_key,
                      const SigningScope& scope) {
  std::string start = "AWS4";
  // Reserved first, so that no shorter copy of the key is left behind in memory.
  start.reserve(start.size() + secret_access_key.reveal().size() + 16);
  start += secret_access_key.reveal();
  Secret key(start);
  OPENSSL_cleanse(start.data(), start.size());
  key = hmac_sha256(key, day_of(amz_date(scope.time)));
  for (const std::string_view step : {scope.region, scope.service, kTerminator})
    key = hmac_sha256(key, step);
  return hex(hmac_sha256(key, string_to_sign).reveal());
}

void sign(HttpRequest& request, const Credentials& credentials, const SigningScope& scope) {
  request.headers.push_back({"X-Amz-Date", amz_date(scope.time)});
  if (!credentials.session_token.empty())
    request.headers.push_back(
        {"X-Amz-Security-Token", std::string(credentials.session_token.reveal())});
  const std::string text = string_to_sign(canonical_request(request, scope), scope);
  request.headers.push_back(
      {"Authorization",
       fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", kAlgorithm,
                   credentials.access_key_id, credential_scope(scope), signed_headers(request),
                   signature(text, credentials.secret_access_key, scope))});
}

}  // namespace sagewarden::aws
