// The lines of a file of any size, in the memory of the longest line and a block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/input.h"
#include "base/result.h"
#include "source/source.h"

namespace sagewarden {

class Lines {
 public:
  struct Piece {
    enum class Kind : uint8_t {
      Line,   // a whole one, with its line end unless it is the last and has none
      Start,  // of a line that is too long to be held
      Rest,   // more of it
      End,    // there are no more, or the run was stopped
    };
    Kind kind = Kind::End;
    std::string_view text;  // good until the next; json::kPadding bytes behind it are readable
  };

  // Both must outlive this.
  Lines(InputStream& input, Progress& progress, size_t longest);
  Result<Piece> next();

 private:
  Result<bool> read_more();

  InputStream& input_;
  Progress& progress_;
  const size_t longest_;
  std::vector<char> buffer_;
  size_t begin_ = 0;  // of what was not yet given out
  size_t end_ = 0;    // of what was read
  size_t seen_ = 0;   // up to here there is no line end
  bool too_long_ = false;
  uint64_t told_on_disk_ = 0;
  uint64_t told_text_ = 0;
};

}  // namespace sagewarden
