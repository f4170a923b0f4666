// Small files, read whole. For inputs that may be of any size there is source/.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sagewarden {

// What the system says about an errno, in its words.
std::string system_message(int error);

// The whole content. Errors name the path: it cannot be read, is a folder, or is larger than
// `max_bytes`. Reads what has no size too (a pipe).
Result<std::string> read_file(const std::string& path, size_t max_bytes);

// The files in the folder and below it whose names end in one of the suffixes, as paths, sorted.
// Hidden ones are left out, links to folders are not followed.
Result<std::vector<std::string>> list_files(const std::string& folder,
                                            std::span<const std::string_view> suffixes);

// Fails when a file of that path could not be written: found out before hours of work, not after.
Result<void> check_writable(const std::string& path);

}  // namespace sagewarden
