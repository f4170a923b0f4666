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
  const std::string word = lower(name);
  return word == "environment" || word.ends_with("environmentvariables");
}

}  // namespace

bool is_secret_member(std::string_view name) {
  return is_secret_name(name) || is_environment(name);
}

namespace {

// Writes a value without what is secret in it, and no more of it than can be shown.
class Mask {
 public:
  std::string run(json::Value value) {
    write(value);
    return cut(out_);
  }

 private:
  // Recursion is bounded by the JSON reader's limit on nesting.
  void write(json::Value value) {  // NOLINT(misc-no-recursion)
    if (value.is_array()) {
      writer_.begin_array();
      for (const json::Value element : value.elements()) {
        if (is_full()) break;
        write(element);
      }
      writer_.end_array();
    } else if (value.is_object()) {
      writer_.begin_object();
      for (const auto& [key, member] : value.members()) {
        if (is_full()) break;
        writer_.key(key);
        if (is_secret_member(key))
          writer_.string(kHidden);
        else
          write(member);
      }
      writer_.end_object();
    } else if (value.is_string()) {
      // More than can be shown, so that what is left out is cut off and marked.
      writer_.string(value.string().substr(0, 2 * kMaxShownBytes));
    } else {
      writer_.value(value);
    }
  }
  bool is_full() const { return out_.size() > kMaxShownBytes; }

  std::string out_;
  json::Writer writer_ = json::Writer(out_);
};

// Phrases say that there is no value to hide.
bool is_phrase(std::string_view found) {
  return found.substr(0, 4) == "not ";
}

}  // namespace

bool is_secret_path(std::string_view path) {
  std::string_view last;
  for (std::string_view step : split(path, '.')) {
    // What lies below a secret is as secret as what lies in an environment.
    if (is_environment(last) || is_secret_member(last)) return true;
    last = step.substr(0, step.find('['));
    // `Environment["a b"]` and `X["password"]`: a name that is no identifier.
    const size_t quote = step.find("[\"");
    if (quote == std::string_view::npos) continue;
    if (is_environment(last) || is_secret_member(last)) return true;
    last = step.substr(quote + 2);
  }
  return is_secret_member(last);
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

std::string shown(std::string_view path, json::Value value) {
  return is_secret_path(path) ? std::string(kHidden) : Mask().run(value);
}

std::string shown(std::string_view path, std::string_view found) {
  if (is_phrase(found)) return cut(found);
  if (is_secret_path(path)) return std::string(kHidden);
  if (found.empty() || (found[0] != '{' && found[0] != '[')) return cut(found);
  const Result<json::Document> document = json::parse_document(found);
  return document ? shown(path, document->root) : std::string(kHidden);
}

std::string shown_wish(std::string_view expression, std::string_view text) {
  const bool deals_with_secrets =
      is_secret_name(expression) || lower(expression).find("environment") != std::string::npos;
  const bool own = text == "set" || text == "not set" || expression.find(text) != expression.npos;
  return deals_with_secrets && !own ? std::string(kHidden) : std::string(text);
}

}  // namespace sagewarden
