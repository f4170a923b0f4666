#include "evaluate/sorted_runs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace sagewarden {
namespace {

bool text_less(std::string_view a, std::string_view b) {
  return a < b;
}

TemporaryFile new_file() {
  Result<TemporaryFile> file = TemporaryFile::create(testing::TempDir());
  return std::move(file.value());
}

// The records as a sorted run of the file.
SortedRun write_run(TemporaryFile& file, std::vector<std::string> records) {
  std::sort(records.begin(), records.end());
  RunWriter writer(file);
  for (const std::string& record : records) EXPECT_TRUE(writer.add(record));
  return writer.finish().value();
}

std::vector<std::string> merged(const std::vector<std::unique_ptr<RecordSource>>& sources) {
  std::vector<std::string> out;
  const Result<void> done = merge(sources, text_less, [&](std::string_view record) -> Result<void> {
    out.emplace_back(record);
    return {};
  });
  EXPECT_TRUE(done);
  return out;
}

// Records of every length, also empty ones and such that are longer than any buffer here.
std::vector<std::string> some_records(size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::string> out;
  for (size_t i = 0; i < count; ++i) {
    std::string record(random() % 40, '\0');
    for (char& c : record) c = static_cast<char>(random() % 256);
    if (i % 97 == 0) record.resize(3000, 'x');
    out.push_back(std::move(record));
  }
  return out;
}

TEST(SortedRuns, BufferSorts) {
  RecordBuffer buffer;
  buffer.set_limit(1000);
  EXPECT_TRUE(buffer.empty());
  for (const std::string_view text : {"b", "", "abc", "ab"})
    buffer.add([&](std::string& bytes) { bytes += text; });
  buffer.sort(text_less);
  ASSERT_EQ(buffer.count(), 4U);
  std::vector<std::unique_ptr<RecordSource>> sources;
  sources.push_back(source_of(buffer));
  EXPECT_EQ(merged(sources), (std::vector<std::string>{"", "ab", "abc", "b"}));
  buffer.clear();
  EXPECT_TRUE(buffer.empty());
}

TEST(SortedRuns, BufferIsFullAtItsLimit) {
  constexpr size_t kRecord = sizeof(uint32_t) + 100 + sizeof(size_t);
  RecordBuffer buffer;
  buffer.set_limit(10 * kRecord);
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(buffer.full()) << i;
    buffer.add([](std::string& bytes) { bytes.append(100, 'a'); });
  }
  EXPECT_TRUE(buffer.full());
}

TEST(SortedRuns, MergeOfMemoryAndFiles) {
  for (const size_t buffer_bytes : {1U, 7U, 64U, 100'000U}) {
    TemporaryFile file = new_file();
    std::vector<std::string> want;
    std::vector<std::unique_ptr<RecordSource>> sources;
    for (unsigned seed = 0; seed < 5; ++seed) {
      std::vector<std::string> records = some_records(size_t{100} * seed, seed);
      want.insert(want.end(), records.begin(), records.end());
      sources.push_back(source_of(write_run(file, std::move(records)), buffer_bytes));
    }
    RecordBuffer buffer;
    for (const std::string& record : some_records(50, 99)) {
      want.push_back(record);
      buffer.add([&](std::string& bytes) { bytes += record; });
    }
    buffer.sort(text_less);
    sources.push_back(source_of(buffer));
    std::sort(want.begin(), want.end());
    EXPECT_EQ(merged(sources), want) << buffer_bytes;
  }
}

TEST(SortedRuns, MergeStopsAtTheTakersError) {
  TemporaryFile file = new_file();
  std::vector<std::unique_ptr<RecordSource>> sources;
  sources.push_back(source_of(write_run(file, {"a", "b", "c"}), 64));
  int taken = 0;
  const Result<void> done = merge(sources, text_less, [&](std::string_view) -> Result<void> {
    if (++taken == 2) return fail(Error::Code::Io, "full");
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "full");
  EXPECT_EQ(taken, 2);
}

TEST(SortedRuns, TooManyRunsBecomeFewer) {
  for (const size_t count : {kMaxRuns, kMaxRuns + 1, 3 * kMaxRuns}) {
    TemporaryFile file = new_file();
    TemporaryFile scratch = new_file();
    std::vector<SortedRun> runs;
    std::vector<std::string> want;
    for (unsigned i = 0; i < count; ++i) {
      std::vector<std::string> records = some_records(3, i);
      want.insert(want.end(), records.begin(), records.end());
      runs.push_back(write_run(file, std::move(records)));
    }
    ASSERT_TRUE(reduce_runs(runs, text_less, scratch));
    EXPECT_EQ(runs.size(), kMaxRuns);
    EXPECT_EQ(scratch.size() > 0, count > kMaxRuns);
    std::vector<std::unique_ptr<RecordSource>> sources;
    sources.reserve(runs.size());
    for (const SortedRun& run : runs) sources.push_back(source_of(run, 64));
    std::sort(want.begin(), want.end());
    EXPECT_EQ(merged(sources), want);
  }
}

}  // namespace
}  // namespace sagewarden
