#include "evaluate/spool.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <random>
#include <set>
#include <thread>

namespace sagewarden {
namespace {

std::vector<ControlGroup> groups() {
  return {{"AWS::SageMaker::Image", {4}},
          {"AWS::SageMaker::Model", {0, 2}},
          {"AWS::SageMaker::Model", {1}}};
}

// What one source saw of a model; `time` in seconds.
struct Seen {
  std::string name;
  int64_t time = 0;
  std::string file = "a.json";
  uint64_t passed = 0;
  bool fails = true;
  bool deleted = false;
  uint8_t open = 0;
};

Finding finding_of(const Seen& seen, std::string control) {
  Finding finding;
  finding.control = std::move(control);
  finding.compliance = Compliance::Failed;
  finding.type = "AWS::SageMaker::Model";
  finding.name = seen.name;
  finding.account = "111122223333";
  finding.region = seen.name.size() % 2 == 0 ? "eu-west-1" : "us-east-1";
  finding.arn = "arn:aws:sagemaker:" + finding.region + ":111122223333:model/" + seen.name;
  finding.id = finding.control + "/" + finding.arn;
  finding.location.file = seen.file;
  finding.captured_at = std::to_string(seen.time);
  finding.reasons = {{"SETTING_INSECURE", "seen in " + seen.file}};
  return finding;
}

void add(FindingSink& sink, const Seen& seen) {
  ResourceVerdicts verdicts;
  verdicts.key = hash_of(seen.name);
  verdicts.captured_at = seen.time * 1000;
  verdicts.file = seen.file;
  verdicts.deleted = seen.deleted;
  verdicts.group = 1;
  verdicts.passed = seen.passed & 3;
  verdicts.failed = seen.fails ? 3 : 0;
  verdicts.open = seen.open;
  sink.resource(verdicts);
  if (seen.fails) sink.finding(verdicts, view_of(finding_of(seen, "SageMaker.16")));
  verdicts.control = 1;
  if (seen.fails) sink.finding(verdicts, view_of(finding_of(seen, "SageMaker.5")));
  verdicts.group = 2;
  verdicts.passed = seen.passed >> 2;
  verdicts.failed = 0;
  sink.resource(verdicts);
}

std::vector<Finding> all(const Spool& spool) {
  std::vector<Finding> out;
  const Result<void> done = spool.each([&](const Finding& finding) -> Result<void> {
    out.push_back(finding);
    return {};
  });
  EXPECT_TRUE(done);
  return out;
}

TEST(Spool, CountsAndOrders) {
  Spool spool(groups(), 1 << 20, testing::TempDir());
  FindingSink& sink = spool.writer();
  add(sink, {.name = "b", .passed = 0b101});
  add(sink, {.name = "ab", .passed = 0b111, .fails = false});
  add(sink, {.name = "a"});
  ASSERT_TRUE(spool.finish());
  EXPECT_EQ(spool.counts().evaluated,
            (std::map<std::string, size_t>{{"AWS::SageMaker::Model", 3}}));
  EXPECT_EQ(spool.counts().passed, (std::vector<size_t>{2, 2, 1, 0, 0}));
  EXPECT_EQ(spool.counts().superseded, 0U);
  const std::vector<Finding> found = all(spool);
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[0], finding_of({.name = "a"}, "SageMaker.5"));
  EXPECT_EQ(found[1], finding_of({.name = "a"}, "SageMaker.16"));
  EXPECT_EQ(found[3], finding_of({.name = "b"}, "SageMaker.16"));
  EXPECT_EQ(all(spool), found) << "may be asked again";
}

TEST(Spool, Nothing) {
  Spool spool(groups(), 1 << 20, "/nowhere/at/all");  // needs no file
  spool.writer();
  ASSERT_TRUE(spool.finish());
  EXPECT_TRUE(all(spool).empty());
  EXPECT_TRUE(spool.counts().evaluated.empty());
}

// Each row: what was seen of one model, and which file's findings count.
TEST(Spool, OneStateOfAResourceCounts) {
  const struct {
    std::string_view name;
    std::vector<Seen> seen;
    std::string_view findings_from;  // a file, or nothing when it has none
    size_t passed;                   // of the first control
    size_t evaluated;
  } cases[] = {
      {"later time", {{"m", 2, "a"}, {"m", 1, "b"}}, "a", 0, 1},
      {"later time comes first or last", {{"m", 1, "b"}, {"m", 2, "a"}}, "a", 0, 1},
      {"no time: what fails", {{"m", 0, "a"}, {"m", 0, "b", 1, false}}, "a", 0, 1},
      {"no time: what fails, also last", {{"m", 0, "b", 1, false}, {"m", 0, "a"}}, "a", 0, 1},
      {"same time: what fails", {{"m", 5, "a"}, {"m", 5, "b", 1, false}}, "a", 0, 1},
      {"a time and none: what fails", {{"m", 9, "b", 1, false}, {"m", 0, "a"}}, "a", 0, 1},
      {"none and a time: what fails", {{"m", 0, "b", 1, false}, {"m", 9, "a"}}, "a", 0, 1},
      {"of those with times the latest is compared with one without",
       {{"m", 1, "a"}, {"m", 2, "b", 1, false}, {"m", 0, "c", 1, false}},
       "",
       1,
       1},
      {"no time: what could not be judged",
       {{"m", 0, "b", 0, false, false, 1}, {"m", 0, "a", 1, false}},
       "",
       0,
       1},
      {"no time: not the deletion",
       {{"m", 0, "a", 1, false}, {"m", 3, "b", 0, false, true}},
       "",
       1,
       1},
      {"alike: the file that sorts last", {{"m", 0, "b"}, {"m", 0, "a"}}, "b", 0, 1},
      {"alike in one file", {{"m", 0, "a"}, {"m", 0, "a"}}, "a", 0, 1},
      {"repaired since", {{"m", 1, "a"}, {"m", 2, "b", 1, false}}, "", 1, 1},
      {"broken since", {{"m", 1, "b", 1, false}, {"m", 2, "a"}}, "a", 0, 1},
      {"deleted since", {{"m", 1, "a", 1}, {"m", 2, "a", 0, false, true}}, "", 0, 0},
      {"made again", {{"m", 2, "a", 0, false, true}, {"m", 3, "a", 1}, {"m", 1, "a"}}, "a", 1, 1},
  };
  for (const auto& c : cases) {
    for (const size_t memory : {size_t{0}, size_t{1} << 20}) {
      SCOPED_TRACE(std::string(c.name) + " in " + std::to_string(memory));
      Spool spool(groups(), memory, testing::TempDir());
      FindingSink& sink = spool.writer();
      add(sink, {.name = "other", .time = 1});
      for (const Seen& seen : c.seen) add(sink, seen);
      ASSERT_TRUE(spool.finish());
      EXPECT_EQ(spool.counts().superseded, c.seen.size() - 1);
      EXPECT_EQ(spool.counts().passed[0], c.passed);
      EXPECT_EQ(spool.counts().evaluated.at("AWS::SageMaker::Model"), c.evaluated + 1);
      std::vector<std::string> from;
      for (const Finding& finding : all(spool)) {
        if (finding.name == "m") from.push_back(finding.location.file);
      }
      EXPECT_EQ(from.size(), c.findings_from.empty() ? 0U : 2U);
      for (const std::string& file : from) EXPECT_EQ(file, c.findings_from);
    }
  }
}

// A time, and what is said of the controls 0, 1 and 2 of one model (Failed, open, Passed).
void say(FindingSink& sink, std::string_view says, const std::string& file) {
  ResourceVerdicts verdicts;
  verdicts.key = hash_of("m");
  verdicts.captured_at = says[0] - '0';
  verdicts.file = file;
  for (size_t i = 0; i < 3; ++i) {
    uint64_t& kind = says[i + 1] == 'F'   ? verdicts.failed
                     : says[i + 1] == 'o' ? verdicts.open
                                          : verdicts.passed;
    kind |= uint64_t{1} << i;
  }
  sink.resource(verdicts);
  for (uint32_t i = 0; i < 3; ++i) {
    if (says[i + 1] == 'P') continue;
    verdicts.control = i;
    const Finding finding =
        finding_of({.name = "m", .file = file}, "SageMaker." + std::to_string(i));
    sink.finding(verdicts, view_of(finding));
  }
}

// Each row: what files say, and what is found: which file's finding counts for each control, "-"
// where it passed.
TEST(Spool, NothingPassesByAStateThatMayBeOlder) {
  const struct {
    std::vector<std::string_view> says;  // time, then the verdicts; files are called a, b, …
    std::string_view want;
  } cases[] = {
      {{"0FPP", "0PFP"}, "ab-"},         {{"0FPP", "0PFF"}, "abb"},
      {{"0FoP", "0oFP"}, "ab-"},         {{"0FFP", "0PoF"}, "aab"},
      {{"5FFP", "0PPF"}, "aab"},         {{"5FFP", "6PPF"}, "--b"},
      {{"6PPP", "6oPP"}, "b--"},         {{"7PPo", "0FPP"}, "b-a"},
      {{"0Foo", "0PFF", "0oPP"}, "abb"}, {{"5FPP", "6PFP", "0PPF"}, "-bc"},
  };
  for (const auto& c : cases) {
    for (const size_t memory : {size_t{0}, size_t{1} << 20}) {
      SCOPED_TRACE(std::string(c.says[0]) + " " + std::string(c.says[1]));
      const std::vector<ControlGroup> one = {{"AWS::SageMaker::Model", {0, 1, 2}}};
      Spool spool(one, memory, testing::TempDir());
      FindingSink& sink = spool.writer();
      std::string file = "a";
      for (const std::string_view says : c.says) {
        say(sink, says, file);
        ++file[0];
      }
      ASSERT_TRUE(spool.finish());
      std::string got = "---";
      for (const Finding& finding : all(spool)) {
        char& place = got[static_cast<size_t>(finding.control.back() - '0')];
        EXPECT_EQ(place, '-') << "twice";
        place = finding.location.file[0];
      }
      EXPECT_EQ(got, c.want);
      for (size_t i = 0; i < 3; ++i)
        EXPECT_EQ(spool.counts().passed[i], got[i] == '-' ? 1U : 0U) << i;
      EXPECT_EQ(spool.counts().superseded, c.says.size() - 1);
    }
  }
}

TEST(Spool, StopsAtTheTakersError) {
  Spool spool(groups(), 1 << 20, testing::TempDir());
  add(spool.writer(), {.name = "a"});
  ASSERT_TRUE(spool.finish());
  const Result<void> done = spool.each(
      [](const Finding&) -> Result<void> { return fail(Error::Code::Interrupted, "pipe"); });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Error::Code::Interrupted);
}

