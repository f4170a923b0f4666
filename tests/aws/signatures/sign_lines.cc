// Signs requests given as lines of JSON on standard input and prints each one's Authorization, for
// sigv4_botocore.py.
#include <unistd.h>

#include "aws/sigv4.h"
#include "base/iso_time.h"
#include "base/json.h"
#include "base/output.h"
#include "base/text.h"

namespace sagewarden::aws {
namespace {

Result<std::string> read_all() {
  std::string text;
  char buffer[65'536];
  while (true) {
    const ssize_t got = read(STDIN_FILENO, buffer, sizeof buffer);
    if (got < 0) return fail(Error::Code::Io, "cannot read standard input");
    if (got == 0) return text;
    text.append(buffer, static_cast<size_t>(got));
  }
}

Result<std::string> authorization(std::string_view line) {
  TRY_LET(const json::Document document, json::parse_document(line));
  const json::Value root = document.root;
  const auto text = [&](std::string_view name) { return root[name].string_or(""); };
  HttpRequest request;
  request.method = text("method");
  request.origin = text("origin");
  request.path = text("path");
  request.query = text("query");
  request.body = text("body");
  for (const auto& [name, value] : root["headers"].members())
    request.headers.push_back({std::string(name), std::string(value.string_or(""))});
  const Credentials credentials{.access_key_id = std::string(text("key")),
                                .secret_access_key = Secret(text("secret")),
                                .session_token = Secret(text("token"))};
  const bool s3 = text("service") == "s3";
  sign(request, credentials,
       {.region = text("region"),
        .service = text("service"),
        .time = parse_iso_time(text("time")) / 1'000,
        .paths = s3 ? PathRule::Keep : PathRule::Normalise});
  return request.headers.back().value;
}

Result<void> run(Output& out) {
  TRY_LET(const std::string text, read_all());
  for (const std::string_view line : split(text, '\n')) {
    if (line.empty()) continue;
    TRY_LET(const std::string value, authorization(line));
    TRY_DO(out.write(value + "\n"));
  }
  return out.commit();
}

}  // namespace
}  // namespace sagewarden::aws

int main() {
  return sagewarden::aws::run(*sagewarden::create_stdout_output()) ? 0 : 1;
}
