// What a terminal can show: its width, colour, and text laid out for it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sagewarden {

bool is_terminal(int descriptor);

// The columns of the terminal behind the descriptor, within bounds that text can be laid out in;
// `otherwise` when it is none.
size_t terminal_width(int descriptor, size_t otherwise);

enum class ColourWhen { Auto, Always, Never };

// Auto: on a terminal that can (TERM is not "dumb"), unless NO_COLOR says no
// (https://no-color.org).
bool wants_colour(ColourWhen when, int descriptor);

// How many columns the text takes: one for each character (not for those that combine or that
// steer the terminal, which have no business in it).
size_t display_width(std::string_view text);

// The text's words in lines of at most `width` columns (a longer word gets a line of its own), each
// after the indent and with a line end. A blank line in the text starts a paragraph.
std::string wrap(std::string_view text, size_t width, std::string_view indent);

}  // namespace sagewarden
