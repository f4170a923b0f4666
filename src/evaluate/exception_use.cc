#include "evaluate/exception_use.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "base/time.h"

namespace sagewarden {
namespace {

bool takes_control(const PostureException& entry, std::string_view control) {
  return entry.controls.empty() ||
         std::any_of(entry.controls.begin(), entry.controls.end(),
                     [&](const std::string& pattern) { return glob_match(pattern, control); });
}

bool takes_resource(const PostureException& entry, const Finding& finding) {
  if (entry.resources.empty()) return true;
  const Location& location = finding.location;
  // Logical ids repeat from template to template, so that a pattern may name the file as well.
  const std::string in_file =
      location.address.empty() ? std::string() : location.file + "#" + location.address;
  const auto takes = [&](const std::string& pattern) {
    return glob_match(pattern, finding.arn) || glob_match(pattern, location.address) ||
           glob_match(pattern, in_file) || glob_match(pattern, finding.name);
  };
  return std::any_of(entry.resources.begin(), entry.resources.end(), takes);
}

bool takes_tags(const PostureException& entry, const Finding& finding) {
  const auto has = [&](const std::pair<const std::string, std::string>& wanted) {
    return std::any_of(finding.tags.begin(), finding.tags.end(), [&](const auto& tag) {
      return tag.first == wanted.first && glob_match(wanted.second, tag.second);
    });
  };
  return std::all_of(entry.tags.begin(), entry.tags.end(), has);
}

bool takes_account(const PostureException& entry, std::string_view account) {
  return entry.accounts.empty() ||
         std::find(entry.accounts.begin(), entry.accounts.end(), account) != entry.accounts.end();
}

Reason expired(std::string_view what, std::string_view expires) {
  return {"EXCEPTION_EXPIRED",
          fmt::format("{} ended on {}; this is no longer accepted", what, expires)};
}

}  // namespace

bool matches(const PostureException& entry, const Finding& finding) {
  return takes_control(entry, finding.control) && takes_account(entry, finding.account) &&
         takes_resource(entry, finding) && takes_tags(entry, finding);
}

ExceptionUse::ExceptionUse(const Exceptions& exceptions, std::string_view today)
    : exceptions_(exceptions), today_(today), matched_(exceptions.entries.size()) {}

bool ExceptionUse::is_over(std::string_view expires) const {
  // What is no date (a template can say anything) gives no right to be accepted.
  return !expires.empty() && (!is_date(expires) || expires < today_);
}

void ExceptionUse::apply(Finding& finding, const std::vector<InlineSuppression>* in_source) {
  if (finding.compliance == Compliance::Passed) return;
  std::optional<Reason> over;
  for (size_t i = 0; i < exceptions_.entries.size(); ++i) {
    const PostureException& entry = exceptions_.entries[i];
    if (!matches(entry, finding)) continue;
    matched_[i].fetch_add(1, std::memory_order_relaxed);
    if (is_over(entry.expires)) {
      over = expired(fmt::format("the exception of {}", entry.owner), entry.expires);
      continue;
    }
    finding.suppressed =
        Suppression{Suppression::Kind::External, entry.reason, entry.owner, entry.expires};
    return;
  }
  if (in_source != nullptr) {
    for (const InlineSuppression& inside : *in_source) {
      if (!glob_match(inside.control, finding.control)) continue;
      if (is_over(inside.expires)) {
        over = expired(fmt::format("the suppression in line {}", inside.line), inside.expires);
        continue;
      }
      finding.suppressed =
          Suppression{Suppression::Kind::InSource, inside.reason, "", inside.expires};
      return;
    }
  }
  if (over) finding.reasons.push_back(std::move(*over));
}

std::vector<std::string> ExceptionUse::notices() const {
  std::vector<std::string> out;
  for (size_t i = 0; i < exceptions_.entries.size(); ++i) {
    const PostureException& entry = exceptions_.entries[i];
    const uint64_t matched = matched_[i].load(std::memory_order_relaxed);
    const std::string where = fmt::format("{}:{}", printable(exceptions_.file), entry.mark.line);
    const std::string owner = printable(entry.owner);
    if (is_over(entry.expires)) {
      const std::string what =
          matched == 0 ? "nothing in this run needs it, delete it"
                       : count_of(matched, "finding is", "findings are") + " no longer suppressed";
      out.push_back(fmt::format("{}: this exception expired on {} (owner: {}): {}", where,
                                entry.expires, owner, what));
    } else if (matched == 0) {
      out.push_back(
          fmt::format("{}: this exception suppressed nothing (owner: {}): what it was for is "
                      "fixed, or was not part of this run",
                      where, owner));
    }
  }
  return out;
}

}  // namespace sagewarden
