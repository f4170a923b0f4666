// What is to be known of the paths of a scan before it begins: that no report takes the place of
// something else, and how an input is called whatever way it was typed.
#pragma once

#include <string>
#include <string_view>

#include "app/scan.h"
#include "base/result.h"

namespace sagewarden {

// Fails when a report could not be written, or would replace another report, a file that the run
// reads and that the user named, or one that a pattern of theirs matches; by what the files are and
// not by how their paths are spelled. Nor is a file replaced that would be read as an input because
// its folder is: only an earlier report that lies there.
Result<void> check_reports(const ScanOptions& options);

// The path without "./", doubled slashes and "folder/..", as findings name it: the id of a finding
// in a file must not depend on how its path was typed. The steps back are left where a link makes
// them lead elsewhere.
std::string normal_path(std::string_view path);

}  // namespace sagewarden
