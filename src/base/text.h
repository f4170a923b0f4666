// Small questions about text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sagewarden {

// How many bytes the UTF-8 character at the front has (1 to 4); 0 when it is no well-formed
// character, or no text.
size_t utf8_length(std::string_view text);
bool is_utf8(std::string_view text);

// The line and column (both from 1, columns in bytes) of an offset; an offset beyond the end is the
// end.
std::pair<size_t, size_t> line_and_column(std::string_view text, size_t offset);

std::string_view trim(std::string_view text);  // without blanks, tabs and line ends around
std::string lower(std::string_view text);      // ASCII letters only
std::vector<std::string_view> split(std::string_view text, char separator);  // keeps empty parts

// Orders "SageMaker.2" before "SageMaker.10": runs of digits compare as numbers.
bool natural_less(std::string_view a, std::string_view b);

// Whether the whole text matches a pattern with `*` (any run of characters) and `?` (one
// character). Linear in text × pattern, never exponential.
bool glob_match(std::string_view pattern, std::string_view text);

// The candidate that the word was probably meant to be ("did you mean"), or an empty text when none
// is near.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

// "1 file", "2 files"
std::string count_of(size_t count, std::string_view singular, std::string_view plural = {});

// The code of the character that the text begins with if it is one that turns the direction of text
// around it (embeddings, overrides, isolates and their marks), else 0. Such a character makes a
// reader see other words than are there.
uint32_t direction_mark(std::string_view text);

// The text with control characters (line ends too) made visible as \xNN, and direction marks as
// \uNNNN, for terminals and logs: what comes out of a file must not be able to move the cursor.
std::string printable(std::string_view text);
// The same for a text of several lines: its line ends stay.
std::string printable_lines(std::string_view text);

}  // namespace sagewarden
