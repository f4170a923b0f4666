#include "source/api/pieces.h"

#include <algorithm>

namespace sagewarden::api {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// One past the bracket that closes the one at the start, or npos when the text ends before it.
// Whether each bracket is closed by one of its kind is left to the parser.
size_t end_of_value(std::string_view text, size_t start) {
  size_t depth = 0;
  for (size_t at = start; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (--depth == 0) return at + 1;
    } else if (c == '"') {
      for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\') ++at;
      }
    }
  }
  return std::string_view::npos;
}

bool is_bracket(char c) {
  return c == '{' || c == '[';
}

// Where the next line that begins with a bracket starts, or the end of the text.
size_t next_bracket_line(std::string_view text, size_t from) {
  while (true) {
    const size_t end = text.find('\n', from);
    if (end == std::string_view::npos) return text.size();
    from = end + 1;
    if (from < text.size() && is_bracket(text[from])) return from;
  }
}

}  // namespace

void Pieces::move_to(size_t offset) {
  const std::string_view passed = text_.substr(at_, offset - at_);
  line_ += static_cast<uint32_t>(std::count(passed.begin(), passed.end(), '\n'));
  const size_t last = passed.rfind('\n');
  if (last != std::string_view::npos) line_start_ = at_ + last + 1;
  at_ = offset;
}

void Pieces::skip_blanks() {
  if (at_ == 0 && text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
  move_to(std::min(text_.find_first_not_of(kBlanks, at_), text_.size()));
}

Piece Pieces::piece_to(size_t end, Piece::Kind kind) {
  Piece piece{kind, text_.substr(at_, end - at_), line_,
              static_cast<uint32_t>(at_ - line_start_ + 1)};
  move_to(end);
  return piece;
}

Piece Pieces::value_or_text() {
  if (!is_bracket(text_[at_])) return piece_to(next_bracket_line(text_, at_), Piece::Kind::Text);
  const size_t end = end_of_value(text_, at_);
  if (end == std::string_view::npos) return piece_to(text_.size(), Piece::Kind::Truncated);
  return piece_to(end, Piece::Kind::Value);
}

std::optional<Piece> Pieces::next() {
  while (true) {
    skip_blanks();
    if (in_list_ && at_ < text_.size() && text_[at_] == ']') {
      move_to(at_ + 1);
      in_list_ = false;
    } else if (in_list_) {
      return element();
    } else if (at_ == text_.size()) {
      return std::nullopt;
    } else if (text_[at_] == '[') {
      move_to(at_ + 1);
      in_list_ = true;
      is_first_ = true;
    } else {
      return value_or_text();
    }
  }
}

Piece Pieces::element() {
  if (at_ == text_.size()) {
    in_list_ = false;
    return piece_to(at_, Piece::Kind::Truncated);
  }
  if (!is_first_) {
    if (text_[at_] != ',') {
      in_list_ = false;  // what follows is read as if no list were open
      return piece_to(next_bracket_line(text_, at_), Piece::Kind::Text);
    }
    move_to(at_ + 1);
    skip_blanks();
  }
  is_first_ = false;
  if (at_ < text_.size() && is_bracket(text_[at_])) {
    const Piece piece = value_or_text();
    in_list_ = piece.kind == Piece::Kind::Value;
    return piece;
  }
  // A scalar, or a comma with nothing behind it.
  const size_t end = text_.find_first_of(",]\n", at_);
  return piece_to(std::min(end, text_.size()), Piece::Kind::Text);
}

}  // namespace sagewarden::api
