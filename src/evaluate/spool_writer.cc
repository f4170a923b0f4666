#include "evaluate/spool_writer.h"

#include <algorithm>

#include "evaluate/finding_codec.h"

namespace sagewarden {
namespace {

// Of a writer's memory, the part for the states of resources; the rest is for findings.
constexpr size_t kStateShare = 4;
constexpr unsigned kSequenceBits = 48;

bool state_less(const SpoolState& a, const SpoolState& b) {
  if (a.key != b.key) return a.key < b.key;
  return a.group < b.group;
}

class StateSource : public RecordSource {
 public:
  explicit StateSource(const std::vector<SpoolState>& states) : states_(states) {}
  Result<bool> next() override { return ++seen_ <= states_.size(); }
  std::string_view record() const override { return bytes_of(states_[seen_ - 1]); }

 private:
  const std::vector<SpoolState>& states_;
  size_t seen_ = 0;
};

}  // namespace

bool state_record_less(std::string_view a, std::string_view b) {
  return state_less(read_as<SpoolState>(a), read_as<SpoolState>(b));
}

bool finding_record_less(std::string_view a, std::string_view b) {
  const int order = encoded_order(a.substr(sizeof(SpoolStamp)), b.substr(sizeof(SpoolStamp)));
  if (order != 0) return order < 0;
  return read_as<SpoolStamp>(a).state < read_as<SpoolStamp>(b).state;
}

uint32_t FileNames::number_of(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto next = static_cast<uint32_t>(numbers_.size());
  return numbers_.try_emplace(std::string(name), next).first->second;
}

std::vector<uint32_t> FileNames::ranks() const {
  std::vector<std::pair<std::string_view, uint32_t>> sorted(numbers_.begin(), numbers_.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<uint32_t> ranks(sorted.size());
  for (uint32_t rank = 0; rank < sorted.size(); ++rank) ranks[sorted[rank].second] = rank;
  return ranks;
}

SpoolWriter::SpoolWriter(size_t number, std::string temporary_folder, FileNames& files)
    : next_id_(uint64_t{number} << kSequenceBits),
      folder_(std::move(temporary_folder)),
      files_(files) {}

void SpoolWriter::set_memory(size_t bytes) {
  const size_t for_states = bytes / kStateShare;
  state_limit_ = std::max<size_t>(1, for_states / sizeof(SpoolState));
  findings_.set_limit(bytes - for_states);
}

void SpoolWriter::resource(const ResourceVerdicts& verdicts) {
  if (error_) return;
  if (!file_name_ || *file_name_ != verdicts.file) {
    file_name_ = verdicts.file;
    file_number_ = files_.number_of(verdicts.file);
  }
  // All at once, so that growing never copies; memory that is not touched is not used.
  if (states_.empty()) states_.reserve(state_limit_);
  SpoolState& state = states_.emplace_back();
  state.key = verdicts.key;
  state.captured_at = verdicts.captured_at;
  state.passed = verdicts.passed;
  state.failed = verdicts.failed;
  state.open = verdicts.open;
  state.id = next_id_++;
  state.file = file_number_;
  state.group = verdicts.group & 0x7FFF'FFFFU;
  state.deleted = verdicts.deleted ? 1 : 0;
  if (states_.size() >= state_limit_) keep(spill_states());
}

void SpoolWriter::finding(const ResourceVerdicts& of, const FindingView& finding) {
  if (error_) return;
  const SpoolStamp stamp{of.key, next_id_ - 1, of.group, of.control};
  findings_.add([&](std::string& bytes) {
    bytes += bytes_of(stamp);
    append_encoded(bytes, finding);
  });
  if (findings_.full()) keep(spill_findings());
}

Result<void> SpoolWriter::finish() {
  if (error_) return tl::make_unexpected(*error_);
  std::sort(states_.begin(), states_.end(), state_less);
  findings_.sort(finding_record_less);
  return {};
}

std::unique_ptr<RecordSource> SpoolWriter::states_in_memory() const {
  return std::make_unique<StateSource>(states_);
}

std::unique_ptr<RecordSource> SpoolWriter::findings_in_memory() const {
  return source_of(findings_);
}

void SpoolWriter::forget_findings() {
  findings_ = {};
  finding_runs_.clear();
  temporary_.reset();
}

void SpoolWriter::keep(Result<void> result) {
  if (!result) error_ = std::move(result.error());
}

Result<TemporaryFile*> SpoolWriter::file() {
  if (!temporary_) {
    TRY_LET(temporary_, TemporaryFile::create(folder_));
  }
  return &*temporary_;
}

Result<void> SpoolWriter::spill_states() {
  std::sort(states_.begin(), states_.end(), state_less);
  TRY_LET(TemporaryFile* const into, file());
  RunWriter run(*into);
  for (const SpoolState& state : states_) TRY_DO(run.add(bytes_of(state)));
  TRY_LET(const SortedRun written, run.finish());
  state_runs_.push_back(written);
  states_.clear();
  return {};
}

Result<void> SpoolWriter::spill_findings() {
  findings_.sort(finding_record_less);
  TRY_LET(TemporaryFile* const into, file());
  RunWriter run(*into);
  for (size_t i = 0; i < findings_.count(); ++i) TRY_DO(run.add(findings_.record(i)));
  TRY_LET(const SortedRun written, run.finish());
  finding_runs_.push_back(written);
  findings_.clear();
  return {};
}

}  // namespace sagewarden
