#include "source/cloudformation/suppressions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "base/text.h"
#include "base/time.h"
#include "source/cloudformation/value.h"

namespace sagewarden::cloudformation {
namespace {

constexpr std::array<std::string_view, 3> kFields = {"control", "reason", "expires"};

// Two controls that have nothing in common: a pattern that takes both takes all.
constexpr std::array<std::string_view, 2> kUnlikeControls = {"SageMaker.3", "Sagewarden.12"};

bool takes_every_control(std::string_view pattern) {
  return std::ranges::all_of(
      kUnlikeControls, [&](std::string_view control) { return glob_match(pattern, control); });
}

void refuse(Problems& problems, Mark mark, const std::string& why) {
  problems.report(mark, code::kSuppression, why + "; nothing is suppressed by it");
}

// The field's text; empty when it is not given; no value when it is given and is no text.
std::optional<std::string> field(const Node& entry, std::string_view name) {
  const Node* node = entry.find(name);
  if (node == nullptr) return std::string();
  if (!node->is_string() || !node->tag.empty()) return std::nullopt;
  return std::string(trim(node->text));
}

void read_one(const Node& entry, Problems& problems, std::vector<InlineSuppression>& out) {
  if (!entry.is_mapping())
    return refuse(problems, entry.mark, "a suppression is a mapping of control and reason");
  for (const Node::Entry& given : entry.entries) {
    // A misspelt `expires` would make a suppression last for ever.
    if (std::find(kFields.begin(), kFields.end(), given.key) == kFields.end())
      return refuse(problems, given.key_mark,
                    fmt::format("a suppression has no field {}", shown(given.key)));
  }
  const std::optional<std::string> control = field(entry, "control");
  const std::optional<std::string> reason = field(entry, "reason");
  const std::optional<std::string> expires = field(entry, "expires");
  if (!control || control->empty())
    return refuse(problems, entry.mark, "a suppression needs a control");
  if (control->size() > kMaxPatternBytes)
    return refuse(problems, entry.mark,
                  fmt::format("the control is longer than {} bytes", kMaxPatternBytes));
  if (takes_every_control(*control))
    return refuse(problems, entry.mark,
                  fmt::format("{} accepts whatever there is: name a control, or a pattern such as "
                              "SageMaker.*",
                              shown(*control)));
  if (!reason || reason->empty())
    return refuse(problems, entry.mark, "a suppression needs a reason");
  const bool dated = entry.find("expires") != nullptr;
  if (!expires || (dated && !is_date(*expires)))
    return refuse(problems, entry.mark, "expires is a day, written YYYY-MM-DD");
  out.push_back({*control, *reason, *expires, entry.mark.line});
}

}  // namespace

std::vector<InlineSuppression> read_suppressions(const Node& resource, Problems& problems) {
  std::vector<InlineSuppression> out;
  const Node* metadata = resource.find("Metadata");
  const Node* own = metadata == nullptr ? nullptr : metadata->find("sagewarden");
  if (own == nullptr) return out;
  const Node* list = own->find("suppress");
  if (list == nullptr || !list->is_sequence() || own->entries.size() != 1) {
    refuse(problems, own->mark, "Metadata.sagewarden holds a list named suppress and nothing else");
    return out;
  }
  for (const Node& entry : list->items) read_one(entry, problems, out);
  return out;
}

}  // namespace sagewarden::cloudformation
