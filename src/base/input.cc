#include "base/input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

#include "base/descriptor.h"
#include "base/huge_pages.h"
#include "base/json.h"

namespace sagewarden {
namespace {

Error system_error(const std::string& path, int number) {
  const bool missing = number == ENOENT || number == ENOTDIR;
  const bool denied = number == EACCES || number == EPERM;
  const Error::Code code = missing  ? Error::Code::NotFound
                           : denied ? Error::Code::Denied
                                    : Error::Code::Io;
  return {code, path + ": " + std::generic_category().message(number)};
}

constexpr size_t kPackedBytes = size_t{128} * 1024;
constexpr size_t kPeekBytes = size_t{8} * 1024;

}  // namespace

struct InputStream::Impl {
  Impl(std::string path_given, Descriptor file_given, const std::atomic<bool>* stop_given,
       std::unique_ptr<Gunzip> gunzip_given)
      : path(std::move(path_given)),
        file(std::move(file_given)),
        stop(stop_given),
        gunzip(std::move(gunzip_given)) {}

  enum class Packing : uint8_t { NotLooked, None, Gzip };

  std::string path;
  Descriptor file;
  const std::atomic<bool>* stop;
  std::unique_ptr<Gunzip> gunzip;
  Packing packing = Packing::NotLooked;
  bool file_ended = false;
  bool truncated = false;
  bool in_member = false;  // inside a gzip member, so that the file must not end here
  uint64_t on_disk = 0;
  uint64_t text = 0;
  uint64_t size = 0;           // of the file; 0 when it is none
  std::optional<Error> error;  // given out once all that was read before it is
  std::string front;           // what peek() has read and read() has not yet given out
  size_t front_given = 0;      // of `front`
  // Not initialised: of a small file, most of it is never touched.
  std::unique_ptr<char[]> room = std::make_unique_for_overwrite<char[]>(kPackedBytes);
  std::span<char> packed{room.get(), kPackedBytes};
  size_t packed_begin = 0;  // packed[begin, end) is read and not yet decompressed
  size_t packed_end = 0;

  // One call of the system; 0 at the file's end.
  Result<size_t> read_file(std::span<char> buffer) {
    ssize_t count = 0;
    do {
      count = ::read(file.get(), buffer.data(), buffer.size());
    } while (count < 0 && errno == EINTR && (stop == nullptr || !*stop));
    if (count < 0 && errno == EINTR)
      return fail(Error::Code::Interrupted, path + ": reading was interrupted");
    if (count < 0) return tl::make_unexpected(system_error(path, errno));
    file_ended = count == 0;
    on_disk += static_cast<uint64_t>(count);
    return static_cast<size_t>(count);
  }

  size_t packed_size() const { return packed_end - packed_begin; }

  Result<void> refill() {
    if (packed_size() > 0 || file_ended) return {};
    TRY_LET(packed_end, read_file(packed));
    packed_begin = 0;
    return {};
  }

  // The magic may come in two reads, when it comes through a pipe.
  Result<void> look() {
    while (packing == Packing::NotLooked) {
      if (packed_size() < kGzipMagic.size() && !file_ended) {
        TRY_LET(const size_t count, read_file(packed.subspan(packed_end)));
        packed_end += count;
        continue;
      }
      const bool gzip = std::string_view(packed.data(), packed_end).starts_with(kGzipMagic);
      packing = gzip ? Packing::Gzip : Packing::None;
      if (gzip && gunzip == nullptr) gunzip = create_gunzip();
    }
    return {};
  }

  Error gzip_error(const std::string& what) const {
    const std::string place = std::to_string(on_disk - packed_size());
    return {Error::Code::Invalid, path + ": gzip: " + what + ", near byte " + place +
                                      " of the file, after " + std::to_string(text) +
                                      " bytes of text"};
  }

  // Between members: another one, zeros that fill a block up (tapes, object stores), or the end.
  Result<bool> next_member() {
    for (;;) {
      TRY_DO(refill());
      while (packed_size() > 0 && packed[packed_begin] == '\0') ++packed_begin;
      if (packed_size() > 0) break;
      if (file_ended) return false;
    }
    if (packed[packed_begin] != kGzipMagic[0])
      return tl::make_unexpected(gzip_error("something else follows the compressed data"));
    gunzip->reset();
    in_member = true;
    return true;
  }

  Result<size_t> read_gzip(std::span<char> buffer) {
    for (;;) {
      if (!in_member) {
        TRY_LET(const bool more, next_member());
        if (!more) return 0;
      }
      TRY_DO(refill());
      const std::span<const char> input = packed.subspan(packed_begin, packed_size());
      Result<Gunzip::Step> step = gunzip->step(input, buffer);
      if (!step) return tl::make_unexpected(gzip_error(step.error().message));
      packed_begin += step->taken;
      if (step->member_ended) in_member = false;
      if (step->made > 0) return step->made;
      if (in_member && file_ended && packed_size() == 0) {
        truncated = true;
        return tl::make_unexpected(gzip_error("the file is truncated"));
      }
    }
  }

