#include "control/secrets.h"

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/json_writer.h"
#include "base/text.h"

namespace sagewarden {
namespace {

constexpr std::array<std::string_view, 4> kSecretWords = {"password", "secret", "token",
                                                          "credential"};

bool is_secret_name(std::string_view name) {
  const std::string word = lower(name);
  return std::ranges::any_of(kSecretWords, [&](std::string_view secret) {
    return word.find(secret) != std::string::npos;
  });
}

bool is_environment(std::string_view name) {
  return lower(name) == "environment";
}

// The value without what is secret in it. Recursion is bounded by the JSON reader's limit.
void write_masked(json::Writer& writer, json::Value value) {  // NOLINT(misc-no-recursion)
  if (value.is_array()) {
    writer.begin_array();
    for (const json::Value element : value.elements()) write_masked(writer, element);
    writer.end_array();
  } else if (value.is_object()) {
    writer.begin_object();
    for (const auto& [key, member] : value.members()) {
      writer.key(key);
      if (is_secret_name(key) || is_environment(key))
        writer.string(kHidden);
      else
        write_masked(writer, member);
    }
    writer.end_object();
  } else {
    writer.value(value);
  }
}

// Phrases say that there is no value to hide.
bool is_phrase(std::string_view found) {
  return found.substr(0, 4) == "not ";
}

}  // namespace

bool is_secret_path(std::string_view path) {
  std::string_view last;
  for (std::string_view step : split(path, '.')) {
    if (is_environment(last)) return true;
    last = step.substr(0, step.find('['));
    // `Environment["a b"]` and `X["password"]`: a name that is no identifier.
    const size_t quote = step.find("[\"");
    if (quote == std::string_view::npos) continue;
    if (is_environment(last)) return true;
    last = step.substr(quote + 2);
  }
  return is_environment(last) || is_secret_name(last);
}

std::string cut(std::string_view text) {
  if (text.size() <= kMaxShownBytes) return std::string(text);
  size_t end = 0;
  while (end < kMaxShownBytes) {
    // What is no UTF-8 counts byte by byte; the writers replace it.
    const size_t length = std::max<size_t>(1, utf8_length(text.substr(end)));
    if (end + length > kMaxShownBytes) break;
    end += length;
  }
  return std::string(text.substr(0, end)) + "…";
}

std::string shown(std::string_view path, std::string_view found) {
  if (is_phrase(found)) return cut(found);
  if (is_secret_path(path)) return std::string(kHidden);
  if (found.empty() || (found[0] != '{' && found[0] != '[')) return cut(found);
  const Result<json::Document> document = json::parse_document(found);
  // What can't be read can't be searched for secrets.
  if (!document) return std::string(kHidden);
  std::string masked;
  json::Writer writer(masked);
  write_masked(writer, document->root);
  return cut(masked);
}

std::string shown_wish(std::string_view expression, std::string_view text) {
  const bool deals_with_secrets =
      is_secret_name(expression) || lower(expression).find("environment") != std::string::npos;
  const bool own = text == "set" || text == "not set" || expression.find(text) != expression.npos;
  return deals_with_secrets && !own ? std::string(kHidden) : std::string(text);
}

}  // namespace sagewarden
