// Reading a file or standard input from front to end, decompressed when it is gzip. Not mapped into
// memory: a file that shrinks while it is read must give an error, not a signal, and the memory in
// use must not grow with the file.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/gunzip.h"
#include "base/result.h"

namespace sagewarden {

class InputStream {
 public:
  // "-" is standard input. Errors name the path and the system's reason. A signal that comes while
  // the system waits for data ends the reading, with Error::Code::Interrupted, when `stop` is then
  // set. Without a `gunzip`, the fastest is made for a file that turns out to be packed.
  static Result<InputStream> open(const std::string& path, const std::atomic<bool>* stop = nullptr,
                                  std::unique_ptr<Gunzip> gunzip = nullptr);
  ~InputStream();
  InputStream(InputStream&&) noexcept;
  InputStream& operator=(InputStream&&) noexcept;

  // Fills the buffer unless the text ends before; 0 at its end. An error is final.
  Result<size_t> read(std::span<char> buffer);

  // The first bytes, fewer where there are no more; read() gives them again. Good until then; only
  // before the first read().
  Result<std::string_view> peek(size_t bytes);

  uint64_t size_on_disk() const;  // 0 when it is no file (a pipe)
  uint64_t bytes_read() const;    // as they lie on disk
  uint64_t bytes_text() const;    // given out by read()
  bool is_gzip() const;           // known after the first peek() or read()
  // What read() will end with, or has ended with, instead of the end of the text; null when nothing
  // went wrong so far.
  const Error* error() const;
  bool was_truncated() const;  // that error is that the gzip data ends too early

 private:
  struct Impl;
  explicit InputStream(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// A whole text, with room behind it that may be read (json::kPadding).
class Text {
 public:
  std::string_view view() const { return {bytes_.get(), size_}; }

 private:
  friend Result<Text> read_text(InputStream& stream, uint64_t limit);
  std::unique_ptr<char[]> bytes_;
  size_t size_ = 0;
};

// All that is left of the stream. More than `limit` bytes (after decompression) is an error.
Result<Text> read_text(InputStream& stream, uint64_t limit);

}  // namespace sagewarden
