#include "app/gap_log.h"

#include <fmt/core.h>

#include <string>

#include "report/words.h"

namespace sagewarden {
namespace {

constexpr size_t kMaxLoggedGaps = 20;  // the reports list them all

// The gap's message with its place before it, unless it says that itself.
std::string named(const Gap& gap) {
  if (gap.kind == Gap::Kind::Call) return fmt::format("{}: {}", gap_place_text(gap), gap.message);
  const Location& at = gap.location;
  const std::string& where = at.file.empty() ? gap.operation : at.file;
  if (where.empty() || gap.message.find(where) != std::string::npos) return gap.message;
  if (at.line == 0 || gap.message.starts_with("line "))
    return fmt::format("{}: {}", where, gap.message);
  return fmt::format("{}:{}:{}: {}", where, at.line, at.column, gap.message);
}

}  // namespace

void GapLog::note(const Gap& gap) {
  if (++count_ <= kMaxLoggedGaps) log_.error(named(gap));
}

void GapLog::end() {
  if (count_ > kMaxLoggedGaps)
    log_.error(fmt::format("{} more could not be read", count_ - kMaxLoggedGaps));
}

}  // namespace sagewarden
