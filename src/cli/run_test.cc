// The program's words and statuses, as far as no input is read. What reads input is in tests/cli.
#include "cli/run.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "app/version.h"
#include "base/text.h"
#include "cli/command.h"

namespace sagewarden {
namespace {

struct Said {
  int status = -1;
  std::string out;
  std::string err;
};

Said say(std::string_view line) {
  Said said;
  std::vector<std::string_view> words;
  if (!line.empty()) words = split(line, ' ');
  const std::unique_ptr<Output> out = create_string_output(said.out);
  std::FILE* err = std::tmpfile();
  said.status = run(words, *out, fileno(err));
  said.err.resize(static_cast<size_t>(lseek(fileno(err), 0, SEEK_END)));
  EXPECT_EQ(pread(fileno(err), said.err.data(), said.err.size(), 0),
            static_cast<ssize_t>(said.err.size()));
  std::fclose(err);
  return said;
}

TEST(Run, WrongUsageIsOneClearLine) {
  const struct {
    std::string_view line;
    std::string_view want;
  } cases[] = {
      {"", "no command given; see 'sagewarden --help'"},
      {"sacn", "unknown command 'sacn' (did you mean scan?); see 'sagewarden --help'"},
      {"contols list",
       "unknown command 'contols' (did you mean controls?); see 'sagewarden --help'"},
      {"frobnicate", "unknown command 'frobnicate'; see 'sagewarden --help'"},
      {"--versoin",
       "unknown command '--versoin' (did you mean --version?); see 'sagewarden --help'"},
      {"controls", "controls needs a command; see 'sagewarden controls --help'"},
      {"controls lst",
       "unknown command 'controls lst' (did you mean controls list?); see 'sagewarden controls "
       "--help'"},
      {"scan", "INPUT is missing: say what to scan, or --aws; see 'sagewarden scan --help'"},
      {"scan --fail-no x a",
       "unknown option --fail-no (did you mean --fail-on?); see 'sagewarden "
       "scan --help'"},
      {"help sacn", "there is no command sacn (did you mean scan?); see 'sagewarden --help'"},
      {"scan --region= x",
       "--region is empty (an unset variable, perhaps); see 'sagewarden scan --help'"},
      {"scan --baseline= x",
       "--baseline is empty (an unset variable, perhaps); see 'sagewarden scan --help'"},
      {"scan --exceptions  x",
       "--exceptions is empty (an unset variable, perhaps); see 'sagewarden scan --help'"},
      {"scan --standard= x",
       "--standard is empty (an unset variable, perhaps); see 'sagewarden scan --help'"},
      {"scan --controls= x",
       "--controls is empty (an unset variable, perhaps); see 'sagewarden scan --help'"},
      {"scan --controls , x", "--controls names no control"},
      {"scan ", "INPUT is empty (an unset variable, perhaps); see 'sagewarden scan --help'"},
      {"scan --partition nope x",
       "--partition: 'nope' is not aws, aws-cn, aws-eusc, aws-iso, aws-iso-b, aws-iso-e, aws-iso-f "
       "or aws-us-gov; see 'sagewarden scan --help'"},
      {"scan --region eu_west x", "--region: 'eu_west' is no Region's code, such as eu-west-1"},
      {"scan --region eu-west x", "--region: 'eu-west' is no Region's code, such as eu-west-1"},
      {"scan --region EU-WEST-1 x", "--region: 'EU-WEST-1' is no Region's code, such as eu-west-1"},
      {"scan --region eu--1 x", "--region: 'eu--1' is no Region's code, such as eu-west-1"},
      {"scan -q -v x", "--quiet and --verbose exclude each other"},
      {"scan --threads 0 x", "--threads: '0' is not a number from 1 to 256"},
      {"scan --threads 257 x", "--threads: '257' is not a number from 1 to 256"},
      {"scan --threads 1x x", "--threads: '1x' is not a number from 1 to 256"},
      {"scan --today 2026-02-30 x", "--today: '2026-02-30' is not a day written as YYYY-MM-DD"},
      {"scan --account 123 x", "--account: '123' is not 12 digits"},
      {"scan -o json= x", "-o json=: a file name is missing behind ="},
      {"explain SageMaker.33", "no control is called SageMaker.33 (did you mean SageMaker.3?)"},
  };
  for (const auto& c : cases) {
    const Said said = say(c.line);
    EXPECT_EQ(said.status, kExitError) << c.line;
    EXPECT_EQ(said.out, "") << c.line;
    EXPECT_EQ(said.err, "sagewarden: error: " + std::string(c.want) + "\n");
  }
}

TEST(Run, SaysItsVersion) {
  const Said said = say("--version");
  EXPECT_EQ(said.status, kExitPassed);
  EXPECT_EQ(said.out, "sagewarden " + std::string(program_version()) + "\n");
  EXPECT_EQ(said.err, "");
}

// An output that cannot take anything: a full disk, or a pipe whose reader went away.
class BrokenOutput : public Output {
 public:
  explicit BrokenOutput(Error error) : error_(std::move(error)) {}
  Result<void> write(std::string_view /*text*/) override {
    return fail(error_.code, error_.message);
  }
  Result<void> commit() override { return fail(error_.code, error_.message); }

 private:
  Error error_;
};

TEST(Run, AFullDiskIsAnErrorAndAClosedPipeIsNot) {
  const std::vector<std::string_view> words = {"man"};
  BrokenOutput full({Error::Code::Io, "no space"});
  EXPECT_EQ(run(words, full, -1), kExitError);
  BrokenOutput closed({Error::Code::Interrupted, "gone"});
  EXPECT_EQ(run(words, closed, -1), 128 + 13);
}

}  // namespace
}  // namespace sagewarden
