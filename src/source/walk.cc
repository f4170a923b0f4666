#include "source/walk.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/file.h"
#include "base/node.h"
#include "base/text.h"

namespace sagewarden {
namespace {

constexpr size_t kMaxVersionBytes = 4096;  // of the file `cdk.out`

// Folders that hold what tools have fetched or built, never exports or templates of the user's.
constexpr std::array<std::string_view, 3> kToolFolders = {"node_modules", "__pycache__", "venv"};

bool is_pattern(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

std::string join(const std::string& folder, std::string_view name) {
  if (folder.empty()) return std::string(name);
  return folder + (folder.ends_with('/') ? "" : "/") + std::string(name);
}

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

class Walker {
 public:
  explicit Walker(Sink& sink) : sink_(sink) {}

  void input(const std::string& text);
  std::vector<InputFile> take() { return std::move(files_); }

 private:
  // Names that match, "**" for any number of folders.
  using Steps = std::span<const std::string_view>;

  std::optional<struct stat> look_at(const std::string& path);
  std::vector<std::string> names_in(const std::string& folder);
  bool is_new(const struct stat& status);
  void path(const std::string& path, const struct stat& status, bool named);
  void folder(const std::string& folder, size_t depth);
  void pattern(const std::string& text);
  size_t match(const std::string& folder, Steps steps, size_t depth);
  size_t match_name(const std::string& folder, const std::string& name, Steps steps, size_t depth);
  void gap(const std::string& path, std::string_view code, std::string message);

  Sink& sink_;
  std::vector<InputFile> files_;
  // Files and folders, by what they are and not by name; of files the place in files_.
  std::map<std::pair<dev_t, ino_t>, size_t> seen_;
  // Folders in which `**` has been followed, with how many steps were left: links can lead back.
  std::set<std::tuple<dev_t, ino_t, size_t>> followed_;
};

// The same under another name (a link, a folder given twice) is not read twice: every resource in
// it would be found twice.
bool Walker::is_new(const struct stat& status) {
  return seen_.try_emplace({status.st_dev, status.st_ino}, files_.size()).second;
}

void Walker::gap(const std::string& path, std::string_view code, std::string message) {
  Gap gap;
  gap.location.file = path;
  gap.code = code;
  gap.message = std::move(message);
  sink_.gap(std::move(gap));
}

std::optional<struct stat> Walker::look_at(const std::string& path) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) == 0) return status;
  gap(path, "UNREADABLE", system_message(errno));
  return std::nullopt;
}

void Walker::input(const std::string& text) {
  if (text == "-") {
    const auto is_stdin = [](const InputFile& file) { return file.path == "-"; };
    // It can only be read once.
    if (std::ranges::none_of(files_, is_stdin)) files_.push_back({text, 0, true});
    return;
  }
  struct stat status = {};
  if (::stat(text.c_str(), &status) == 0) {
    path(text, status, true);
  } else if (is_pattern(text)) {
    pattern(text);
  } else {
    gap(text, "UNREADABLE", system_message(errno));
  }
}

void Walker::path(const std::string& path, const struct stat& status, bool named) {
  if (S_ISDIR(status.st_mode)) {
    if (is_new(status)) folder(path, 0);
  } else if (S_ISREG(status.st_mode)) {
    if (!is_new(status)) {
      // What is named must be of use, also when its folder was named before.
      if (named) files_[seen_.at({status.st_dev, status.st_ino})].named = true;
      return sink_.passed_over_path(path, "file given twice");
    }
    files_.push_back({path, static_cast<uint64_t>(status.st_size), named});
  } else if (named) {
    // A pipe, as `<(command)` makes it.
    files_.push_back({path, 0, named});
  } else {
    // Opening a pipe or a device that lies about could block for ever.
    sink_.passed_over_path(path, kNotOurs);
  }
}

// Sorted, so that the order does not depend on the file system.
std::vector<std::string> Walker::names_in(const std::string& folder) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, CloseFolder> opened(::opendir(folder.c_str()));
  if (!opened) {
    gap(folder, "UNREADABLE", system_message(errno));
    return names;
  }
  errno = 0;
  while (const dirent* entry = ::readdir(opened.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
    errno = 0;
  }
  if (errno != 0) gap(folder, "UNREADABLE", "listing it: " + system_message(errno));
  std::ranges::sort(names);
  return names;
}

bool is_left_out(std::string_view folder_name) {
  return folder_name.starts_with('.') ||
         std::ranges::find(kToolFolders, folder_name) != kToolFolders.end();
}

