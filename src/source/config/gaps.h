// What could not be read of one file, told to the sinks of all workers that read it.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/resource.h"

namespace sagewarden::config {

// A file that is nothing but errors must not fill the memory: beyond this many, gaps are only
// counted, and told as one.
inline constexpr uint64_t kMaxFileGaps = 1000;

// Shared by the workers of one file.
class FileGaps {
 public:
  explicit FileGaps(std::string file) : location_{std::move(file), 0, 0, {}} {}

  // The file as a whole; also what resources are given as their location.
  const Location& location() const { return location_; }

  // About the file, or about the item of that number (from 1).
  void file(Sink& sink, std::string_view code, std::string message);
  void item(Sink& sink, uint64_t number, std::string_view code, std::string message,
            std::string_view type);
  // After all else: how many gaps were only counted.
  void finish(Sink& sink);

 private:
  void tell(Sink& sink, Gap gap);

  const Location location_;
  std::atomic<uint64_t> count_ = 0;
};

}  // namespace sagewarden::config
