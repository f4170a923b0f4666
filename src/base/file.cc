#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/descriptor.h"

namespace sagewarden {
namespace {

namespace fs = std::filesystem;

Error::Code code_of(int error) {
  if (error == ENOENT || error == ENOTDIR) return Error::Code::NotFound;
  if (error == EACCES || error == EPERM) return Error::Code::Denied;
  return Error::Code::Io;
}

tl::unexpected<Error> failed(std::string_view what, const std::string& path, int error) {
  return fail(code_of(error),
              "cannot " + std::string(what) + " " + path + ": " + system_message(error));
}

bool is_hidden(const fs::path& path) {
  return path.filename().string().starts_with('.');
}

}  // namespace

std::string system_message(int error) {
  return std::generic_category().message(error);
}

Result<std::string> read_file(const std::string& path, size_t max_bytes) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return failed("read", path, errno);
  std::string content;
  struct stat status = {};
  // Only a first guess at the size: a pipe has none, and a file may grow. One byte more shows the
  // end.
  constexpr size_t kStep = 65'536;
  const bool has_size = fstat(file.get(), &status) == 0 && status.st_size > 0;
  content.reserve(has_size ? std::min(static_cast<size_t>(status.st_size), max_bytes) + 1 : kStep);
  while (content.size() <= max_bytes) {
    const size_t before = content.size();
    if (before == content.capacity()) content.reserve(before + kStep);
    content.resize(content.capacity());
    const ssize_t got = read(file.get(), content.data() + before, content.size() - before);
    const int error = errno;
    content.resize(before + (got > 0 ? static_cast<size_t>(got) : 0));
    if (got == 0) break;
    if (got < 0 && error != EINTR) return failed("read", path, error);
  }
  if (content.size() > max_bytes)
    return fail(Error::Code::Invalid, path + " is larger than the " + std::to_string(max_bytes) +
                                          " bytes that such a file may have");
  return content;
}

Result<std::vector<std::string>> list_files(const std::string& folder,
                                            std::span<const std::string_view> suffixes) {
  std::vector<std::string> found;
  std::error_code error;
  fs::recursive_directory_iterator at(folder, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (is_hidden(at->path())) {
      at.disable_recursion_pending();
      continue;
    }
    const std::string path = at->path().string();
    const bool wanted = std::ranges::any_of(
        suffixes, [&](std::string_view suffix) { return path.ends_with(suffix); });
    std::error_code ignored;  // a link that leads nowhere is no regular file
    if (wanted && at->is_regular_file(ignored)) found.push_back(path);
  }
  if (error) return failed("read the folder", folder, error.value());
  std::ranges::sort(found);
  return found;
}

Result<void> check_writable(const std::string& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::is_directory(status)) return failed("write", path, EISDIR);
  // A device or a pipe is written to and not replaced.
  if (fs::exists(status) && !fs::is_regular_file(status))
    return access(path.c_str(), W_OK) == 0 ? Result<void>() : failed("write", path, errno);
  // A link stays one: the file that it leads to is replaced.
  const fs::path target = fs::exists(status) ? fs::canonical(path, error) : fs::path(path);
  const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
  if (access(folder.c_str(), W_OK | X_OK) == 0) return {};
  if (errno == ENOENT)
    return fail(Error::Code::NotFound,
                "cannot write " + path + ": the folder " + folder.string() + " does not exist");
  return failed("write", path, errno);
}

}  // namespace sagewarden
