#include <fmt/format.h>
#include <openssl/crypto.h>

#include <optional>
#include <utility>

#include "aws/sources.h"
#include "base/process.h"
#include "base/text.h"

namespace sagewarden::aws {
namespace {

constexpr size_t kMaxOutput = 65'536;

class Process : public CredentialSource {
 public:
  Process(std::string command, const std::string& profile)
      : command_(std::move(command)),
        source_(fmt::format("credential_process of the profile {}", printable(profile))) {}

  Result<Credentials> fetch() override {
    Result<Credentials> got = read();
    if (!got) got.error().message = source_ + ": " + got.error().message;
    return got;
  }

 private:
  Result<Credentials> read() {
    TRY_LET(const std::vector<std::string> words, split_command(command_));
    TRY_LET(Finished finished, run_program({.words = words, .most_output = kMaxOutput}));
    Result<Credentials> credentials = read_output_of(finished);
    OPENSSL_cleanse(finished.output.data(), finished.output.size());
    return credentials;
  }

  Result<Credentials> read_output_of(const Finished& finished) const {
    if (finished.too_long)
      return fail(Error::Code::Invalid, fmt::format("it printed more than {} bytes", kMaxOutput));
    if (finished.status != 0)
      return fail(Error::Code::Denied, fmt::format("{} failed", printable(command_)));
    // What is wrong with it is not repeated: it may hold keys.
    const Result<json::Document> document = json::parse_document(finished.output);
    if (!document || !document->root.is_object())
      return fail(Error::Code::Invalid, "it did not print a JSON object");
    const json::Value version = document->root["Version"];
    if (version.kind() != json::Kind::Int || version.integer() != 1)
      return fail(Error::Code::Invalid, "its output's Version is not 1");
    return read_credentials(document->root, "SessionToken", source_);
  }

  std::string command_;
  std::string source_;
};

}  // namespace

Result<std::vector<std::string>> split_command(std::string_view command) {
  std::vector<std::string> words;
  std::optional<std::string> word;
  char quote = '\0';
  for (size_t at = 0; at < command.size(); ++at) {
    const char c = command[at];
    const bool blank = c == ' ' || c == '\t' || c == '\n';
    if (quote == '\0' && blank) {
      if (word) words.push_back(std::move(*word));
      word.reset();
      continue;
    }
    if (!word) word.emplace();
    const bool escapes = c == '\\' && quote != '\'' && at + 1 < command.size();
    if (escapes && (quote == '\0' || command[at + 1] == '"' || command[at + 1] == '\\')) {
      *word += command[++at];
    } else if (quote == '\0' && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == quote) {
      quote = '\0';
    } else {
      *word += c;
    }
  }
  if (quote != '\0') return fail(Error::Code::Invalid, "a quote is not closed");
  if (word) words.push_back(std::move(*word));
  if (words.empty()) return fail(Error::Code::Invalid, "the command is empty");
  return words;
}

SourcePtr process_source(std::string command, const std::string& profile) {
  return std::make_unique<Process>(std::move(command), profile);
}

}  // namespace sagewarden::aws
