#include "app/controls.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "base/file.h"
#include "base/text.h"

namespace sagewarden {
namespace {

constexpr std::string_view kDefaultSet = "security-hub";

// Short names by which people call standards, and a part of the name that AWS writes.
struct Abbreviation {
  std::string_view name;
  std::string_view part;
};
constexpr Abbreviation kAbbreviations[] = {
    {"ai", "ai security best practices"},
    {"fsbp", "foundational security best practices"},
};

// "controls/SageMaker.16.yaml" → "SageMaker.16": a built-in file is named after its control.
std::string_view id_of_file(std::string_view file) {
  file = file.substr(file.rfind('/') + 1);
  return file.substr(0, file.rfind('.'));
}

bool is_glob(std::string_view pattern) {
  return pattern.find_first_of("*?") != std::string_view::npos;
}

bool matches_any(std::span<const std::string> patterns, std::string_view id) {
  // Ids are compared as people type them: "sagemaker.3" is SageMaker.3.
  return std::ranges::any_of(
      patterns, [&](const std::string& pattern) { return glob_match(lower(pattern), lower(id)); });
}

// "A,B" "C" → "A" "B" "C"
std::vector<std::string> split_list(std::span<const std::string> lists) {
  std::vector<std::string> all;
  for (const std::string& list : lists) {
    for (const std::string_view part : split(list, ',')) {
      if (!trim(part).empty()) all.emplace_back(trim(part));
    }
  }
  return all;
}

bool in_sets(const ControlSelection& selection, std::string_view set) {
  const auto& sets = selection.sets;
  if (sets.empty()) return !selection.controls.empty() || set == kDefaultSet;
  return std::ranges::find(sets, "all") != sets.end() || std::ranges::find(sets, set) != sets.end();
}

bool has_standard(const ControlInfo& info, std::string_view wanted) {
  const std::string name = lower(wanted);
  const auto* const abbreviation = std::ranges::find(kAbbreviations, name, &Abbreviation::name);
  const std::string_view part =
      abbreviation == std::end(kAbbreviations) ? std::string_view(name) : abbreviation->part;
  return std::ranges::any_of(info.standards, [&](const std::string& standard) {
    return lower(standard).find(part) != std::string::npos;
  });
}

bool is_chosen(const ControlSelection& selection, const ControlInfo& info) {
  if (selection.severity && info.severity < *selection.severity) return false;
  return selection.standards.empty() ||
         std::ranges::any_of(selection.standards, [&](const std::string& standard) {
           return has_standard(info, standard);
         });
}

std::string meant(std::string_view word, std::span<const std::string_view> candidates) {
  const std::string_view near = nearest(word, candidates);
  return near.empty() ? std::string("; 'sagewarden controls list' shows them all")
                      : fmt::format(" (did you mean {}?)", near);
}

// The first test that does not come out as its file says.
Result<void> check_tests(const Control& control) {
  for (const TestOutcome& outcome : run_tests(control)) {
    if (!outcome.message.empty())
      return fail(Error::Code::Invalid, describe_failure(control, outcome));
  }
  return {};
}

// Users' controls, each with its tests passed.
Result<std::vector<Control>> read_users_controls(std::span<const std::string> folders) {
  TRY_LET(const std::vector<std::string> files, control_files(folders));
  std::vector<Control> controls;
  controls.reserve(files.size());
  for (const std::string& file : files) {
    TRY_LET(Control control, read_control_file(file));
    TRY_DO(check_tests(control));
    controls.push_back(std::move(control));
  }
  // Findings of two controls with one id could not be told apart.
  TRY_DO(check_unique_ids(controls));
  return controls;
}

// Without its tests, which were run when the program was built.
Result<Control> parse_builtin(const BuiltinControl& builtin) {
  return parse_control(builtin.file, builtin.text, builtin.set, ReadTests::No);
}

// Every name that the user gave must choose something: a typing error must not leave a control out.
Result<void> check_patterns(std::span<const std::string> patterns, std::span<const Control> users) {
  std::vector<std::string_view> ids = builtin_control_ids();
  for (const Control& control : users) ids.push_back(control.info.id);
  for (const std::string& pattern : patterns) {
    const bool found = std::ranges::any_of(ids, [&](std::string_view id) {
      return matches_any({&pattern, 1}, id);
    });
    if (!found)
      return fail(Error::Code::NotFound, fmt::format("no control is called {}{}", pattern,
                                                     is_glob(pattern) ? "" : meant(pattern, ids)));
  }
  return {};
}

// The same for standards. Reads all controls, as it must know all standards.
Result<void> check_standards(std::span<const std::string> standards,
                             std::span<const Control> users) {
  if (standards.empty()) return {};
  ControlInfo all;
  for (const Control& control : users) {
    const auto& names = control.info.standards;
    all.standards.insert(all.standards.end(), names.begin(), names.end());
  }
  for (const BuiltinControl& builtin : builtin_controls()) {
    TRY_LET(const Control control, parse_builtin(builtin));
    const auto& names = control.info.standards;
    all.standards.insert(all.standards.end(), names.begin(), names.end());
  }
  const std::set<std::string> known(all.standards.begin(), all.standards.end());
  for (const std::string& standard : standards) {
    if (has_standard(all, standard)) continue;
    return fail(Error::Code::NotFound,
                fmt::format("no standard is called {}; the standards are: {}", standard,
                            fmt::join(known, "; ")));
  }
  return {};
}

// "SageMaker.9.min_instance_count=1": the id may hold dots, the parameter's name has none.
Result<void> apply_parameter(std::span<Control> controls, const std::string& setting) {
  const size_t equals = setting.find('=');
  const size_t dot = std::string_view(setting).substr(0, equals).rfind('.');
  if (equals == std::string::npos || dot == std::string::npos)
    return fail(Error::Code::Invalid,
                fmt::format("--param {}: write it as CONTROL.NAME=VALUE", setting));
  const std::string_view id = std::string_view(setting).substr(0, dot);
  const std::string_view name = std::string_view(setting).substr(dot + 1, equals - dot - 1);
  for (Control& control : controls) {
    if (lower(control.info.id) != lower(id)) continue;
    if (Result<void> set = set_parameter(control, name, setting.substr(equals + 1)); !set)
      return fail(set.error().code, fmt::format("--param {}: {}", setting, set.error().message));
    return {};
  }
  std::vector<std::string_view> ids;
  for (const Control& control : controls) {
    ids.push_back(control.info.id);
    if (lower(control.info.id) == lower(std::string_view(setting).substr(0, equals)))
      return fail(
          Error::Code::Invalid,
          fmt::format("--param {}: write it as CONTROL.NAME=VALUE; `sagewarden controls show "
                      "{}` lists the names",
                      setting, control.info.id));
  }
  const std::string_view near = find_builtin(id) == nullptr ? nearest(id, ids) : std::string_view();
  return fail(Error::Code::NotFound,
              fmt::format("--param {}: the control {} is not among the chosen ones{}", setting, id,
                          near.empty() ? "" : fmt::format(" (did you mean {}?)", near)));
}

}  // namespace

std::vector<std::string_view> builtin_control_ids() {
  std::vector<std::string_view> ids;
  for (const BuiltinControl& builtin : builtin_controls()) ids.push_back(id_of_file(builtin.file));
  std::ranges::sort(ids, natural_less);
  return ids;
}

const BuiltinControl* find_builtin(std::string_view id) {
  const std::string wanted = lower(id);
  const std::span<const BuiltinControl> all = builtin_controls();
  const auto found = std::ranges::find_if(all, [&](const BuiltinControl& builtin) {
    return lower(id_of_file(builtin.file)) == wanted;
  });
  return found == all.end() ? nullptr : &*found;
}

std::string describe_failure(const Control& control, const TestOutcome& outcome) {
  return fmt::format("{}:{}:{}: test \"{}\": {}", control.file, outcome.test->mark.line,
                     outcome.test->mark.column, outcome.test->name, outcome.message);
}

Result<Control> read_control_file(const std::string& path) {
  TRY_LET(const std::string text, read_file(path, kMaxControlBytes));
  return parse_control(path, text, "user");
}

std::vector<ControlInfo> infos_of(std::span<const Control> controls) {
  std::vector<ControlInfo> infos;
  infos.reserve(controls.size());
  for (const Control& control : controls) infos.push_back(control.info);
  return infos;
}

Result<std::string> control_text(const Control& control) {
  const BuiltinControl* builtin = find_builtin(control.info.id);
  if (builtin != nullptr) return std::string(builtin->text);
  return read_file(control.file, kMaxControlBytes);
}

Result<std::vector<std::string>> control_files(std::span<const std::string> paths) {
  constexpr std::array<std::string_view, 2> kSuffixes = {".yaml", ".yml"};
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (std::filesystem::is_regular_file(path, error)) {
      files.push_back(path);
      continue;
    }
    TRY_LET(const std::vector<std::string> below, list_files(path, kSuffixes));
    if (below.empty())
      return fail(Error::Code::NotFound, path + ": no control files (*.yaml, *.yml) in there");
    files.insert(files.end(), below.begin(), below.end());
  }
  return files;
}

