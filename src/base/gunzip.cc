#include "base/gunzip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <string>

#if defined(SAGEWARDEN_ISAL)
#include <dlfcn.h>
#include <isa-l/igzip_lib.h>

#include <optional>
#endif

namespace sagewarden {
namespace {

// Both libraries count in 32 bits.
template <class Byte>
uint32_t count_in(std::span<Byte> bytes) {
  return static_cast<uint32_t>(
      std::min<size_t>(bytes.size(), std::numeric_limits<uint32_t>::max()));
}

constexpr std::string_view kDamaged = "the compressed data is damaged";

class ZlibGunzip final : public Gunzip {
 public:
  ZlibGunzip() {
    constexpr int kGzipOnly = 16;
    ready_ = inflateInit2(&stream_, kGzipOnly + MAX_WBITS) == Z_OK;
  }
  ~ZlibGunzip() override {
    if (ready_) inflateEnd(&stream_);
  }
  ZlibGunzip(const ZlibGunzip&) = delete;
  ZlibGunzip& operator=(const ZlibGunzip&) = delete;

  Result<Step> step(std::span<const char> input, std::span<char> output) override {
    if (!ready_) return fail(Error::Code::Io, "zlib could not be set up: out of memory");
    // zlib's interface is not const, but it only reads the input.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    stream_.avail_in = count_in(input);
    stream_.next_out = reinterpret_cast<Bytef*>(output.data());
    stream_.avail_out = count_in(output);
    const uint32_t input_count = stream_.avail_in;
    const uint32_t output_count = stream_.avail_out;
    const int code = inflate(&stream_, Z_NO_FLUSH);
    // Z_BUF_ERROR: no progress was possible, which is the caller's to mend.
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
      return fail(Error::Code::Invalid, describe(code));
    return Step{input_count - stream_.avail_in, output_count - stream_.avail_out,
                code == Z_STREAM_END};
  }

  void reset() override { ready_ = ready_ && inflateReset(&stream_) == Z_OK; }

 private:
  std::string describe(int code) const {
    if (code == Z_DATA_ERROR && stream_.msg != nullptr)
      return std::string(kDamaged) + " (" + stream_.msg + ")";
    return std::string(kDamaged);
  }

  z_stream stream_ = {};
  bool ready_ = false;
};

#if defined(SAGEWARDEN_ISAL)
// Loaded by the first packed file, as most runs read none.
struct Isal {
  decltype(&isal_inflate_init) begin = nullptr;
  decltype(&isal_inflate) inflate = nullptr;
};

template <typename Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

std::optional<Isal> load_isal() {
  void* const library = dlopen("libisal.so.2", RTLD_NOW | RTLD_LOCAL);
  Isal isal;
  if (library == nullptr || !find(library, "isal_inflate_init", isal.begin) ||
      !find(library, "isal_inflate", isal.inflate))
    return std::nullopt;
  return isal;
}

class IsalGunzip final : public Gunzip {
 public:
  explicit IsalGunzip(const Isal& isal) : isal_(isal) { begin(); }

  Result<Step> step(std::span<const char> input, std::span<char> output) override {
    // ISA-L's interface is not const, but it only reads the input.
    state_->next_in = reinterpret_cast<uint8_t*>(const_cast<char*>(input.data()));
    state_->avail_in = count_in(input);
    state_->next_out = reinterpret_cast<uint8_t*>(output.data());
    state_->avail_out = count_in(output);
    const uint32_t input_count = state_->avail_in;
    const uint32_t output_count = state_->avail_out;
    const int code = isal_.inflate(state_.get());
    if (code < 0 || code == ISAL_NEED_DICT) return fail(Error::Code::Invalid, describe(code));
    return Step{input_count - state_->avail_in, output_count - state_->avail_out,
                state_->block_state == ISAL_BLOCK_FINISH};
  }

  void reset() override { begin(); }

 private:
  void begin() {
    isal_.begin(state_.get());
    state_->crc_flag = ISAL_GZIP;
  }

  static std::string describe(int code) {
    if (code == ISAL_INCORRECT_CHECKSUM)
      return std::string(kDamaged) + " (the checksum does not match)";
    if (code == ISAL_INVALID_WRAPPER || code == ISAL_UNSUPPORTED_METHOD)
      return std::string(kDamaged) + " (the gzip header is malformed)";
    return std::string(kDamaged);
  }

  const Isal& isal_;
  // Some 90 KB, too much for the stack, and of which begin() sets what is read before it is
  // written.
  std::unique_ptr<inflate_state> state_ = std::make_unique_for_overwrite<inflate_state>();
};
#endif

}  // namespace

std::unique_ptr<Gunzip> create_zlib_gunzip() {
  return std::make_unique<ZlibGunzip>();
}

std::unique_ptr<Gunzip> create_isal_gunzip() {
#if defined(SAGEWARDEN_ISAL)
  static const std::optional<Isal> kIsal = load_isal();
  if (!kIsal) return nullptr;
  return std::make_unique<IsalGunzip>(*kIsal);
#else
  return nullptr;
#endif
}

std::unique_ptr<Gunzip> create_gunzip() {
  std::unique_ptr<Gunzip> fast = create_isal_gunzip();
  return fast ? std::move(fast) : create_zlib_gunzip();
}

}  // namespace sagewarden
