#include "source/inventory/lines.h"

#include <algorithm>
#include <cstring>

#include "base/json.h"

namespace sagewarden {
namespace {

constexpr size_t kBlockBytes = size_t{256} * 1024;

}  // namespace

Lines::Lines(InputStream& input, Progress& progress, size_t longest)
    : input_(input),
      progress_(progress),
      longest_(longest),
      buffer_(kBlockBytes + json::kPadding) {}

Result<Lines::Piece> Lines::next() {
  for (;;) {
    const char* const text = buffer_.data();
    const void* const found = std::memchr(text + seen_, '\n', end_ - seen_);
    const bool is_whole = found != nullptr;
    const size_t line_end =
        is_whole ? static_cast<size_t>(static_cast<const char*>(found) - text) + 1 : end_;
    const bool was_too_long = too_long_;
    if (is_whole || line_end - begin_ > longest_) {
      const Piece::Kind kind = was_too_long                   ? Piece::Kind::Rest
                               : line_end - begin_ > longest_ ? Piece::Kind::Start
                                                              : Piece::Kind::Line;
      too_long_ = !is_whole;
      const Piece piece{kind, {text + begin_, line_end - begin_}};
      begin_ = seen_ = line_end;
      return piece;
    }
    seen_ = end_;
    TRY_LET(const bool more, read_more());
    if (more) continue;
    const Piece last{was_too_long ? Piece::Kind::Rest : Piece::Kind::Line,
                     {buffer_.data() + begin_, end_ - begin_}};
    begin_ = seen_ = end_;
    return last.text.empty() ? Piece{} : last;
  }
}

// False at the end of the text.
Result<bool> Lines::read_more() {
  if (progress_.stop) {
    begin_ = seen_ = end_;
    return false;
  }
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  seen_ -= begin_;
  begin_ = 0;
  if (end_ + json::kPadding == buffer_.size()) buffer_.resize(2 * end_ + json::kPadding);
  TRY_LET(const size_t count,
          input_.read({buffer_.data() + end_, buffer_.size() - json::kPadding - end_}));
  end_ += count;
  progress_.bytes_read.fetch_add(input_.bytes_read() - told_on_disk_, std::memory_order_relaxed);
  progress_.bytes_text.fetch_add(input_.bytes_text() - told_text_, std::memory_order_relaxed);
  told_on_disk_ = input_.bytes_read();
  told_text_ = input_.bytes_text();
  return count > 0;
}

}  // namespace sagewarden
