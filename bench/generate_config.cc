// Writes an AWS Config snapshot of invented items, for measurements and for trying things out:
//   generate_config MEGABYTES [SAGEMAKER_PERCENT [SEED]] > snapshot.json
#include <charconv>
#include <cstdio>
#include <span>

#include "config_items.h"

namespace {

// The number at that place of the command line, or the one to use when there is none; -1 when it
// is no number.
int64_t number_at(std::span<char* const> arguments, size_t place, int64_t otherwise) {
  if (place >= arguments.size()) return otherwise;
  const std::string_view text = arguments[place];
  int64_t number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : -1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<char* const> arguments(argv, static_cast<size_t>(argc));
  const int64_t megabytes = number_at(arguments, 1, -1);
  const int64_t percent = number_at(arguments, 2, 100);
  const int64_t seed = number_at(arguments, 3, 1);
  if (megabytes < 0 || percent < 0 || percent > 100 || seed < 0) {
    std::fputs("usage: generate_config MEGABYTES [SAGEMAKER_PERCENT [SEED]] > FILE\n", stderr);
    return 2;
  }
  sagewarden::bench::ConfigItems items(static_cast<uint64_t>(seed), static_cast<unsigned>(percent));
  bool written = true;
  sagewarden::bench::write_snapshot(
      items, static_cast<uint64_t>(megabytes) * 1'000'000, [&](std::string_view piece) {
        written = written && std::fwrite(piece.data(), 1, piece.size(), stdout) == piece.size();
      });
  return written && std::fflush(stdout) == 0 ? 0 : 1;
}
