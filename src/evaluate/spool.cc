#include "evaluate/spool.h"

#include <algorithm>
#include <optional>

#include "evaluate/finding_codec.h"
#include "evaluate/latest_states.h"
#include "evaluate/spool_writer.h"

namespace sagewarden {
namespace {

// Reading needs buffers beside what the writers still hold.
constexpr size_t kReadShare = 4;
constexpr size_t kSmallestBufferBytes = 4 * size_t{1024};
constexpr size_t kLargestBufferBytes = 256 * size_t{1024};

// The room of each run's buffer, so that all of them together take no more than the spool may.
size_t buffer_bytes(size_t memory_bytes, size_t runs) {
  return std::clamp(memory_bytes / kReadShare / std::max<size_t>(1, runs), kSmallestBufferBytes,
                    kLargestBufferBytes);
}

}  // namespace

struct Spool::Impl {
  struct Group {
    std::string type;
    bool is_first = false;  // of its type: here its resources are counted
    std::vector<size_t> controls;
  };

  Impl(std::span<const ControlGroup> of, size_t memory, std::string temporary_folder)
      : memory_bytes(memory), folder(std::move(temporary_folder)), latest(folder) {
    size_t controls = 0;
    for (const ControlGroup& group : of) {
      const bool is_first = groups.empty() || groups.back().type != group.type;
      groups.push_back({std::string(group.type), is_first, group.controls});
      for (const size_t place : group.controls) controls = std::max(controls, place + 1);
    }
    counts.passed.resize(controls);
  }

  Result<void> count_states();
  Result<void> count(const SpoolState& state);
  Result<void> settle();
  bool is_earlier(const SpoolState& a, const SpoolState& b) const;
  Result<void> gather_finding_runs();

  size_t memory_bytes;
  std::string folder;
  std::vector<Group> groups;
  FileNames files;
  std::vector<std::unique_ptr<SpoolWriter>> writers;
  SpoolCounts counts;
  LatestStates latest;
  std::vector<uint32_t> file_ranks;  // by number of the file
  SpoolState newest;                 // of the resource and group at hand
  size_t states = 0;                 // that it has
  std::vector<SortedRun> finding_runs;
  std::optional<TemporaryFile> merged;  // of runs that were too many
};

// Goes through the states of all writers, those of one resource and group together.
Result<void> Spool::Impl::count_states() {
  size_t runs = 0;
  for (const auto& writer : writers) runs += writer->state_runs().size();
  std::vector<std::unique_ptr<RecordSource>> sources;
  for (const auto& writer : writers) {
    for (const SortedRun& run : writer->state_runs())
      sources.push_back(source_of(run, buffer_bytes(memory_bytes, runs)));
    sources.push_back(writer->states_in_memory());
  }
  file_ranks = files.ranks();
  TRY_DO(merge(sources, state_record_less,
               [&](std::string_view record) { return count(read_as<SpoolState>(record)); }));
  if (states > 0) TRY_DO(settle());
  for (const auto& writer : writers) writer->forget_states();
  return {};
}

bool Spool::Impl::is_earlier(const SpoolState& a, const SpoolState& b) const {
  if (a.captured_at != b.captured_at) return a.captured_at < b.captured_at;
  if (a.file != b.file) return file_ranks[a.file] < file_ranks[b.file];
  return a.id < b.id;
}

Result<void> Spool::Impl::count(const SpoolState& state) {
  const bool is_same = newest.key == state.key && newest.group == state.group;
  if (states > 0 && !is_same) TRY_DO(settle());
  if (states == 0 || is_earlier(newest, state)) newest = state;
  ++states;
  return {};
}

// All states of the resource and group at hand have been seen.
Result<void> Spool::Impl::settle() {
  const Group& group = groups[newest.group];
  if (states > 1) TRY_DO(latest.add({newest.key, newest.id, newest.group}));
  if (group.is_first) counts.superseded += states - 1;
  states = 0;
  if (newest.deleted != 0) return {};
  if (group.is_first) ++counts.evaluated[group.type];
  for (size_t i = 0; i < group.controls.size(); ++i)
    counts.passed[group.controls[i]] += (newest.passed >> i) & 1;
  return {};
}

Result<void> Spool::Impl::gather_finding_runs() {
  for (const auto& writer : writers)
    finding_runs.insert(finding_runs.end(), writer->finding_runs().begin(),
                        writer->finding_runs().end());
  if (finding_runs.size() <= kMaxRuns) return {};
  TRY_LET(merged, TemporaryFile::create(folder));
  return reduce_runs(finding_runs, finding_record_less, *merged);
}

Spool::Spool(std::span<const ControlGroup> groups, size_t memory_bytes,
             std::string temporary_folder)
    : impl_(std::make_unique<Impl>(groups, memory_bytes, std::move(temporary_folder))) {}

Spool::~Spool() = default;

FindingSink& Spool::writer() {
  auto& writers = impl_->writers;
  writers.push_back(std::make_unique<SpoolWriter>(writers.size(), impl_->folder, impl_->files));
  for (const auto& writer : writers) writer->set_memory(impl_->memory_bytes / writers.size());
  return *writers.back();
}

Result<void> Spool::finish() {
  for (const auto& writer : impl_->writers) TRY_DO(writer->finish());
  TRY_DO(impl_->count_states());
  return impl_->gather_finding_runs();
}

const SpoolCounts& Spool::counts() const {
  return impl_->counts;
}

Result<void> Spool::each(const std::function<Result<void>(const Finding&)>& take) const {
  std::vector<std::unique_ptr<RecordSource>> sources;
  for (const SortedRun& run : impl_->finding_runs)
    sources.push_back(
        source_of(run, buffer_bytes(impl_->memory_bytes, impl_->finding_runs.size())));
  for (const auto& writer : impl_->writers) sources.push_back(writer->findings_in_memory());
  LatestStates::Lookup latest(impl_->latest);
  return merge(sources, finding_record_less, [&](std::string_view record) -> Result<void> {
    const auto stamp = read_as<SpoolStamp>(record);
    TRY_LET(const std::optional<uint64_t> counts, latest.find(stamp.key, stamp.group));
    if (counts && *counts != stamp.state) return {};
    return take(decode_finding(record.substr(sizeof stamp)));
  });
}

}  // namespace sagewarden
