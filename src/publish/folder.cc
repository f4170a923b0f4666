// Files into a folder, all or none: made in a folder of their own inside it, on the same disk, and
// moved when all of them are whole.
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "base/file.h"
#include "base/output.h"
#include "publish/files.h"

namespace sagewarden::publish {
namespace {

namespace fs = std::filesystem;

// What was made in the folder, file and folder; all of it goes again unless it is to stay.
class Made {
 public:
  Made() = default;
  Made(const Made&) = delete;
  Made& operator=(const Made&) = delete;
  ~Made() {
    std::error_code ignored;
    // The latest first; a folder in which somebody else has put something stays.
    for (auto path = paths_.rbegin(); path != paths_.rend(); ++path) fs::remove(*path, ignored);
  }

  std::error_code folder(const fs::path& path) {
    std::error_code error;
    if (path.empty() || fs::is_directory(path, error)) return {};
    if (path.has_parent_path() && path.parent_path() != path) {
      if (const std::error_code above = folder(path.parent_path())) return above;
    }
    if (fs::create_directory(path, error)) paths_.push_back(path);
    return error;
  }
  Result<void> move(const std::string& from, const fs::path& to) {
    std::error_code error = folder(to.parent_path());
    if (!error) fs::rename(from, to, error);
    if (error) return fail(Error::Code::Io, fmt::format("{}: {}", to.string(), error.message()));
    paths_.push_back(to);
    return {};
  }
  void keep() { paths_.clear(); }

 private:
  std::vector<fs::path> paths_;
};

// Goes away with all that is left in it.
class Workshop {
 public:
  static Result<Workshop> create(const fs::path& folder, Made& made) {
    if (const std::error_code error = made.folder(folder))
      return fail(Error::Code::Io,
                  fmt::format("{}: cannot be made: {}", folder.string(), error.message()));
    std::string path = (folder / ".sagewarden-XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr)
      return fail(Error::Code::Io, fmt::format("{}: cannot be written to: {}", folder.string(),
                                               system_message(errno)));
    return Workshop(std::move(path));
  }
  Workshop(Workshop&& other) noexcept : path_(std::exchange(other.path_, fs::path())) {}
  Workshop& operator=(Workshop&&) = delete;
  ~Workshop() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }

  std::string file(size_t number) const { return (path_ / std::to_string(number)).string(); }

 private:
  explicit Workshop(std::string path) : path_(std::move(path)) {}
  fs::path path_;
};

Result<void> write_one(const std::string& path, std::string_view content) {
  TRY_LET(const std::unique_ptr<Output> file, create_file_output(path));
  TRY_DO(file->write(content));
  return file->commit();
}

// Whether it is there and whole: the name says what should be in it, and somebody may have cut it.
bool is_there(const fs::path& path, std::string_view content) {
  std::error_code error;
  if (!fs::is_regular_file(path, error) || fs::file_size(path, error) != content.size())
    return false;
  const Result<std::string> found = read_file(path.string(), content.size());
  return found && *found == content;
}

Result<void> go_on(const std::atomic<bool>& stop) {
  if (!stop) return {};
  return fail(Error::Code::Io, "stopped: no file was written");
}

}  // namespace

Result<FilesOutcome> write_files(const std::string& folder, const ReportFiles& files,
                                 const std::atomic<bool>& stop) {
  const fs::path top(folder);
  Made made;
  TRY_LET(const Workshop workshop, Workshop::create(top, made));
  std::vector<const ReportFile*> all;
  for (const ReportFile& file : files.files) all.push_back(&file);
  all.push_back(&files.manifest);
  FilesOutcome outcome;
  std::vector<size_t> written;
  for (size_t i = 0; i < all.size(); ++i) {
    if (is_there(top / all[i]->name, all[i]->content)) {
      ++outcome.there;
      continue;
    }
    TRY_DO(go_on(stop));
    TRY_DO(write_one(workshop.file(i), all[i]->content));
    written.push_back(i);
  }
  for (const size_t i : written) {
    TRY_DO(go_on(stop));
    TRY_DO(made.move(workshop.file(i), top / all[i]->name));
  }
  made.keep();
  outcome.written = written.size();
  return outcome;
}

}  // namespace sagewarden::publish
