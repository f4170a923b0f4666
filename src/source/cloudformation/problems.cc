#include "source/cloudformation/problems.h"

#include <fmt/format.h>

#include <utility>

namespace sagewarden::cloudformation {

void Problems::about(std::string_view address, std::string_view type) {
  address_ = address;
  type_ = type;
}

void Problems::report(Mark mark, std::string_view code, const std::string& message) {
  if (told_.size() > kMaxProblems) return;
  const bool placed = mark.line > 0;
  std::string text =
      placed ? fmt::format("line {}, column {}: {}", mark.line, mark.column, message) : message;
  // A loop's body and a condition are met again and again; one word about each place is enough.
  if (!told_.insert(placed ? text : fmt::format("{}: {}", address_, text)).second) return;
  Gap gap;
  gap.kind = Gap::Kind::Item;
  gap.location = {file_, mark.line, mark.column, address_};
  gap.type = type_;
  gap.code = code;
  gap.message = std::move(text);
  if (told_.size() > kMaxProblems) {
    gap.code = code::kLimit;
    gap.message =
        fmt::format("more than {} problems in one template; only these are named", kMaxProblems);
  }
  sink_.gap(std::move(gap));
}

}  // namespace sagewarden::cloudformation