Result<std::vector<Control>> select_controls(const ControlSelection& selection) {
  const std::vector<std::string> patterns = split_list(selection.controls);
  if (patterns.empty() && !selection.controls.empty())
    return fail(Error::Code::Invalid, "--controls names no control");
  TRY_LET(std::vector<Control> users, read_users_controls(selection.folders));
  TRY_DO(check_patterns(patterns, users));
  TRY_DO(check_standards(selection.standards, users));

  std::vector<Control> chosen;
  const auto by_name = [&](std::string_view id) {
    return patterns.empty() || matches_any(patterns, id);
  };
  for (const BuiltinControl& builtin : builtin_controls()) {
    // Only what is chosen is compiled: most of a short run's time would go there.
    if (!in_sets(selection, builtin.set) || !by_name(id_of_file(builtin.file))) continue;
    TRY_LET(Control control, parse_builtin(builtin));
    if (is_chosen(selection, control.info)) chosen.push_back(std::move(control));
  }
  for (Control& control : users) {
    if (by_name(control.info.id) && is_chosen(selection, control.info))
      chosen.push_back(std::move(control));
  }
  if (chosen.empty())
    return fail(Error::Code::NotFound,
                "no control meets all that was asked for by name, set, severity and standard");
  std::ranges::sort(chosen, natural_less,
                    [](const Control& c) { return std::string_view(c.info.id); });
  for (const std::string& setting : selection.parameters) TRY_DO(apply_parameter(chosen, setting));
  return chosen;
}

Result<Control> load_control(std::string_view id, std::span<const std::string> folders) {
  TRY_LET(std::vector<Control> users, read_users_controls(folders));
  const std::string wanted = lower(id);
  for (Control& control : users) {
    if (lower(control.info.id) == wanted) return std::move(control);
  }
  if (const BuiltinControl* builtin = find_builtin(id))
    return parse_control(builtin->file, builtin->text, builtin->set);
  std::vector<std::string_view> ids = builtin_control_ids();
  for (const Control& control : users) ids.push_back(control.info.id);
  return fail(Error::Code::NotFound, fmt::format("no control is called {}{}", id, meant(id, ids)));
}

}  // namespace sagewarden
