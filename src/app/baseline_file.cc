#include "app/baseline_file.h"

#include "base/input.h"

namespace sagewarden {
namespace {

constexpr size_t kMaxBaselineBytes = 2'000'000'000;

}  // namespace

Result<std::optional<Baseline>> read_baseline_file(const std::string& file) {
  if (file.empty()) return std::optional<Baseline>();
  // May be compressed: it is kept between runs and can be large.
  TRY_LET(InputStream stream, InputStream::open(file));
  TRY_LET(const Text text, read_text(stream, kMaxBaselineBytes));
  TRY_LET(Baseline baseline, read_baseline(file, text.view()));
  return std::optional<Baseline>(std::move(baseline));
}

}  // namespace sagewarden