  Result<size_t> read_plain(std::span<char> buffer) {
    if (packed_size() == 0) return file_ended ? Result<size_t>(0) : read_file(buffer);
    const size_t count = std::min(buffer.size(), packed_size());
    std::memcpy(buffer.data(), packed.data() + packed_begin, count);
    packed_begin += count;
    return count;
  }

  Result<size_t> read_unpacked(std::span<char> buffer) {
    TRY_DO(look());
    return packing == Packing::Gzip ? read_gzip(buffer) : read_plain(buffer);
  }

  Result<size_t> read_some(std::span<char> buffer) {
    if (error) return tl::make_unexpected(*error);
    Result<size_t> count = read_unpacked(buffer);
    if (!count) error = count.error();
    return count;
  }
};

InputStream::InputStream(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
InputStream::~InputStream() = default;
InputStream::InputStream(InputStream&&) noexcept = default;
InputStream& InputStream::operator=(InputStream&&) noexcept = default;

Result<InputStream> InputStream::open(const std::string& path, const std::atomic<bool>* stop,
                                      std::unique_ptr<Gunzip> gunzip) {
  int number = STDIN_FILENO;
  if (path != "-") {
    number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (number < 0) return tl::make_unexpected(system_error(path, errno));
    // Only advice: it is as well when the system does not take it.
    (void)::posix_fadvise(number, 0, 0, POSIX_FADV_SEQUENTIAL);
  }
  auto impl = std::make_unique<Impl>(path == "-" ? "standard input" : path, Descriptor(number),
                                     stop, std::move(gunzip));
  struct stat status = {};
  if (::fstat(number, &status) == 0 && S_ISREG(status.st_mode))
    impl->size = static_cast<uint64_t>(status.st_size);
  return InputStream(std::move(impl));
}

Result<size_t> InputStream::read(std::span<char> buffer) {
  Impl& impl = *impl_;
  size_t filled = std::min(buffer.size(), impl.front.size() - impl.front_given);
  std::memcpy(buffer.data(), impl.front.data() + impl.front_given, filled);
  impl.front_given += filled;
  impl.text += filled;
  if (impl.front_given == impl.front.size()) {
    std::string().swap(impl.front);
    impl.front_given = 0;
  }
  while (filled < buffer.size()) {
    Result<size_t> count = impl.read_some(buffer.subspan(filled));
    if (!count && filled == 0) return count;
    if (!count || *count == 0) break;  // what was read before an error comes first
    filled += *count;
    impl.text += *count;
  }
  return filled;
}

Result<std::string_view> InputStream::peek(size_t bytes) {
  Impl& impl = *impl_;
  while (impl.front.size() < bytes) {
    const size_t had = impl.front.size();
    impl.front.resize(std::min(bytes, had + kPeekBytes));
    Result<size_t> count = impl.read_some(std::span(impl.front).subspan(had));
    impl.front.resize(had + count.value_or(0));
    if (!count && had == 0) return tl::make_unexpected(count.error());
    if (!count || *count == 0) break;  // read() will come to the error
  }
  return std::string_view(impl.front).substr(0, bytes);
}

uint64_t InputStream::size_on_disk() const {
  return impl_->size;
}
uint64_t InputStream::bytes_read() const {
  return impl_->on_disk;
}
uint64_t InputStream::bytes_text() const {
  return impl_->text;
}
bool InputStream::is_gzip() const {
  return impl_->packing == Impl::Packing::Gzip;
}
const Error* InputStream::error() const {
  return impl_->error ? &*impl_->error : nullptr;
}
bool InputStream::was_truncated() const {
  return impl_->truncated;
}

Result<Text> read_text(InputStream& stream, uint64_t limit) {
  Text text;
  size_t capacity = 0;
  // One byte more than there should be, so that the end shows without another allocation.
  const uint64_t expected = stream.is_gzip() ? 0 : stream.size_on_disk() + 1;
  for (;;) {
    if (text.size_ == capacity) {
      const uint64_t wanted = std::max({uint64_t{64} * 1024, expected, uint64_t{capacity} * 2});
      capacity = static_cast<size_t>(std::min(wanted, limit + 1));
      auto larger = std::make_unique_for_overwrite<char[]>(capacity + json::kPadding);
      prefer_huge_pages(larger.get(), capacity);
      if (text.size_ > 0) std::memcpy(larger.get(), text.bytes_.get(), text.size_);
      text.bytes_ = std::move(larger);
    }
    TRY_LET(const size_t count,
            stream.read({text.bytes_.get() + text.size_, capacity - text.size_}));
    if (count == 0) break;
    text.size_ += count;
    if (text.size_ > limit)
      return fail(Error::Code::Invalid,
                  "larger than the " + std::to_string(limit) + " bytes that such a file may have");
  }
  std::memset(text.bytes_.get() + text.size_, 0, json::kPadding);
  return text;
}

}  // namespace sagewarden
