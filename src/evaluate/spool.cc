#include "evaluate/spool.h"

#include <algorithm>
#include <bit>
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
  void add_rival(const SpoolState& state);
  Result<void> settle();
  Result<uint64_t> settle_rivals();
  bool is_better(const SpoolState& a, const SpoolState& b) const;
  Result<void> merge_findings(const TakeRecord& take) const;
  Result<void> settle_findings();

  size_t memory_bytes;
  std::string folder;
  std::vector<Group> groups;
  FileNames files;
  std::vector<std::unique_ptr<SpoolWriter>> writers;
  SpoolCounts counts;
  LatestStates latest;
  std::vector<uint32_t> file_ranks;  // by number of the file
  // Of the resource and group at hand: those of which none is known to be later, alike ones once.
  std::vector<SpoolState> rivals;
  size_t states = 0;  // that it has
  std::vector<SortedRun> finding_runs;
  std::optional<TemporaryFile> reduced;  // of runs that were too many
  std::optional<TemporaryFile> settled;  // what is reported, when not all of it lay in memory
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

// Whether `a` says less against the resource than `b`. Of states that are alike, one must count
// whatever the order of the threads.
bool Spool::Impl::is_better(const SpoolState& a, const SpoolState& b) const {
  const int failed = std::popcount(a.failed) - std::popcount(b.failed);
  if (failed != 0) return failed < 0;
  const int open = std::popcount(a.open) - std::popcount(b.open);
  if (open != 0) return open < 0;
  if (a.deleted != b.deleted) return a.deleted > b.deleted;
  if (a.file != b.file) return file_ranks[a.file] < file_ranks[b.file];
  return a.id < b.id;
}

Result<void> Spool::Impl::count(const SpoolState& state) {
  const bool another =
      !rivals.empty() && (rivals[0].key != state.key || rivals[0].group != state.group);
  if (another) TRY_DO(settle());
  ++states;
  add_rival(state);
  return {};
}

void Spool::Impl::add_rival(const SpoolState& state) {
  const auto is_later = [](const SpoolState& a, const SpoolState& b) {
    return a.captured_at != 0 && b.captured_at != 0 && a.captured_at > b.captured_at;
  };
  for (SpoolState& rival : rivals) {
    if (is_later(rival, state)) return;
    const bool alike = rival.captured_at == state.captured_at && rival.failed == state.failed &&
                       rival.open == state.open && rival.passed == state.passed &&
                       rival.deleted == state.deleted;
    if (!alike) continue;
    if (is_better(rival, state)) rival = state;
    return;
  }
  std::erase_if(rivals, [&](const SpoolState& rival) { return is_later(state, rival); });
  rivals.push_back(state);
}

// All states of the resource and group at hand have been seen.
Result<void> Spool::Impl::settle() {
  const auto better = [this](const SpoolState& a, const SpoolState& b) { return is_better(a, b); };
  std::swap(rivals.front(), *std::max_element(rivals.begin(), rivals.end(), better));
  const SpoolState state = rivals.front();
  const Group& group = groups[state.group];
  uint64_t others = 0;  // the controls that another state tells
  if (states > 1) {
    TRY_LET(others, settle_rivals());
  }
  if (group.is_first) counts.superseded += states - 1;
  states = 0;
  rivals.clear();
  if (state.deleted != 0) return {};
  if (group.is_first) ++counts.evaluated[group.type];
  for (size_t i = 0; i < group.controls.size(); ++i)
    counts.passed[group.controls[i]] += ((state.passed & ~others) >> i) & 1;
  return {};
}

// Of several, the first tells what no other one says worse of. Returns what others tell.
Result<uint64_t> Spool::Impl::settle_rivals() {
  std::sort(rivals.begin() + 1, rivals.end(),
            [this](const SpoolState& a, const SpoolState& b) { return is_better(b, a); });
  const SpoolState& first = rivals.front();
  std::vector<uint64_t> told(rivals.size());
  uint64_t failed = first.failed;
  for (size_t i = 1; i < rivals.size(); ++i) {
    told[i] = rivals[i].failed & ~failed;
    failed |= rivals[i].failed;
  }
  uint64_t open = first.open | failed;
  for (size_t i = 1; i < rivals.size(); ++i) {
    told[i] |= rivals[i].open & ~open;
    open |= rivals[i].open;
  }
  uint64_t others = 0;
  for (size_t i = 1; i < rivals.size(); ++i) {
    others |= told[i];
    if (told[i] != 0) TRY_DO(latest.add({first.key, rivals[i].id, first.group, told[i]}));
  }
  TRY_DO(latest.add({first.key, first.id, first.group, ~others}));
  return others;
}

// The records of all writers in order, but for those of states that do not count.
Result<void> Spool::Impl::merge_findings(const TakeRecord& take) const {
  std::vector<std::unique_ptr<RecordSource>> sources;
  for (const SortedRun& run : finding_runs)
    sources.push_back(source_of(run, buffer_bytes(memory_bytes, finding_runs.size())));
  for (const auto& writer : writers) sources.push_back(writer->findings_in_memory());
  LatestStates::Lookup lookup(latest);
  return merge(sources, finding_record_less, [&](std::string_view record) -> Result<void> {
    const auto stamp = read_as<SpoolStamp>(record);
    TRY_LET(const std::optional<uint64_t> controls,
            lookup.find(stamp.key, stamp.group, stamp.state));
    if (controls && ((*controls >> stamp.control) & 1) == 0) return {};
    return take(record.substr(sizeof stamp));
  });
}

// What did not fit into memory is merged once, and not again for each report.
Result<void> Spool::Impl::settle_findings() {
  for (const auto& writer : writers)
    finding_runs.insert(finding_runs.end(), writer->finding_runs().begin(),
                        writer->finding_runs().end());
  if (finding_runs.empty()) return {};
  TRY_LET(reduced, TemporaryFile::create(folder));
  TRY_DO(reduce_runs(finding_runs, finding_record_less, *reduced));
  TRY_LET(settled, TemporaryFile::create(folder));
  RunWriter run(*settled);
  TRY_DO(merge_findings([&](std::string_view finding) { return run.add(finding); }));
  TRY_LET(const SortedRun whole, run.finish());
  finding_runs = {whole};
  for (const auto& writer : writers) writer->forget_findings();
  reduced.reset();
  return {};
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
  return impl_->settle_findings();
}

const SpoolCounts& Spool::counts() const {
  return impl_->counts;
}

Result<void> Spool::each(const std::function<Result<void>(const Finding&)>& take) const {
  const TakeRecord decoded = [&](std::string_view record) { return take(decode_finding(record)); };
  if (!impl_->settled) return impl_->merge_findings(decoded);
  const auto source = source_of(impl_->finding_runs.front(), kLargestBufferBytes);
  for (;;) {
    TRY_LET(const bool more, source->next());
    if (!more) return {};
    TRY_DO(decoded(source->record()));
  }
}

}  // namespace sagewarden
