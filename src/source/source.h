// Where resources come from: files of any of the formats that we know, recognised by their content.
// One shape comes out (model/resource.h).
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/resource.h"

namespace sagewarden {

class TagIndex;
namespace cloudformation {
class NestedStacks;
class ParameterFiles;
}  // namespace cloudformation

struct SourceOptions {
  // Used where the input itself does not say: templates, plans, exports without ARN.
  std::string account;
  std::string region;
  std::string partition;
  std::vector<std::string> parameter_files;  // CloudFormation parameters
  std::vector<std::string> tag_files;        // list-tags output to go with API output
  // What the tag files hold, when the caller has read them already (source/api/tags.h); otherwise
  // every file of API output reads them again.
  const TagIndex* tags = nullptr;
  // The same of the parameter files (source/cloudformation/parameters.h).
  const cloudformation::ParameterFiles* parameters = nullptr;
  // Of the run, kept by collect(); null: no template has others nested in it among the inputs.
  cloudformation::NestedStacks* nested = nullptr;
  std::span<const std::string_view> types;  // the resource types that some control is about, sorted
  // Those of them whose tags some control or exception reads, sorted; null: perhaps all.
  const std::vector<std::string_view>* tag_types = nullptr;
};

// Counts for the progress line; written by the workers, read by whoever draws.
struct Progress {
  std::atomic<uint64_t> bytes_read = 0;   // of the files as they lie on disk
  std::atomic<uint64_t> bytes_total = 0;  // 0 while unknown
  std::atomic<uint64_t> bytes_text = 0;   // after decompression
  std::atomic<uint64_t> items = 0;
  std::atomic<uint64_t> files = 0;
  std::atomic<uint64_t> calls = 0;           // of AWS's API
  std::atomic<uint64_t> throttled = 0;       // attempts of them that AWS throttled
  std::atomic<uint64_t> accounts_total = 0;  // 0 while unknown
  std::atomic<uint64_t> accounts = 0;        // of which all Regions are done
  std::atomic<uint64_t> regions_total = 0;   // of all accounts
  std::atomic<uint64_t> regions = 0;
  std::atomic<bool> stop = false;  // set by a signal: workers end after the item they are at
};

// One file, wholly in memory (all formats but AWS Config's bulk files, which stream).
struct TextInput {
  std::string name;       // the path as the user knows it, "-" for standard input
  std::string_view text;  // decompressed; json::kPadding bytes behind it are readable
};

// A format's reader. Its error becomes the gap of the whole file; what is wrong with a part goes to
// sink.gap(). It hands over only resources whose type is in options.types, and counts the others
// with sink.passed_over().
using ReadText = Result<void> (*)(const TextInput& input, const SourceOptions& options, Sink& sink);

Result<void> read_api_output(const TextInput& input, const SourceOptions& options, Sink& sink);
Result<void> read_cloudformation(const TextInput& input, const SourceOptions& options, Sink& sink);
Result<void> read_terraform(const TextInput& input, const SourceOptions& options, Sink& sink);
Result<void> read_inventory(const TextInput& input, const SourceOptions& options, Sink& sink);

// Reads everything that the inputs name (files, folders, globs, "-"), with one worker for each
// sink. What cannot be read becomes gaps; the Result fails only when there is nothing to read at
// all.
Result<void> collect(std::span<const std::string> inputs, const SourceOptions& options,
                     std::span<Sink* const> sinks, Progress& progress);

}  // namespace sagewarden
