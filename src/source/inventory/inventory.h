// Sagewarden's own portable format: NDJSON of resources in the one shape, and of what could not be
// read. docs/formats/inventory.md describes it. Its reader, read_inventory(), is declared in
// source/source.h with those of the other formats.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/resource.h"

namespace sagewarden {

// The version that is written, and the latest that is read.
inline constexpr int64_t kInventoryVersion = 1;
// Unknown places of one resource beyond this are an error of its line.
inline constexpr size_t kMaxUnknownPlaces = 10'000;

// Each gives, or appends, one line with its line end. A file is a header, any number of resources
// and gaps, and a trailer that counts them, without which the file is taken for truncated.
// `created` is ISO 8601, `version` the program's.
std::string inventory_header(std::string_view created, std::string_view version);
// Lines of single properties are left out: they point into the file that the resource came from.
void append_resource(std::string& out, const Resource& resource);
void append_gap(std::string& out, const Gap& gap);
std::string inventory_trailer(size_t resources, size_t gaps);

}  // namespace sagewarden