bool is_file(const std::string& path) {
  struct stat status = {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

// A folder that the CDK has written holds a manifest, and a file that tells its version. An empty
// file of that name must not make anything be left out.
bool is_assembly(const std::string& folder) {
  const std::string version = join(folder, "cdk.out");
  if (!is_file(version) || !is_file(join(folder, "manifest.json"))) return false;
  const Result<std::string> text = read_file(version, kMaxVersionBytes);
  if (!text) return false;
  const Result<Node> node = read_json_nodes(*text);
  return node && node->find("version") != nullptr;
}

// What describes an assembly's templates, and what gets deployed beside them.
bool is_part_of_assembly(std::string_view name, bool is_folder) {
  if (is_folder) return name.starts_with("asset.");
  return name == "cdk.out" || name == "manifest.json" || name == "tree.json" ||
         name.ends_with(".assets.json") || name.ends_with(".metadata.json");
}

void Walker::folder(const std::string& folder, size_t depth) {
  if (depth > kMaxFolderDepth) {
    return gap(folder, "UNREADABLE",
               "more than " + std::to_string(kMaxFolderDepth) + " folders deep");
  }
  const std::vector<std::string> names = names_in(folder);
  const bool assembly = is_assembly(folder);
  for (const std::string& name : names) {
    const std::string below = join(folder, name);
    const std::optional<struct stat> status = look_at(below);
    if (!status) continue;
    const bool is_folder = S_ISDIR(status->st_mode);
    if (assembly && is_part_of_assembly(name, is_folder)) {
      sink_.passed_over_path(below, "part of a CDK assembly that is no template");
    } else if (is_folder && is_left_out(name)) {
      sink_.passed_over_path(below, "hidden or tool folder");
    } else if (!is_folder) {
      path(below, *status, false);
    } else if (is_new(*status)) {
      this->folder(below, depth + 1);
    }
  }
}

void Walker::pattern(const std::string& text) {
  const bool absolute = text.starts_with('/');
  std::vector<std::string_view> steps = split(text, '/');
  std::erase(steps, std::string_view());
  if (match(absolute ? "/" : "", steps, 0) == 0) gap(text, "UNREADABLE", "nothing matches");
}

// Returns how many paths below the folder match.
size_t Walker::match(const std::string& folder, Steps steps, size_t depth) {
  if (depth > kMaxFolderDepth) {
    gap(folder, "UNREADABLE", "more than " + std::to_string(kMaxFolderDepth) + " folders deep");
    return 1;
  }
  const std::string_view step = steps.front();
  if (!is_pattern(step)) return match_name(folder, std::string(step), steps, depth);
  const std::string listed = folder.empty() ? "." : folder;
  size_t matches = 0;
  if (step == "**") {
    struct stat status = {};
    const bool known = ::stat(listed.c_str(), &status) == 0;
    if (known && !followed_.emplace(status.st_dev, status.st_ino, steps.size()).second) return 0;
    // No folder at all; then each folder below, with the same step.
    if (steps.size() > 1) matches += match(folder, steps.subspan(1), depth + 1);
  }
  for (const std::string& name : names_in(listed)) {
    // As in a shell, a pattern does not match hidden names.
    if (name.starts_with('.') && !step.starts_with('.')) continue;
    if (glob_match(step, name)) matches += match_name(folder, name, steps, depth);
  }
  return matches;
}

// The same for one name that is there, or may be.
size_t Walker::match_name(const std::string& folder, const std::string& name, Steps steps,
                          size_t depth) {
  const std::string below = join(folder, name);
  struct stat status = {};
  if (::stat(below.c_str(), &status) != 0) {
    // A name without a pattern need not be in every folder that one before it matches.
    if (errno == ENOENT && !is_pattern(steps.front())) return 0;
    gap(below, "UNREADABLE", system_message(errno));
    return 1;
  }
  const bool is_folder = S_ISDIR(status.st_mode);
  const bool any_depth = steps.front() == "**";
  if (is_folder && any_depth) return is_left_out(name) ? 0 : match(below, steps, depth + 1);
  if (steps.size() > 1) return is_folder ? match(below, steps.subspan(1), depth + 1) : 0;
  // `*` alone says as little about what a file is as naming its folder would.
  const bool names_it = steps.front().find_first_not_of("*?") != std::string_view::npos;
  path(below, status, names_it);
  return 1;
}

}  // namespace

std::vector<InputFile> find_files(std::span<const std::string> inputs, Sink& sink) {
  Walker walker(sink);
  for (const std::string& input : inputs) walker.input(input);
  return walker.take();
}

}  // namespace sagewarden
