#include "app/skopeo.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/json_writer.h"
#include "base/process.h"
#include "base/sha256.h"
#include "base/text.h"
#include "remediate/images.h"

namespace sagewarden {
namespace {

using Kind = aws::CallError::Kind;

// Registries take no larger manifests.
constexpr size_t kMaxManifest = size_t{8} << 20;
constexpr std::chrono::minutes kInspectTime{1};
constexpr std::chrono::minutes kCopyTime{60};
constexpr size_t kMaxMessage = 500;

// How registries say it, in what skopeo prints.
struct Sign {
  std::string_view text;
  Kind kind;
};
constexpr Sign kSigns[] = {
    {"manifest unknown", Kind::NotFound},
    {"name unknown", Kind::NotFound},
    {"repository name not known", Kind::NotFound},
    {"unauthorized", Kind::Denied},
    {"authentication required", Kind::Denied},
    {"no basic auth credentials", Kind::Denied},
    {"denied", Kind::Denied},
    {"forbidden", Kind::Denied},
    {"toomanyrequests", Kind::Throttled},
    {"no such host", Kind::Failed},
    {"connection refused", Kind::Failed},
    {"connection reset", Kind::Failed},
    {"timeout", Kind::Failed},
    {"service unavailable", Kind::Failed},
};

Kind kind_of_message(std::string_view message) {
  const std::string text = lower(message);
  const auto* const found = std::ranges::find_if(
      kSigns, [&](const Sign& sign) { return text.find(sign.text) != std::string::npos; });
  return found == std::end(kSigns) ? Kind::Invalid : found->kind;
}

// The last line: what came to nothing. Without what stands before an @ in an address.
std::string message_of(std::string_view errors) {
  errors = trim(errors);
  const size_t line = errors.rfind('\n');
  std::string text(line == std::string_view::npos ? errors : errors.substr(line + 1));
  for (size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
    const size_t end = text.find_first_of("/ \"", at + 3);
    const size_t mark = text.substr(0, end).rfind('@');
    if (mark != std::string::npos && mark > at) text.erase(at + 3, mark + 1 - (at + 3));
  }
  return text.substr(0, kMaxMessage);
}

tl::unexpected<aws::CallError> skopeo_error(const aws::Call& call, Kind kind, std::string message) {
  aws::CallError error;
  error.kind = kind;
  error.service = call.service;
  error.operation = call.operation;
  error.message = std::move(message);
  error.attempts = 1;
  return tl::make_unexpected(std::move(error));
}

tl::expected<Finished, aws::CallError> run_skopeo(const aws::Call& call,
                                                  std::vector<std::string> words,
                                                  std::chrono::seconds most_time,
                                                  const std::atomic<bool>& stop) {
  words.insert(words.begin(), "skopeo");
  Result<Finished> done = run_program({.words = std::move(words),
                                       .most_output = kMaxManifest,
                                       .takes_errors = true,
                                       .most_time = most_time,
                                       .stop = &stop});
  if (!done) return skopeo_error(call, Kind::NotAvailable, done.error().message);
  if (done->stopped) return skopeo_error(call, Kind::Cancelled, "stopped");
  if (done->too_late)
    return skopeo_error(call, Kind::Failed,
                        fmt::format("not done in {} seconds", most_time.count()));
  if (done->too_long) return skopeo_error(call, Kind::Malformed, "it printed too much");
  if (done->status == 0) return std::move(*done);
  const std::string message = message_of(done->errors);
  return skopeo_error(call, kind_of_message(message), message);
}

aws::Answer document_of(const std::string& text) {
  Result<json::Document> document = json::parse_document(text);
  if (document) return std::move(*document);
  return tl::make_unexpected(aws::CallError{.kind = Kind::Malformed, .message = "no JSON"});
}

// The digest is that of the manifest as the registry has it, of all platforms where there are
// several.
aws::Answer inspect(const aws::Call& call, json::Value input, const std::atomic<bool>& stop) {
  std::vector<std::string> words = remediate::inspect_words(input["image"].string_or(""));
  const auto done = run_skopeo(call, std::move(words), kInspectTime, stop);
  if (!done) return tl::make_unexpected(done.error());
  if (!json::parse_document(done->output))
    return skopeo_error(call, Kind::Malformed, "what it printed is no manifest");
  Sha256 hash;
  hash.update(done->output);
  std::string text;
  json::Writer(text).begin_object().member("Digest", "sha256:" + hash.hex()).end_object();
  return document_of(text);
}

aws::Answer copy(const aws::Call& call, json::Value input, const std::atomic<bool>& stop) {
  std::vector<std::string> words =
      remediate::copy_words(input["from"].string_or(""), input["to"].string_or(""));
  const auto done = run_skopeo(call, std::move(words), kCopyTime, stop);
  if (!done) return tl::make_unexpected(done.error());
  return document_of("{}");
}

}  // namespace

aws::CallAws with_skopeo(aws::CallAws call, const std::atomic<bool>& stop) {
  return [call = std::move(call), &stop](aws::Call made) -> aws::Answer {
    if (made.service != remediate::kSkopeo) return call(std::move(made));
    const Result<json::Document> input = json::parse_document(made.input);
    if (!input) return skopeo_error(made, Kind::Invalid, "the input is no JSON");
    if (made.operation == remediate::kInspect) return inspect(made, input->root, stop);
    if (made.operation == remediate::kCopy) return copy(made, input->root, stop);
    return skopeo_error(made, Kind::Invalid, "no such operation");
  };
}

}  // namespace sagewarden
