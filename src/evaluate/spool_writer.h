// One worker's part of the spool: what it found, in memory and in its temporary file.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "evaluate/evaluator.h"
#include "evaluate/sorted_runs.h"
#include "evaluate/temporary_file.h"

namespace sagewarden {

// One resource as one source saw it, applied to one group of controls.
struct SpoolState {
  Hash key = {};
  int64_t captured_at = 0;
  uint64_t passed = 0;  // as in ResourceVerdicts, like the next two
  uint64_t failed = 0;
  uint64_t open = 0;
  uint64_t id = 0;  // the writer's number and, below it, a sequence number
  uint32_t file = 0;
  uint32_t group : 31 = 0;
  uint32_t deleted : 1 = 0;
};

// Stands before each finding: which state it is of, and which of the group's controls.
struct SpoolStamp {
  Hash key = {};
  uint64_t state = 0;
  uint32_t group = 0;
  uint32_t control = 0;
};

// Records of fixed size are kept as their own bytes.
template <class T>
std::string_view bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}
template <class T>
T read_as(std::string_view bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

// States of one resource and group come together.
bool state_record_less(std::string_view a, std::string_view b);
// Report order of what stands behind the stamps.
bool finding_record_less(std::string_view a, std::string_view b);

// The names of the files that states come from, each kept once. Shared by the writers.
class FileNames {
 public:
  uint32_t number_of(std::string_view name);
  // By number, the place of the file in the order of names. After the writers have ended.
  std::vector<uint32_t> ranks() const;

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, uint32_t> numbers_;
};

// Only its own thread touches it until finish().
class SpoolWriter : public FindingSink {
 public:
  SpoolWriter(size_t number, std::string temporary_folder, FileNames& files);

  // Before the first resource.
  void set_memory(size_t bytes);
  void resource(const ResourceVerdicts& verdicts) override;
  void finding(const ResourceVerdicts& of, const FindingView& finding) override;

  // Sorts what is still in memory. The error that the writer met, if any.
  Result<void> finish();

  // After finish(); the sources read from this object.
  std::unique_ptr<RecordSource> states_in_memory() const;
  std::unique_ptr<RecordSource> findings_in_memory() const;
  const std::vector<SortedRun>& state_runs() const { return state_runs_; }
  const std::vector<SortedRun>& finding_runs() const { return finding_runs_; }
  void forget_states() { states_ = {}; }
  void forget_findings();

 private:
  void keep(Result<void> result);
  Result<TemporaryFile*> file();
  Result<void> spill_states();
  Result<void> spill_findings();

  uint64_t next_id_;
  std::string folder_;
  FileNames& files_;
  size_t state_limit_ = 1;
  std::optional<std::string> file_name_;  // of the resource seen last, and its number
  uint32_t file_number_ = 0;
  std::vector<SpoolState> states_;
  RecordBuffer findings_;
  std::optional<TemporaryFile> temporary_;
  std::vector<SortedRun> state_runs_;
  std::vector<SortedRun> finding_runs_;
  std::optional<Error> error_;
};

}  // namespace sagewarden
