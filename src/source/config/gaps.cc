#include "source/config/gaps.h"

#include <utility>

#include "base/text.h"

namespace sagewarden::config {

void FileGaps::file(Sink& sink, std::string_view code, std::string message) {
  Gap gap;
  gap.kind = Gap::Kind::File;
  gap.location = location_;
  gap.code = code;
  gap.message = std::move(message);
  tell(sink, std::move(gap));
}

void FileGaps::item(Sink& sink, uint64_t number, std::string_view code, std::string message,
                    std::string_view type) {
  Gap gap;
  gap.kind = Gap::Kind::Item;
  gap.location = location_;
  gap.location.address = "item " + std::to_string(number);
  gap.type = type;
  gap.code = code;
  gap.message = std::move(message);
  tell(sink, std::move(gap));
}

void FileGaps::tell(Sink& sink, Gap gap) {
  if (count_.fetch_add(1, std::memory_order_relaxed) < kMaxFileGaps) sink.gap(std::move(gap));
}

void FileGaps::finish(Sink& sink) {
  const uint64_t count = count_.load(std::memory_order_relaxed);
  if (count <= kMaxFileGaps) return;
  Gap gap;
  gap.kind = Gap::Kind::File;
  gap.location = location_;
  gap.code = "TOO_MANY";
  gap.message = count_of(count - kMaxFileGaps, "more part") +
                " of the file could not be read; of these only the number is told";
  sink.gap(std::move(gap));
}

}  // namespace sagewarden::config
