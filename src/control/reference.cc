#include "control/reference.h"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "control/parameters.h"

namespace sagewarden {
namespace {

struct SetText {
  std::string_view set;
  std::string_view heading;
  std::string_view introduction;
};
constexpr std::array<SetText, 3> kSets = {{
    {"security-hub", "Controls of AWS Security Hub",
     "These are evaluated by default. Ids, severities and standards are Security Hub's; texts are "
     "ours."},
    {"sagewarden", "Further controls",
     "AWS Config has rules for these and Security Hub has no controls, so they are evaluated only "
     "on request. AWS gives them no severity. Ours follow the Security Hub control that is nearest "
     "in effect: HIGH where a way around your network is open to many, MEDIUM for encryption and "
     "for a single model's network, LOW for tags and descriptions."},
    {"user", "Your own controls", "Read from your own files."},
}};

// What Markdown would take for its own in running text.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char byte : text) {
    if (std::string_view("\\`*[]<>|").find(byte) != std::string_view::npos) out += '\\';
    out += byte;
  }
  return out;
}

std::string paragraphs(std::string_view text) {
  std::string out;
  for (const std::string_view paragraph : split(text, '\n')) {
    if (!trim(paragraph).empty()) out += escaped(trim(paragraph)) + "\n\n";
  }
  return out;
}

// GitHub's rule for headings such as "SageMaker.16".
std::string anchor(std::string_view id) {
  std::string out;
  for (const char byte : lower(id)) {
    if (byte != '.') out += byte;
  }
  return out;
}

std::string overview(std::span<const ControlInfo> controls, std::string_view set) {
  std::string out = "| control | severity | resource | what it asks |\n|---|---|---|---|\n";
  for (const ControlInfo& control : controls) {
    if (control.set == set)
      out += fmt::format("| [{}](#{}) | {} | `{}` | {} |\n", control.id, anchor(control.id),
                         name_of(control.severity), control.resource_type, escaped(control.title));
  }
  return out + "\n";
}

std::string parameters(const ControlInfo& control) {
  if (control.parameters.empty()) return {};
  std::string out = "| parameter | type | default | what it changes |\n|---|---|---|---|\n";
  for (const Parameter& parameter : control.parameters) {
    const std::string allowed =
        parameter.allowed.empty() ? "" : fmt::format("; one of `{}`", parameter.allowed);
    out += fmt::format("| `{}` | {}{} | `{}` | {} |\n", parameter.name, name_of(parameter.type),
                       allowed, parameter.default_value, escaped(parameter.why));
  }
  return out + "\n";
}

std::string facts(const ControlInfo& control) {
  std::string out;
  const auto line = [&](std::string_view name, std::string_view text) {
    if (!text.empty()) out += fmt::format("- {}: {}\n", name, text);
  };
  const auto list = [](std::span<const std::string> texts) {
    return escaped(fmt::format("{}", fmt::join(texts, ", ")));
  };
  line("Standards", list(control.standards));
  line("Requirements", list(control.requirements));
  line("Category", escaped(control.category));
  if (!control.config_rule.empty())
    line("AWS Config rule", fmt::format("`{}`, {}", control.config_rule, lower(control.schedule)));
  if (!control.documentation.empty())
    line("AWS's page", fmt::format("<{}>", control.documentation));
  return out.empty() ? out : out + "\n";
}

std::string section(const ControlInfo& control) {
  std::string out =
      fmt::format("### {}\n\n**{}**\n\n{} · `{}`\n\n", control.id, escaped(control.title),
                  name_of(control.severity), control.resource_type);
  out += paragraphs(control.why);
  out += "**How to fix it.** " + paragraphs(control.fix);
  if (!control.note.empty()) out += "**Which reading is applied.** " + paragraphs(control.note);
  out += parameters(control);
  out += fmt::format("```cel\n// applies\n{}\n// passes\n{}\n```\n\n", control.applies,
                     control.passes);
  return out + facts(control);
}

}  // namespace

std::string controls_reference_markdown(std::span<const ControlInfo> controls) {
  std::string out =
      "# Controls\n\n"
      "Made from the files in `controls/`; do not edit by hand. How to read the expressions: "
      "[writing-controls.md](writing-controls.md).\n\n";
  for (const SetText& set : kSets) {
    std::string sections;
    for (const ControlInfo& control : controls) {
      if (control.set == set.set) sections += section(control);
    }
    if (sections.empty()) continue;
    out += fmt::format("## {}\n\n{}\n\n", set.heading, set.introduction);
    out += overview(controls, set.set) + sections;
  }
  out.pop_back();  // one line end at the end
  return out;
}

}  // namespace sagewarden
