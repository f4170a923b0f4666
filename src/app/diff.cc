#include "app/diff.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "app/diff_side.h"
#include "base/input.h"
#include "base/sha256.h"
#include "base/text.h"
#include "source/recognise.h"

namespace sagewarden {
namespace {

constexpr size_t kRecogniseBytes = size_t{64} * 1024;

// What tells one state of an item from another.
struct Fingerprint {
  std::array<char, 32> hash = {};
  std::string time;
};
using Index = std::unordered_map<std::string, Fingerprint>;
using Keys = std::unordered_set<std::string>;
using Items = std::unordered_map<std::string, DiffItem>;

struct Opened {
  std::unique_ptr<DiffSideReader> reader;
  Diff::Subject subject;
};

Result<Opened> open_side(const std::string& file, Progress& progress) {
  TRY_LET(InputStream input, InputStream::open(file));
  TRY_LET(const std::string_view start, input.peek(kRecogniseBytes));
  if (recognise(start, Extent::Start).format == InputFormat::Inventory) {
    TRY_LET(std::unique_ptr<DiffSideReader> reader, open_bundle_side(file, progress));
    return Opened{std::move(reader), Diff::Subject::Resources};
  }
  // A report without findings in the format ndjson is empty.
  if (start.empty() || start.find("\"sagewarden-") != std::string_view::npos) {
    TRY_LET(std::unique_ptr<DiffSideReader> reader, open_report_side(file, progress));
    return Opened{std::move(reader), Diff::Subject::Verdicts};
  }
  return fail(
      Error::Code::Invalid,
      fmt::format("{}: neither a bundle (sagewarden collect) nor a report in the format json "
                  "or ndjson",
                  file));
}

Result<Index> index_of(DiffSideReader& side) {
  Index index;
  TRY_DO(side.each([&](const DiffItem& item) {
    Fingerprint& known = index[item.key];
    if (item.time < known.time) return;
    Sha256 hash;
    hash.update(item.text);
    std::memcpy(known.hash.data(), hash.hex().data(), known.hash.size());
    known.time = item.time;
  }));
  return index;
}

// Those of the keys, whole.
Result<Items> items_of(DiffSideReader& side, const Keys& keys) {
  Items items;
  if (keys.empty()) return items;
  TRY_DO(side.each([&](DiffItem item) {
    if (!keys.contains(item.key)) return;
    const auto known = items.find(item.key);
    if (known != items.end() && item.time < known->second.time) return;
    items.insert_or_assign(item.key, std::move(item));
  }));
  return items;
}

Difference only_in(const DiffItem& item, Change change) {
  Difference out;
  out.change = change;
  out.control = item.control;
  out.type = item.type;
  out.name = item.name;
  out.arn = item.arn;
  out.account = item.account;
  out.region = item.region;
  const bool is_before = change == Change::Went || change == Change::NotSeenAfter;
  (is_before ? out.before : out.after) = item.verdict;
  return out;
}

bool comes_before(const Difference& a, const Difference& b) {
  const auto place = [](const Difference& of) {
    return std::tie(of.account, of.region, of.type, of.name, of.arn);
  };
  if (place(a) != place(b)) return place(a) < place(b);
  return natural_less(a.control, b.control);
}

// Those that are in one side only, or not the same in both.
Keys differing(const Index& before, const Index& after) {
  Keys keys;
  for (const auto& [key, fingerprint] : before) {
    const auto other = after.find(key);
    if (other == after.end() || other->second.hash != fingerprint.hash) keys.insert(key);
  }
  for (const auto& [key, fingerprint] : after) {
    if (!before.contains(key)) keys.insert(key);
  }
  return keys;
}

void take_differences(const DiffSideReader& before, const DiffSideReader& after,
                      const std::pair<Items, Items>& items, Diff& diff) {
  for (const auto& [key, was] : items.first) {
    const auto is = items.second.find(key);
    if (is == items.second.end()) {
      diff.differences.push_back(
          only_in(was, after.looked_for(was) ? Change::Went : Change::NotSeenAfter));
      continue;
    }
    Difference difference = before.compare(was, is->second);
    const bool differs = difference.before != difference.after || !difference.values.empty();
    if (differs)
      diff.differences.push_back(std::move(difference));
    else
      ++diff.same;
  }
  for (const auto& [key, is] : items.second) {
    if (items.first.contains(key)) continue;
    diff.differences.push_back(
        only_in(is, before.looked_for(is) ? Change::Appeared : Change::NotSeenBefore));
  }
  std::ranges::sort(diff.differences, comes_before);
}

}  // namespace

Result<Diff> diff_files(const std::string& before, const std::string& after, Progress& progress) {
  TRY_LET(const Opened first, open_side(before, progress));
  TRY_LET(const Opened second, open_side(after, progress));
  if (first.subject != second.subject)
    return fail(
        Error::Code::Invalid,
        fmt::format("{} and {} cannot be compared: one is a bundle of resources, the other a "
                    "report of findings",
                    before, after));
  TRY_LET(const Index old_index, index_of(*first.reader));
  TRY_LET(const Index new_index, index_of(*second.reader));
  const Keys keys = differing(old_index, new_index);
  std::pair<Items, Items> items;
  TRY_LET(items.first, items_of(*first.reader, keys));
  TRY_LET(items.second, items_of(*second.reader, keys));

  Diff diff;
  diff.subject = first.subject;
  diff.before = first.reader->about();
  diff.after = second.reader->about();
  for (const auto& [key, fingerprint] : old_index) diff.same += keys.contains(key) ? 0U : 1U;
  take_differences(*first.reader, *second.reader, items, diff);
  for (const DiffSideReader* const side : {first.reader.get(), second.reader.get()}) {
    for (std::string& note : side->notes()) diff.notes.push_back(std::move(note));
  }
  const std::string was_from = first.reader->origin(), is_from = second.reader->origin();
  // "config-aggregator" too: it holds what the accounts' recorders do.
  const bool was_config = was_from.starts_with("config");
  if (!was_from.empty() && !is_from.empty() && was_config != is_from.starts_with("config"))
    diff.notes.push_back(
        fmt::format("{} was read from AWS Config, the other from SageMaker: AWS Config has other "
                    "members and tells of some changes later, which is shown as differences too",
                    was_config ? before : after));
  return diff;
}

}  // namespace sagewarden