// Several threads, random order, many times more than the memory: nothing is lost, nothing doubled.
void run_large(size_t resources, size_t memory_bytes, size_t threads) {
  Spool spool(groups(), memory_bytes, testing::TempDir());
  std::vector<Seen> seen;
  for (size_t i = 0; i < resources; ++i) {
    const std::string name = "model-" + std::to_string(i);
    seen.push_back({.name = name, .time = 2, .file = std::to_string(i % 10), .passed = 0b100});
    // A third was seen before, when one more control passed.
    if (i % 3 == 0) seen.push_back({.name = name, .time = 1, .file = "old", .passed = 0b101});
  }
  std::mt19937 random(1);
  std::shuffle(seen.begin(), seen.end(), random);
  std::vector<std::thread> workers;
  std::vector<FindingSink*> sinks;
  for (size_t t = 0; t < threads; ++t) sinks.push_back(&spool.writer());
  for (size_t t = 0; t < threads; ++t) {
    workers.emplace_back([&, t] {
      for (size_t i = t; i < seen.size(); i += threads) add(*sinks[t], seen[i]);
    });
  }
  for (std::thread& worker : workers) worker.join();
  const Result<void> finished = spool.finish();
  ASSERT_TRUE(finished) << finished.error().message;
  EXPECT_EQ(spool.counts().evaluated.at("AWS::SageMaker::Model"), resources);
  EXPECT_EQ(spool.counts().superseded, (resources + 2) / 3);
  EXPECT_EQ(spool.counts().passed, (std::vector<size_t>{0, resources, 0, 0, 0}));
  std::optional<Finding> previous;
  size_t count = 0;
  const Result<void> done = spool.each([&](const Finding& finding) -> Result<void> {
    EXPECT_TRUE(!previous || report_order(*previous, finding));
    EXPECT_NE(finding.location.file, "old");
    EXPECT_EQ(finding.reasons.size(), 1U);
    previous = finding;
    ++count;
    return {};
  });
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(count, resources * 2);
}

