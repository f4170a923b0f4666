// Sagewarden's own portable format: NDJSON of resources in the one shape, and of what could not be
// read. docs/formats/inventory.md describes it. Its reader, read_inventory(), is declared in
// source/source.h with those of the other formats.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/input.h"
#include "base/output.h"
#include "base/sha256.h"
#include "model/resource.h"
#include "source/source.h"

namespace sagewarden {

// The version that is written, and the latest that is read. Version 1 had no hash, and nothing but
// resources and gaps.
inline constexpr int64_t kInventoryVersion = 2;
// Unknown places of one resource beyond this are an error of its line.
inline constexpr size_t kMaxUnknownPlaces = 10'000;

// Whether all below a property of that name is secret.
using IsSecret = bool (*)(std::string_view name);

// Each appends one line with its line end.
// Lines of single properties are left out: they point into the file that the resource came from.
// With `is_secret`, values that are secret are left out too, and said to be set and not known.
void append_resource(std::string& out, const Resource& resource, IsSecret is_secret = nullptr);
void append_gap(std::string& out, const Gap& gap);

// What was asked of AWS: makes a bundle of an inventory. Whatever is not named here was not looked
// for, so that its absence says nothing.
struct Asked {
  struct Account {
    std::string account;
    std::string partition;
    std::vector<std::string> regions;
  };
  struct Type {
    std::string type;  // CloudFormation's name
    bool tags = true;  // whether its tags were read too
  };
  std::string from;  // "aws", …
  std::vector<Account> accounts;
  std::vector<Type> types;  // each read wholly
  bool secrets = false;     // whether the values that reports hide are there
};

struct InventoryHeader {
  int64_t version = 0;  // of the format
  std::string created;
  std::optional<Asked> asked;  // it is a bundle
};
// Of a header's line. Errors: it is none, of a later version, or does not say clearly what was
// asked for.
Result<InventoryHeader> parse_inventory_header(json::Value line);
// All headers of a file: it has several when inventories were joined.
Result<std::vector<InventoryHeader>> read_inventory_headers(const std::string& file,
                                                            Progress& progress);

// Writes one inventory, line by line: a header, any number of the others, and an end that counts
// and hashes them, without which the file is taken for truncated.
class InventoryWriter {
 public:
  explicit InventoryWriter(Output& out, IsSecret is_secret = nullptr)
      : out_(out), is_secret_(is_secret) {}

  // First. `created` is ISO 8601, `version` the program's; `asked` null: it is no bundle.
  Result<void> header(std::string_view created, std::string_view version, const Asked* asked);
  Result<void> resource(const Resource& resource);
  Result<void> gap(const Gap& gap);
  Result<void> passed_over(std::string_view reason, std::string_view type);
  Result<void> covered(const CoverageRow& row);
  // Last. Does not commit the output.
  Result<void> end();

 private:
  Result<void> put();

  Output& out_;
  const IsSecret is_secret_;
  Sha256 hash_;
  std::string line_;
  uint64_t resources_ = 0;
  uint64_t gaps_ = 0;
  uint64_t passed_over_ = 0;
  uint64_t rows_ = 0;
};

// Longer lines are a gap.
inline constexpr size_t kMaxInventoryLine = 64 * size_t{1024} * 1024;

// As read_inventory(), in the memory of a line and a block, however long the file is.
Result<void> read_inventory_stream(InputStream& input, const std::string& name,
                                   const SourceOptions& options, Sink& sink, Progress& progress);

}  // namespace sagewarden
