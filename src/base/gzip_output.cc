#include "base/gzip_output.h"

#include <zlib.h>

#include <array>
#include <limits>
#include <utility>

namespace sagewarden {
namespace {

constexpr int kGzip = 16;        // with a gzip header
constexpr int kMemoryLevel = 8;  // zlib's own default

class GzipOutput : public Output {
 public:
  explicit GzipOutput(std::unique_ptr<Output> to) : to_(std::move(to)) {
    ready_ = deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzip + MAX_WBITS,
                          kMemoryLevel, Z_DEFAULT_STRATEGY) == Z_OK;
  }
  GzipOutput(const GzipOutput&) = delete;
  GzipOutput& operator=(const GzipOutput&) = delete;
  ~GzipOutput() override {
    if (ready_) deflateEnd(&stream_);
  }

  Result<void> write(std::string_view text) override {
    constexpr size_t kMost = std::numeric_limits<uInt>::max();
    while (!text.empty()) {
      const std::string_view piece = text.substr(0, kMost);
      text.remove_prefix(piece.size());
      TRY_DO(deflate_piece(piece, Z_NO_FLUSH));
    }
    return {};
  }

  Result<void> commit() override {
    TRY_DO(deflate_piece({}, Z_FINISH));
    return to_->commit();
  }

 private:
  Result<void> deflate_piece(std::string_view piece, int flush) {
    if (!ready_) return fail(Error::Code::Io, "there is no memory to compress with");
    // zlib does not write to its input, but says so only where it is built with ZLIB_CONST.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    stream_.avail_in = static_cast<uInt>(piece.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(packed_.data());
      stream_.avail_out = static_cast<uInt>(packed_.size());
      deflate(&stream_, flush);
      TRY_DO(to_->write({packed_.data(), packed_.size() - stream_.avail_out}));
    } while (stream_.avail_out == 0);
    return {};
  }

  std::unique_ptr<Output> to_;
  z_stream stream_ = {};
  bool ready_ = false;
  std::array<char, size_t{64} * 1024> packed_{};
};

}  // namespace

std::unique_ptr<Output> create_gzip_output(std::unique_ptr<Output> to) {
  return std::make_unique<GzipOutput>(std::move(to));
}

}  // namespace sagewarden
