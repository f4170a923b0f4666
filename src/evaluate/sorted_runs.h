// Sorting what does not fit into memory: sorted runs of records in temporary files, and their
// merge. A record is a string of bytes; in a run each has its length before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "evaluate/temporary_file.h"

namespace sagewarden {

using RecordLess = bool (*)(std::string_view a, std::string_view b);
using TakeRecord = std::function<Result<void>(std::string_view)>;

// Where records come from, in order.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  // Goes to the next record (at first: to the first one); false at the end.
  virtual Result<bool> next() = 0;
  // Valid until next() is called again.
  virtual std::string_view record() const = 0;
};

// Records in memory, collected in any order.
class RecordBuffer {
 public:
  // Before the first record. Room for this many bytes is set aside then, so that growing never
  // copies; memory that is not touched is not used.
  void set_limit(size_t bytes) { limit_bytes_ = bytes; }

  bool empty() const { return starts_.empty(); }
  bool full() const { return bytes_.size() + starts_.size() * sizeof(size_t) >= limit_bytes_; }
  // Appends one record: `write` appends its bytes to the string it is given.
  template <class Write>
  void add(Write write) {
    if (empty()) bytes_.reserve(limit_bytes_);
    const size_t start = bytes_.size();
    bytes_.append(kLengthBytes, '\0');
    write(bytes_);
    set_length(start);
    starts_.push_back(start);
  }
  void sort(RecordLess less);
  void clear();

  size_t count() const { return starts_.size(); }
  std::string_view record(size_t position) const { return record_at(starts_[position]); }

 private:
  static constexpr size_t kLengthBytes = sizeof(uint32_t);
  std::string_view record_at(size_t start) const;
  void set_length(size_t start);

  size_t limit_bytes_ = 0;
  std::string bytes_;
  std::vector<size_t> starts_;
};

// Of a buffer that was sorted and outlives the source.
std::unique_ptr<RecordSource> source_of(const RecordBuffer& buffer);

// Sorted records in a temporary file.
struct SortedRun {
  const TemporaryFile* file = nullptr;
  uint64_t begin = 0;
  uint64_t end = 0;
};

// Writes one run at the end of a file, in large blocks.
class RunWriter {
 public:
  explicit RunWriter(TemporaryFile& file) : file_(file), begin_(file.size()) {}
  Result<void> add(std::string_view record);
  Result<SortedRun> finish();

 private:
  TemporaryFile& file_;
  uint64_t begin_;
  std::string block_;
};

// Reads a run through a buffer of this size; a longer record makes it grow.
std::unique_ptr<RecordSource> source_of(const SortedRun& run, size_t buffer_bytes);

// Hands over the records of all sources in order. Stops at the first error, its own or of `take`.
Result<void> merge(std::span<const std::unique_ptr<RecordSource>> sources, RecordLess less,
                   const TakeRecord& take);

// More runs than this are merged into fewer first, as each needs a buffer of its own.
inline constexpr size_t kMaxRuns = 256;
Result<void> reduce_runs(std::vector<SortedRun>& runs, RecordLess less, TemporaryFile& scratch);

}  // namespace sagewarden
