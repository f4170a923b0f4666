#include "evaluate/evaluator.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <bit>

#include "base/iso_time.h"
#include "base/json_writer.h"

namespace sagewarden {
namespace {

// Whether it is known which resource it is. A name alone is none: another account has the same.
bool has_identity(const Resource& resource) {
  if (!resource.arn.empty() || !resource.location->address.empty()) return true;
  return !resource.account.empty() && !resource.region.empty() &&
         !(resource.name.empty() && resource.id.empty());
}

// What tells a resource without an ARN from the others of its file.
std::string address_of(const Resource& resource) {
  const Location& location = *resource.location;
  if (!location.address.empty()) return location.address;
  std::string address;
  const auto add = [&](std::string_view part) {
    if (part.empty()) return;
    if (!address.empty()) address += '/';
    address += part;
  };
  add(resource.account);
  add(resource.region);
  add(resource.type);
  add(resource.name);
  if (resource.id != resource.name) add(resource.id);
  if (!has_identity(resource) && location.line != 0) add(fmt::format("line-{}", location.line));
  return address;
}

Compliance compliance_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::Passed:
      return Compliance::Passed;
    case Verdict::Failed:
      return Compliance::Failed;
    case Verdict::Warning:
      return Compliance::Warning;
    case Verdict::NotApplicable:  // makes no finding
    case Verdict::NotAvailable:
      return Compliance::NotAvailable;
  }
  return Compliance::NotAvailable;
}

using Tags = std::vector<std::pair<std::string, std::string>>;

// Without those whose value is not known: the document holds null in their place, and neither a
// reader nor an exception must take that for the value. The room of an earlier resource's tags is
// used again; returns how many there are.
size_t copy_tags(const Resource& resource, Tags& out) {
  const UnknownNode* const unknown = resource.unknown_tags;
  if (unknown != nullptr && unknown->unknown) return 0;
  size_t count = 0;
  for (const auto& [key, value] : resource.tags.members()) {
    const UnknownNode* const node = unknown == nullptr ? nullptr : unknown->below(key);
    if (value.is_null() || (node != nullptr && node->unknown)) continue;
    if (count == out.size()) out.emplace_back();
    auto& [out_key, out_value] = out[count++];
    out_key = key;
    out_value.clear();
    if (value.is_string()) {
      out_value = value.string();
    } else {
      json::Writer(out_value).value(value);
    }
  }
  return count;
}

// What all findings of a resource have in common.
FindingView view_of(const Resource& resource) {
  FindingView finding;
  finding.type = resource.type;
  finding.arn = resource.arn;
  finding.name = resource.name;
  finding.account = resource.account;
  finding.region = resource.region;
  finding.partition = resource.partition;
  finding.location = resource.location;
  finding.captured_at = resource.captured_at;
  return finding;
}

void write_id(std::string_view control, const Resource& resource, std::string& id) {
  id = control;
  id += '/';
  if (resource.arn.empty()) {
    ((id += resource.location->file) += '#') += address_of(resource);
  } else {
    id += resource.arn;
  }
  if (id.size() <= kMaxFindingId) return;
  const Hash hash = hash_of(id);
  const std::string end = fmt::format("~{:016x}{:016x}", hash[1], hash[0]);
  size_t cut = kMaxFindingId - end.size();
  while (cut > 0 && (static_cast<unsigned char>(id[cut]) & 0xC0) == 0x80) --cut;
  id.resize(cut);
  id += end;
}

}  // namespace

// Of two resources with the same key only the later counts, so that what cannot be told apart for
// sure must not have one key.
Hash Evaluator::key_of(const Resource& resource) const {
  if (!resource.arn.empty()) return hash_of(resource.arn);
  const Location& location = *resource.location;
  if (!location.address.empty()) return hash_of(location.file, location.address);
  std::string address = address_of(resource);
  if (!has_identity(resource)) address += fmt::format("/nameless-{}", ++nameless_);
  return hash_of(location.file, address);
}

ResourceVerdicts Evaluator::verdicts_of(const Resource& resource) const {
  ResourceVerdicts verdicts;
  verdicts.key = key_of(resource);
  verdicts.captured_at = parse_iso_time(resource.captured_at);
  verdicts.file = resource.location->file;
  return verdicts;
}

