#include "base/output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "base/descriptor.h"

namespace sagewarden {
namespace {

constexpr size_t kBufferBytes = size_t{64} * 1024;

// What went wrong with a file, from errno, and what its user can do.
tl::unexpected<Error> failure(std::string_view what, std::string_view path, int number) {
  const std::string head = fmt::format("cannot {} {}: ", what, path);
  switch (number) {
    case ENOSPC:
    case EDQUOT:
      return fail(Error::Code::Io, head + "the disk is full (free some space, or write elsewhere)");
    case EFBIG:
      return fail(Error::Code::Io, head + "the file would be larger than is allowed here");
    case EPIPE:
      return fail(Error::Code::Interrupted, head + "its reader went away");
    case ENOENT:
      return fail(Error::Code::NotFound, head + "the folder does not exist");
    case EACCES:
    case EPERM:
    case EROFS:
      return fail(Error::Code::Denied, head + std::generic_category().message(number));
    default:
      return fail(Error::Code::Io, head + std::generic_category().message(number));
  }
}

Result<void> write_all(int descriptor, std::string_view path, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failure("write", path, errno);
    text.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

// Gathers small writes into large ones.
class Buffered {
 public:
  Buffered(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}

  Result<void> write(std::string_view text) {
    if (buffer_.size() + text.size() > kBufferBytes) TRY_DO(flush());
    if (text.size() > kBufferBytes) return write_all(descriptor_, path_, text);
    buffer_ += text;
    return {};
  }

  Result<void> flush() {
    TRY_DO(write_all(descriptor_, path_, buffer_));
    buffer_.clear();
    return {};
  }

  const std::string& path() const { return path_; }

 private:
  int descriptor_;
  std::string path_;
  std::string buffer_;
};

// Standard output, and what cannot be replaced by renaming: a device, a named pipe.
class StreamOutput : public Output {
 public:
  // `owned` is closed in the end; standard output is not.
  StreamOutput(int descriptor, std::string name, Descriptor owned)
      : owned_(std::move(owned)), out_(descriptor, std::move(name)) {}

  Result<void> write(std::string_view text) override { return out_.write(text); }
  Result<void> commit() override { return out_.flush(); }

 private:
  Descriptor owned_;
  Buffered out_;
};

class StringOutput : public Output {
 public:
  explicit StringOutput(std::string& text) : text_(text) {}

  Result<void> write(std::string_view text) override {
    text_ += text;
    return {};
  }
  Result<void> commit() override { return {}; }

 private:
  std::string& text_;
};

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// A file that is written beside its place and moved there by commit(). Until then, and after any
// error, what stood there before is untouched, and the temporary file goes away with this object.
class FileOutput : public Output {
 public:
  FileOutput(Descriptor file, std::string temporary, std::string path)
      : file_(std::move(file)),
        temporary_(std::move(temporary)),
        path_(std::move(path)),
        out_(file_.get(), path_) {}
  FileOutput(const FileOutput&) = delete;
  FileOutput& operator=(const FileOutput&) = delete;
  ~FileOutput() override {
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
  }

  Result<void> write(std::string_view text) override { return out_.write(text); }

  Result<void> commit() override {
    TRY_DO(out_.flush());
    // The name may only point at data that is on the disk, or a crash leaves an empty report.
    if (::fsync(file_.get()) != 0 || !file_.close()) return failure("write", path_, errno);
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) return failure("replace", path_, errno);
    temporary_.clear();
    const Descriptor folder(::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // Some file systems cannot sync a folder; the report is whole there all the same.
    if (folder.valid()) ::fsync(folder.get());
    return {};
  }

 private:
  Descriptor file_;
  std::string temporary_;  // empty once it has been moved into place
  std::string path_;
  Buffered out_;
};

mode_t new_file_mode(Readers readers) {
  if (readers == Readers::Owner) return 0600;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

// The file that a name stands for: a symbolic link is followed, so that it stays a link and its
// target is replaced.
std::string target_of(const std::string& path) {
  struct FreeIt {
    void operator()(char* text) const { std::free(text); }
  };
  const std::unique_ptr<char, FreeIt> target(::realpath(path.c_str(), nullptr));
  return target ? std::string(target.get()) : path;
}

}  // namespace

Result<std::unique_ptr<Output>> create_file_output(const std::string& path, Readers readers) {
  if (path.empty()) return fail(Error::Code::Invalid, "the name of the output file is empty");
  struct stat status = {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode))
    return fail(Error::Code::Invalid, fmt::format("cannot write {}: it is a folder", path));
  if (exists && !S_ISREG(status.st_mode)) {
    Descriptor device(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!device.valid()) return failure("write", path, errno);
    const int number = device.get();
    return std::make_unique<StreamOutput>(number, path, std::move(device));
  }

  const std::string target = exists ? target_of(path) : path;
  // Beside the file, because a rename does not cross file systems; hidden, because it is not there
  // to be read.
  const std::string folder = folder_of(target);
  std::string temporary = folder + "/.sagewarden-XXXXXX";
  Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!file.valid()) return failure("write", path, errno);
  // Owned from here on, so that every way out removes it.
  auto output = std::make_unique<FileOutput>(std::move(file), temporary, target);
  const mode_t mode = exists ? status.st_mode & 07777 : new_file_mode(readers);
  if (::chmod(temporary.c_str(), mode) != 0) return failure("write", path, errno);
  return output;
}

std::unique_ptr<Output> create_stdout_output() {
  return std::make_unique<StreamOutput>(STDOUT_FILENO, "standard output", Descriptor(-1));
}

std::unique_ptr<Output> create_string_output(std::string& text) {
  return std::make_unique<StringOutput>(text);
}

}  // namespace sagewarden
