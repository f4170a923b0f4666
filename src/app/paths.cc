#include "app/paths.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "app/controls.h"
#include "base/file.h"
#include "base/input.h"
#include "source/recognise.h"
#include "source/walk.h"

namespace sagewarden {
namespace {

namespace fs = std::filesystem;

// What a path stands for: the file itself or, where there is none yet, its name in its folder.
struct Identity {
  dev_t device = 0;
  ino_t number = 0;
  std::string name;

  friend bool operator==(const Identity&, const Identity&) = default;
};

// Nothing for a device or a pipe, which is not replaced, and for what cannot be looked at.
std::optional<Identity> identity_of(const std::string& path) {
  struct stat status = {};
  if (stat(path.c_str(), &status) == 0) {
    if (!S_ISREG(status.st_mode)) return std::nullopt;
    return Identity{status.st_dev, status.st_ino, ""};
  }
  const fs::path whole(path);
  const fs::path folder = whole.has_parent_path() ? whole.parent_path() : fs::path(".");
  if (stat(folder.c_str(), &status) != 0) return std::nullopt;
  return Identity{status.st_dev, status.st_ino, whole.filename().string()};
}

struct Taken {
  std::string path;
  std::string_view what;
};

// Patterns are looked up as the scan will; what cannot be found is said by the scan itself.
class NoSink : public Sink {
 public:
  void resource(const Resource&) override {}
  void gap(Gap) override {}
  void passed_over(std::string_view, std::string_view) override {}
};

void add_inputs(const std::vector<std::string>& inputs, std::vector<Taken>& taken) {
  std::vector<std::string> files_and_patterns;
  for (const std::string& input : inputs) {
    struct stat status = {};
    if (input == "-") continue;
    if (stat(input.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) continue;
    files_and_patterns.push_back(input);
  }
  NoSink sink;
  for (const InputFile& file : find_files(files_and_patterns, sink)) {
    if (file.named) taken.push_back({file.path, "an input"});
  }
}

// The files that a run reads because the user named them.
std::vector<Taken> files_read(const ScanOptions& options) {
  std::vector<Taken> taken;
  if (!options.exceptions_file.empty())
    taken.push_back({options.exceptions_file, "the file of the exceptions"});
  if (!options.baseline_file.empty()) taken.push_back({options.baseline_file, "the baseline"});
  for (const std::string& file : options.source.parameter_files)
    taken.push_back({file, "a file of parameters"});
  for (const std::string& file : options.source.tag_files)
    taken.push_back({file, "a file of tags"});
  // What is wrong with the folders is said where they are read.
  for (const std::string& path :
       control_files(options.controls.folders).value_or(std::vector<std::string>()))
    taken.push_back({path, "a file of controls"});
  add_inputs(options.inputs, taken);
  return taken;
}

Result<void> check_against_reports(std::span<const ReportTarget> reports, size_t place) {
  const std::string& file = reports[place].file;
  const auto identity = file.empty() ? std::nullopt : identity_of(file);
  for (size_t i = 0; i < place; ++i) {
    const std::string& other = reports[i].file;
    if (other == file)
      return fail(Error::Code::Invalid,
                  fmt::format("two reports to {}: give one of them another file",
                              file.empty() ? "standard output" : file));
    if (identity && !other.empty() && identity == identity_of(other))
      return fail(Error::Code::Invalid,
                  fmt::format("two reports to one file, {} and {}: give one of them another file",
                              other, file));
  }
  return {};
}

Result<void> check_against_files(const std::string& file, std::span<const Taken> taken) {
  const auto identity = identity_of(file);
  if (!identity) return {};
  for (const Taken& read : taken) {
    if (identity != identity_of(read.path)) continue;
    return fail(Error::Code::Invalid,
                fmt::format("the report {} would replace {}, {}: give it another file", file,
                            read.path, read.what));
  }
  return {};
}

bool lies_in(const std::string& file, const std::string& folder) {
  std::error_code error;
  const fs::path whole = fs::canonical(file, error);
  const fs::path top = error ? fs::path() : fs::canonical(folder, error);
  if (error) return false;
  return std::mismatch(top.begin(), top.end(), whole.begin(), whole.end()).first == top.end();
}

bool is_of_known_format(const std::string& file) {
  constexpr size_t kLookedAtBytes = size_t{1024} * 1024;
  Result<InputStream> stream = InputStream::open(file);
  if (!stream) return false;
  const Result<std::string_view> start = stream->peek(kLookedAtBytes);
  if (!start) return false;
  const Extent extent = start->size() < kLookedAtBytes ? Extent::Whole : Extent::Start;
  return recognise(*start, extent).format != InputFormat::None;
}

// Of files in a folder that is scanned, an earlier report may be replaced and an input may not.
Result<void> check_against_folders(const std::string& file,
                                   const std::vector<std::string>& inputs) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return {};
  for (const std::string& input : inputs) {
    if (!fs::is_directory(input, error) || !lies_in(file, input)) continue;
    if (!is_of_known_format(file)) return {};
    return fail(Error::Code::Invalid,
                fmt::format("the report {} would replace an input in {}: give it another file",
                            file, input));
  }
  return {};
}

bool is_same(const std::string& a, const std::string& b) {
  std::error_code error;
  return fs::equivalent(a, b, error) && !error;
}

}  // namespace

Result<void> check_reports(const ScanOptions& options) {
  const std::span<const ReportTarget> reports = options.reports;
  const std::vector<Taken> taken = files_read(options);
  for (size_t i = 0; i < reports.size(); ++i) {
    TRY_DO(check_against_reports(reports, i));
    if (reports[i].file.empty()) continue;
    TRY_DO(check_writable(reports[i].file));
    TRY_DO(check_against_files(reports[i].file, taken));
    TRY_DO(check_against_folders(reports[i].file, options.inputs));
  }
  return {};
}

std::string normal_path(std::string_view path) {
  if (path.empty() || path == "-") return std::string(path);
  std::string out;
  for (size_t at = 0; at < path.size();) {
    const bool begins = at == 0 || path[at - 1] == '/';
    if (begins && path.substr(at, 2) == "./") {
      at += 2;
    } else if (begins && at > 0 && path[at] == '/') {
      ++at;
    } else {
      out += path[at++];
    }
  }
  if (out.empty()) return ".";
  // A step back is part of what a pattern means, and of a path that leads through a link.
  if (out.find("..") == std::string::npos) return out;
  const std::string shorter = fs::path(out).lexically_normal().string();
  return is_same(out, shorter) ? shorter : out;
}

}  // namespace sagewarden