Evaluator::Evaluator(std::span<const Control> controls, ExceptionUse& exceptions,
                     KeepPassed keep_passed)
    : controls_(controls), exceptions_(exceptions), keep_passed_(keep_passed) {
  std::vector<size_t> order(controls.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return controls[a].info.resource_type < controls[b].info.resource_type;
  });
  for (const size_t place : order) {
    const std::string_view type = controls[place].info.resource_type;
    if (types_.empty() || types_.back() != type) types_.push_back(type);
    if (groups_.empty() || groups_.back().type != type ||
        groups_.back().controls.size() == kControlsPerGroup)
      groups_.push_back({type, {}});
    groups_.back().controls.push_back(place);
  }
}

std::span<const ControlGroup> Evaluator::groups_of(std::string_view type) const {
  const auto first = std::lower_bound(
      groups_.begin(), groups_.end(), type,
      [](const ControlGroup& group, std::string_view wanted) { return group.type < wanted; });
  auto last = first;
  while (last != groups_.end() && last->type == type) ++last;
  return {first, last};
}

bool Evaluator::evaluate(const Resource& resource, Workbench& bench, FindingSink& sink) const {
  const std::span<const ControlGroup> groups = groups_of(resource.type);
  if (groups.empty()) return false;
  if (resource.suppressions != nullptr) exceptions_.met(*resource.location, *resource.suppressions);
  ResourceVerdicts verdicts = verdicts_of(resource);
  for (const ControlGroup& group : groups) {
    verdicts.group = static_cast<uint32_t>(&group - groups_.data());
    evaluate_group(resource, verdicts, bench, sink);
  }
  return true;
}

bool Evaluator::deleted(const Resource& resource, FindingSink& sink) const {
  const std::span<const ControlGroup> groups = groups_of(resource.type);
  if (groups.empty()) return false;
  ResourceVerdicts verdicts = verdicts_of(resource);
  verdicts.deleted = true;
  for (const ControlGroup& group : groups) {
    verdicts.group = static_cast<uint32_t>(&group - groups_.data());
    sink.resource(verdicts);
  }
  return true;
}

void Evaluator::evaluate_group(const Resource& resource, ResourceVerdicts& verdicts,
                               Workbench& bench, FindingSink& sink) const {
  const std::vector<size_t>& places = groups_[verdicts.group].controls;
  std::array<const Judgement*, kControlsPerGroup> found = {};
  uint64_t kept = 0;  // bit i: the group's control i becomes a finding
  verdicts.passed = 0;
  verdicts.failed = 0;
  verdicts.open = 0;
  for (size_t i = 0; i < places.size(); ++i) {
    found.at(i) = &bench.judge.ask(places[i], resource);
    const Verdict verdict = found.at(i)->verdict;
    if (verdict == Verdict::NotApplicable) continue;
    const uint64_t bit = uint64_t{1} << i;
    if (verdict == Verdict::Failed) verdicts.failed |= bit;
    if (verdict != Verdict::Failed && verdict != Verdict::Passed) verdicts.open |= bit;
    const bool only_counted = verdict == Verdict::Passed && keep_passed_ == KeepPassed::No;
    (only_counted ? verdicts.passed : kept) |= bit;
  }
  sink.resource(verdicts);
  if (kept == 0) return;
  FindingView finding = view_of(resource);
  const size_t tags = copy_tags(resource, bench.tags);
  finding.tags = std::span(bench.tags).first(tags);
  for (; kept != 0; kept &= kept - 1) {
    const auto i = static_cast<size_t>(std::countr_zero(kept));
    const ControlInfo& control = controls_[places[i]].info;
    verdicts.control = static_cast<uint32_t>(i);
    write_id(control.id, resource, bench.id);
    finding.id = bench.id;
    finding.control = control.id;
    finding.severity = control.severity;
    finding.compliance = compliance_of(found.at(i)->verdict);
    finding.reasons = found.at(i)->grounds.reasons;
    finding.evidence = found.at(i)->grounds.evidence;
    tell(verdicts, finding, resource, sink);
  }
}

void Evaluator::tell(const ResourceVerdicts& verdicts, const FindingView& finding,
                     const Resource& resource, FindingSink& sink) const {
  const bool may_be_accepted = resource.suppressions != nullptr || exceptions_.has_entries();
  if (!may_be_accepted || finding.compliance == Compliance::Passed)
    return sink.finding(verdicts, finding);
  Finding settled = copy_of(finding);
  exceptions_.apply(settled, resource.suppressions);
  sink.finding(verdicts, view_of(settled));
}

std::string finding_id(std::string_view control, const Resource& resource) {
  std::string id;
  write_id(control, resource, id);
  return id;
}

}  // namespace sagewarden
