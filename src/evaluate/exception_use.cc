#include "evaluate/exception_use.h"

#include <fmt/format.h>

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

bool takes_any(std::span<const std::string> patterns, std::span<const std::string_view> ids) {
  return patterns.empty() || std::ranges::any_of(patterns, [&](const std::string& pattern) {
           return std::ranges::any_of(ids,
                                      [&](std::string_view id) { return glob_match(pattern, id); });
         });
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

// The file that a suppression stands in; of a text without lines the resource as well.
std::string place_of_suppression(const Location& location, const InlineSuppression& inside) {
  if (inside.line != 0 || location.address.empty()) return location.file;
  return location.file + "#" + location.address;
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

void ExceptionUse::met(const Location& location, const std::vector<InlineSuppression>& in_source) {
  const std::scoped_lock lock(mutex_);
  for (const InlineSuppression& inside : in_source) {
    InSource key(place_of_suppression(location, inside), inside.line, inside.control,
                 inside.expires);
    if (in_source_.size() < kMaxExceptions) {
      in_source_.try_emplace(std::move(key), 0);
    } else if (!in_source_.contains(key)) {
      ++not_followed_;
    }
  }
}

void ExceptionUse::count(const Finding& finding, const InlineSuppression& inside) {
  const std::scoped_lock lock(mutex_);
  const auto found = in_source_.find({place_of_suppression(finding.location, inside), inside.line,
                                      inside.control, inside.expires});
  if (found != in_source_.end()) ++found->second;
}

void ExceptionUse::accept(Finding& finding, std::span<const InlineSuppression> in_source) {
  for (size_t i = 0; i < exceptions_.entries.size(); ++i) {
    const PostureException& entry = exceptions_.entries[i];
    if (!matches(entry, finding) || is_over(entry.expires)) continue;
    matched_[i].fetch_add(1, std::memory_order_relaxed);
    finding.suppressed =
        Suppression{Suppression::Kind::External, entry.reason, entry.owner, entry.expires};
    break;
  }
  for (const InlineSuppression& inside : in_source) {
    if (!glob_match(inside.control, finding.control) || is_over(inside.expires)) continue;
    count(finding, inside);
    if (!finding.suppressed)
      finding.suppressed =
          Suppression{Suppression::Kind::InSource, inside.reason, "", inside.expires};
  }
}

void ExceptionUse::note_expired(Finding& finding, std::span<const InlineSuppression> in_source) {
  std::optional<Reason> over;
  for (size_t i = 0; i < exceptions_.entries.size(); ++i) {
    const PostureException& entry = exceptions_.entries[i];
    if (!is_over(entry.expires) || !matches(entry, finding)) continue;
    matched_[i].fetch_add(1, std::memory_order_relaxed);
    over = expired(fmt::format("the exception of {}", entry.owner), entry.expires);
  }
  for (const InlineSuppression& inside : in_source) {
    if (!is_over(inside.expires) || !glob_match(inside.control, finding.control)) continue;
    count(finding, inside);
    over = expired(inside.line == 0 ? "the suppression in the template"
                                    : fmt::format("the suppression in line {}", inside.line),
                   inside.expires);
  }
  if (over) finding.reasons.push_back(std::move(*over));
}

void ExceptionUse::apply(Finding& finding, const std::vector<InlineSuppression>* in_source) {
  if (finding.compliance == Compliance::Passed) return;
  std::span<const InlineSuppression> inside;
  if (in_source != nullptr) inside = *in_source;
  accept(finding, inside);
  if (!finding.suppressed) note_expired(finding, inside);
}

std::string ExceptionUse::notice(const Subject& subject, uint64_t matched,
                                 std::span<const std::string_view> ids) const {
  if (is_over(subject.expires)) {
    const std::string what =
        matched == 0 ? "nothing in this run needs it, delete it"
                     : count_of(matched, "finding is", "findings are") + " no longer suppressed";
    return fmt::format("{}: this {} expired on {}{}: {}", subject.where, subject.what,
                       printable(subject.expires), subject.owner, what);
  }
  if (matched > 0) return {};
  const std::string why =
      takes_any(subject.controls, ids)
          ? "what it was for is fixed, or was not part of this run"
          : fmt::format("no control of the catalogue or of this run is called {}",
                        printable(fmt::format("{}", fmt::join(subject.controls, " or "))));
  return fmt::format("{}: this {} suppressed nothing{}: {}", subject.where, subject.what,
                     subject.owner, why);
}

std::vector<std::string> ExceptionUse::notices(std::span<const std::string_view> ids) {
  std::vector<std::string> out;
  const auto add = [&](std::string notice) {
    if (!notice.empty()) out.push_back(std::move(notice));
  };
  for (size_t i = 0; i < exceptions_.entries.size(); ++i) {
    const PostureException& entry = exceptions_.entries[i];
    add(notice({fmt::format("{}:{}", printable(exceptions_.file), entry.mark.line), "exception",
                entry.expires, fmt::format(" (owner: {})", printable(entry.owner)), entry.controls},
               matched_[i].load(std::memory_order_relaxed), ids));
  }
  const std::scoped_lock lock(mutex_);
  for (const auto& [key, matched] : in_source_) {
    const auto& [file, line, control, expires] = key;
    add(notice(
        {printable(file) + (line == 0 ? "" : fmt::format(":{}", line)),
         fmt::format("suppression of {}", printable(control)), expires, "", std::span(&control, 1)},
        matched, ids));
  }
  if (not_followed_ > 0)
    out.push_back(
        fmt::format("more than {} suppressions in templates; of the others it is not "
                    "known whether anything needs them",
                    kMaxExceptions));
  return out;
}

}  // namespace sagewarden
