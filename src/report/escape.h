// Text from the input, made harmless for what it is written into. Everything here takes any bytes
// and gives well-formed UTF-8.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sagewarden {

// Broken UTF-8 becomes U+FFFD; nothing else changes.
std::string as_utf8(std::string_view text);

// At most `bytes` long, cut between characters and ended by "…" when it was longer.
std::string shortened(std::string_view text, size_t bytes);

// One line: line ends, tabs and runs of blanks become one blank, other control characters U+FFFD;
// what turns the direction of text is made visible.
std::string one_line(std::string_view text);

// Characters that turn the direction of the text around them are made visible, as \u202E; nothing
// else changes. For formats whose own escapes keep them, as they are text that people will read.
// All that follow here do the same.
std::string directed(std::string_view text);

// For HTML text and for attribute values in double quotes.
std::string html_escaped(std::string_view text);

// For XML 1.0 text and attribute values: what XML cannot hold at all becomes U+FFFD. Line ends and
// tabs are written as references, so that attributes keep them.
std::string xml_escaped(std::string_view text);

// A path as a relative URI reference: all but unreserved characters and '/' are percent-encoded.
std::string uri_encoded(std::string_view path);

// One cell of a CSV record (RFC 4180), quoted where it must be. A cell that a spreadsheet would run
// as a formula gets an apostrophe in front; line ends become blanks, so that a record is a line.
std::string csv_cell(std::string_view text);

// Markdown (GitHub's) that shows the text and does nothing else: as code, in which neither markup
// nor links nor mentions work; and as plain words, every punctuation character as a reference.
std::string markdown_code(std::string_view text);
std::string markdown_words(std::string_view text);

// How many columns a terminal needs for a text that printable() gave.
size_t terminal_columns(std::string_view text);

// How many bytes of such a text, at least one character and no part of one, fit those columns.
size_t bytes_of_columns(std::string_view text, size_t columns);

// Cut to that many columns, ended by "…" when it was longer, and filled up with blanks.
std::string fitted(std::string_view text, size_t columns);
std::string filled(std::string_view text, size_t columns);

}  // namespace sagewarden
