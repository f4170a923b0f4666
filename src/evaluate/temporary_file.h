// A file without a name: it is gone when the process ends, however it ends.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sagewarden {

class TemporaryFile {
 public:
  // Errors name the folder: it is missing, may not be written, or its disk is full.
  static Result<TemporaryFile> create(const std::string& folder);
  TemporaryFile(TemporaryFile&& other) noexcept;
  TemporaryFile& operator=(TemporaryFile&& other) noexcept;
  ~TemporaryFile();

  uint64_t size() const { return size_; }
  // After an error, what the file holds beyond its last size is not defined.
  Result<void> append(std::string_view bytes);
  // Fills all of `into`; the range must lie within the file. Any number of threads at once.
  Result<void> read(uint64_t offset, std::span<char> into) const;

 private:
  TemporaryFile(int descriptor, std::string folder);
  tl::unexpected<Error> failed(std::string_view what, int error) const;

  int descriptor_ = -1;
  uint64_t size_ = 0;
  std::string folder_;  // for messages
};

}  // namespace sagewarden
