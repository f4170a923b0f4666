#include "evaluate/temporary_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "base/file.h"

namespace sagewarden {

Result<TemporaryFile> TemporaryFile::create(const std::string& folder) {
  std::string path = folder + "/sagewarden-XXXXXX";
  const int descriptor = mkostemp(path.data(), O_CLOEXEC);
  if (descriptor < 0)
    return fail(Error::Code::Io,
                fmt::format("cannot make a temporary file in {}: {}; set TMPDIR to a folder with "
                            "room",
                            folder, system_message(errno)));
  unlink(path.c_str());
  return TemporaryFile(descriptor, folder);
}

TemporaryFile::TemporaryFile(int descriptor, std::string folder)
    : descriptor_(descriptor), folder_(std::move(folder)) {}

TemporaryFile::TemporaryFile(TemporaryFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      folder_(std::move(other.folder_)) {}

TemporaryFile& TemporaryFile::operator=(TemporaryFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(size_, other.size_);
  std::swap(folder_, other.folder_);
  return *this;
}

TemporaryFile::~TemporaryFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

tl::unexpected<Error> TemporaryFile::failed(std::string_view what, int error) const {
  return fail(Error::Code::Io,
              fmt::format("cannot {} a temporary file in {}: {}; set TMPDIR to a folder with room",
                          what, folder_, system_message(error)));
}

Result<void> TemporaryFile::append(std::string_view bytes) {
  uint64_t at = size_;
  while (!bytes.empty()) {
    const ssize_t written = pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("write", errno);
    at += static_cast<uint64_t>(written);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  size_ = at;
  return {};
}

Result<void> TemporaryFile::read(uint64_t offset, std::span<char> into) const {
  while (!into.empty()) {
    const ssize_t got = pread(descriptor_, into.data(), into.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("read", errno);
    if (got == 0) return failed("read", EIO);  // shorter than what was written
    offset += static_cast<uint64_t>(got);
    into = into.subspan(static_cast<size_t>(got));
  }
  return {};
}

}  // namespace sagewarden
