#include "evaluate/sorted_runs.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace sagewarden {
namespace {

constexpr size_t kRunBlockBytes = 256 * size_t{1024};
constexpr size_t kReduceBufferBytes = 16 * size_t{1024};

class BufferSource : public RecordSource {
 public:
  explicit BufferSource(const RecordBuffer& buffer) : buffer_(buffer) {}
  Result<bool> next() override { return ++seen_ <= buffer_.count(); }
  std::string_view record() const override { return buffer_.record(seen_ - 1); }

 private:
  const RecordBuffer& buffer_;
  size_t seen_ = 0;
};

class RunSource : public RecordSource {
 public:
  RunSource(const SortedRun& run, size_t buffer_bytes)
      : run_(run), at_(run.begin), buffer_bytes_(buffer_bytes) {}

  Result<bool> next() override {
    position_ += size_;
    size_ = 0;
    if (position_ == buffer_.size() && at_ == run_.end) return false;
    TRY_DO(ensure(sizeof(uint32_t)));
    uint32_t size = 0;
    std::memcpy(&size, buffer_.data() + position_, sizeof size);
    position_ += sizeof size;
    TRY_DO(ensure(size));
    size_ = size;
    return true;
  }
  std::string_view record() const override {
    return std::string_view(buffer_).substr(position_, size_);
  }

 private:
  // Makes this many bytes readable at the position.
  Result<void> ensure(size_t bytes) {
    const size_t left = buffer_.size() - position_;
    if (left >= bytes) return {};
    buffer_.erase(0, position_);
    position_ = 0;
    const size_t wanted = std::max(bytes, buffer_bytes_) - left;
    const size_t more = static_cast<size_t>(std::min<uint64_t>(wanted, run_.end - at_));
    buffer_.resize(left + more);
    TRY_DO(run_.file->read(at_, std::span(buffer_).subspan(left)));
    at_ += more;
    return {};
  }

  SortedRun run_;
  uint64_t at_;  // where the file is read next
  size_t buffer_bytes_;
  std::string buffer_;
  size_t position_ = 0;  // of the record in the buffer
  size_t size_ = 0;      // of the record
};

std::string_view length_bytes(const uint32_t& length) {
  return {reinterpret_cast<const char*>(&length), sizeof length};
}

}  // namespace

void RecordBuffer::set_length(size_t start) {
  const auto length = static_cast<uint32_t>(bytes_.size() - start - kLengthBytes);
  std::memcpy(bytes_.data() + start, &length, sizeof length);
}

std::string_view RecordBuffer::record_at(size_t start) const {
  uint32_t length = 0;
  std::memcpy(&length, bytes_.data() + start, sizeof length);
  return std::string_view(bytes_).substr(start + kLengthBytes, length);
}

void RecordBuffer::sort(RecordLess less) {
  std::sort(starts_.begin(), starts_.end(),
            [&](size_t a, size_t b) { return less(record_at(a), record_at(b)); });
}

void RecordBuffer::clear() {
  bytes_.clear();
  starts_.clear();
}

std::unique_ptr<RecordSource> source_of(const RecordBuffer& buffer) {
  return std::make_unique<BufferSource>(buffer);
}

Result<void> RunWriter::add(std::string_view record) {
  const auto length = static_cast<uint32_t>(record.size());
  block_ += length_bytes(length);
  block_ += record;
  if (block_.size() < kRunBlockBytes) return {};
  TRY_DO(file_.append(block_));
  block_.clear();
  return {};
}

Result<SortedRun> RunWriter::finish() {
  TRY_DO(file_.append(block_));
  block_.clear();
  return SortedRun{&file_, begin_, file_.size()};
}

std::unique_ptr<RecordSource> source_of(const SortedRun& run, size_t buffer_bytes) {
  return std::make_unique<RunSource>(run, buffer_bytes);
}

Result<void> merge(std::span<const std::unique_ptr<RecordSource>> sources, RecordLess less,
                   const TakeRecord& take) {
  // A heap of the sources by their current record, the smallest on top.
  std::vector<RecordSource*> heap;
  for (const auto& source : sources) {
    TRY_LET(const bool any, source->next());
    if (any) heap.push_back(source.get());
  }
  const auto later = [&](const RecordSource* a, const RecordSource* b) {
    return less(b->record(), a->record());
  };
  std::make_heap(heap.begin(), heap.end(), later);
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), later);
    TRY_DO(take(heap.back()->record()));
    TRY_LET(const bool more, heap.back()->next());
    if (more) {
      std::push_heap(heap.begin(), heap.end(), later);
    } else {
      heap.pop_back();
    }
  }
  return {};
}

Result<void> reduce_runs(std::vector<SortedRun>& runs, RecordLess less, TemporaryFile& scratch) {
  while (runs.size() > kMaxRuns) {
    const size_t together = std::min(kMaxRuns, runs.size() - kMaxRuns + 1);
    std::vector<std::unique_ptr<RecordSource>> sources;
    for (size_t i = 0; i < together; ++i) sources.push_back(source_of(runs[i], kReduceBufferBytes));
    RunWriter writer(scratch);
    TRY_DO(merge(sources, less, [&](std::string_view record) { return writer.add(record); }));
    TRY_LET(const SortedRun merged, writer.finish());
    runs.erase(runs.begin(), runs.begin() + static_cast<std::ptrdiff_t>(together));
    runs.push_back(merged);  // behind the others, so that the short ones are merged first
  }
  return {};
}

}  // namespace sagewarden
