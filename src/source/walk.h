// Which files the user's inputs stand for: files, folders, patterns and standard input.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/resource.h"

namespace sagewarden {

struct InputFile {
  std::string path;    // as the user knows it; "-" for standard input
  uint64_t bytes = 0;  // on disk; 0 where that is not known
  // The user named it, so that it must be of use; otherwise it was found in a folder.
  bool named = false;

  friend bool operator==(const InputFile&, const InputFile&) = default;
};

// Why what nobody named is passed over.
inline constexpr std::string_view kNotOurs = "not a known input";

// Deeper folders are a gap.
inline constexpr size_t kMaxFolderDepth = 128;

// Every file once, however often it is reached, in a defined order: that of the inputs, within
// folders that of the names. Patterns may hold `*`, `?` and `**` (any number of folders); a path
// that exists is taken as it is, whatever its name holds. Folders are walked to the bottom, links
// followed, except hidden ones and what tools keep their own files in (node_modules, asset folders
// of the CDK). What cannot be looked into, or does not exist, becomes a gap; what is left out is
// passed over.
std::vector<InputFile> find_files(std::span<const std::string> inputs, Sink& sink);

}  // namespace sagewarden