TEST(Spool, LargeWithinLittleMemory) {
  run_large(10'000, 64 * size_t{1024}, 3);
}
TEST(Spool, LargeWithOneThread) {
  run_large(5'000, 256 * size_t{1024}, 1);
}
TEST(Spool, LargeWithMoreRunsThanAreMergedAtOnce) {
  run_large(2'000, 1024, 2);
}

TEST(Spool, NowhereToWrite) {
  Spool spool(groups(), 0, "/nowhere/at/all");
  FindingSink& sink = spool.writer();
  for (int i = 0; i < 3; ++i) add(sink, {.name = "m"});
  const Result<void> finished = spool.finish();
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().code, Error::Code::Io);
  EXPECT_NE(finished.error().message.find("/nowhere/at/all"), std::string::npos);
}

TEST(Spool, FullDisk) {
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit small = before;
  small.rlim_cur = 100'000;
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  Spool spool(groups(), 16'384, testing::TempDir());
  FindingSink& sink = spool.writer();
  for (int i = 0; i < 1000; ++i) add(sink, {.name = "m" + std::to_string(i)});
  const Result<void> finished = spool.finish();
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(finished);
  EXPECT_NE(finished.error().message.find("cannot write a temporary file"), std::string::npos);
}

}  // namespace
}  // namespace sagewarden
