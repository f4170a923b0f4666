// Texts as CEL counts them: in characters (code points), not in bytes.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace sagewarden::cel {

size_t character_count(std::string_view text);
// Where the character of that number begins; the text's size for the one behind the last; nothing
// beyond.
std::optional<size_t> byte_of_character(std::string_view text, size_t character);
// Where the part begins, looking from that byte on; npos when it is not there. Linear in the text,
// whatever the part.
size_t find_text(std::string_view text, std::string_view part, size_t from);
// How many bytes the character that begins here has.
size_t character_size(std::string_view text, size_t at);

}  // namespace sagewarden::cel
