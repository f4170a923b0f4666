#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <utility>

#include "aws/sources.h"
#include "base/file.h"
#include "base/text.h"

namespace sagewarden::aws {
namespace {

constexpr size_t kMaxOutput = 65'536;

// What a program wrote to its standard output, and how it ended.
struct Finished {
  std::string output;
  int status = 0;
};

std::string read_output(int descriptor) {
  std::string output;
  std::array<char, 4'096> buffer{};
  while (output.size() <= kMaxOutput) {
    const ssize_t got = read(descriptor, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    output.append(buffer.data(), static_cast<size_t>(got));
  }
  OPENSSL_cleanse(buffer.data(), buffer.size());
  return output;
}

// Standard input and error stay ours: it may have to ask its user something.
Result<Finished> run(const std::vector<std::string>& words) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0)
    return fail(Error::Code::Io, "no pipe: " + system_message(errno));
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  pid_t child = 0;
  const int error =
      posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  Finished finished;
  if (error == 0) finished.output = read_output(ends[0]);
  close(ends[0]);
  if (error != 0)
    return fail(Error::Code::NotFound,
                fmt::format("cannot run {}: {}", printable(words[0]), system_message(error)));
  while (waitpid(child, &finished.status, 0) < 0 && errno == EINTR) {
  }
  return finished;
}

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
    TRY_LET(Finished finished, run(words));
    Result<Credentials> credentials = read_output_of(finished);
    OPENSSL_cleanse(finished.output.data(), finished.output.size());
    return credentials;
  }

  Result<Credentials> read_output_of(const Finished& finished) const {
    if (finished.output.size() > kMaxOutput)
      return fail(Error::Code::Invalid, fmt::format("it printed more than {} bytes", kMaxOutput));
    if (!WIFEXITED(finished.status) || WEXITSTATUS(finished.status) != 0)
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
