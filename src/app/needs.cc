#include "app/needs.h"

#include <algorithm>
#include <map>

#include "cel/cel.h"
#include "source/live/operations.h"

namespace sagewarden {
namespace {

void add(live::TypeNeeds& needs, const cel::Program& program) {
  const cel::Reads tags = cel::reads_of(program, "tags");
  needs.tags = needs.tags || tags.whole || !tags.members.empty();
  const cel::Reads resource = cel::reads_of(program, "resource");
  needs.whole = needs.whole || resource.whole;
  needs.members.insert(needs.members.end(), resource.members.begin(), resource.members.end());
}

}  // namespace

std::vector<live::TypeNeeds> needs_of(std::span<const Control> controls,
                                      const Exceptions& exceptions) {
  // An exception may be about the tags of any resource.
  const bool by_tags = std::ranges::any_of(
      exceptions.entries, [](const PostureException& entry) { return !entry.tags.empty(); });
  std::map<std::string, live::TypeNeeds> by_type;
  for (const Control& control : controls) {
    live::TypeNeeds& needs = by_type[control.info.resource_type];
    needs.type = control.info.resource_type;
    add(needs, control.applies);
    add(needs, control.passes);
  }
  std::vector<live::TypeNeeds> out;
  for (auto& [type, needs] : by_type) {
    needs.tags = needs.tags || by_tags;
    std::ranges::sort(needs.members);
    needs.members.erase(std::unique(needs.members.begin(), needs.members.end()),
                        needs.members.end());
    out.push_back(std::move(needs));
  }
  return out;
}

std::vector<std::string_view> types_by_tags(std::span<const live::TypeNeeds> needs) {
  std::vector<std::string_view> types;
  for (const live::TypeNeeds& of : needs) {
    if (of.tags) types.emplace_back(of.type);
  }
  return types;
}

std::vector<live::TypeNeeds> needs_of_all() {
  std::vector<live::TypeNeeds> needs;
  for (const live::Operations& row : live::operations())
    needs.push_back({.type = std::string(row.type), .tags = true, .whole = true, .members = {}});
  return needs;
}

}  // namespace sagewarden
