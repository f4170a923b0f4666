#include "remediate/render.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/json_writer.h"
#include "base/terminal.h"
#include "base/text.h"
#include "model/resource_type.h"
#include "remediate/path.h"

namespace sagewarden::remediate {
namespace {

constexpr std::string_view kIndent = "     ";
constexpr std::string_view kHiddenValue = "***";

// Environment variables are where containers get their passwords from; scripts hold some too.
void write_shown(json::Writer& out, json::Value value, bool is_hidden) {
  if (value.is_object()) {
    out.begin_object();
    for (const auto& [name, below] : value.members())
      write_shown(out.key(name), below, is_hidden || name == "Environment" || name == "Content");
    out.end_object();
  } else if (value.is_array()) {
    out.begin_array();
    for (const json::Value element : value.elements()) write_shown(out, element, is_hidden);
    out.end_array();
  } else if (is_hidden) {
    out.string(kHiddenValue);
  } else {
    out.value(value);
  }
}

struct Totals {
  size_t actions = 0;
  size_t repaired = 0;  // findings
  size_t by_hand = 0;   // findings
};

Totals totals_of(const Plan& plan) {
  Totals totals;
  for (const Action& action : plan.actions) {
    if (action.way == Way::ByHand) {
      totals.by_hand += action.findings.size();
    } else {
      ++totals.actions;
      totals.repaired += action.findings.size();
    }
  }
  return totals;
}

// An undo's findings pass nowhere.
bool is_undo(const Plan& plan) {
  return std::ranges::any_of(plan.actions, [](const Action& action) {
    return action.way != Way::ByHand &&
           std::ranges::any_of(action.findings, &std::string::empty, &Repaired::passes_at);
  });
}

std::string totals_text(const Plan& plan) {
  const Totals totals = totals_of(plan);
  if (plan.actions.empty()) return "Nothing is to be repaired.";
  const bool is_one = totals.actions == 1;
  std::string out =
      is_undo(plan)
          ? fmt::format("{} {} back what repaired {}", count_of(totals.actions, "action"),
                        is_one ? "takes" : "take", count_of(totals.repaired, "finding"))
          : fmt::format("{} {} {}", count_of(totals.actions, "action"),
                        is_one ? "repairs" : "repair", count_of(totals.repaired, "finding"));
  if (totals.by_hand > 0)
    out += fmt::format("; {} a person", count_of(totals.by_hand, "finding needs", "findings need"));
  return out + ".";
}

std::string controls_text(const Action& action) {
  std::set<std::string, decltype(&natural_less)> controls(natural_less);
  for (const Repaired& repaired : action.findings) controls.insert(repaired.control);
  return fmt::format("{}", fmt::join(controls, ", "));
}

std::string_view way_text(Way way) {
  switch (way) {
    case Way::InPlace:
      return "in place";
    case Way::Replace:
      return "replaced";
    case Way::ByHand:
      return "by hand";
  }
  return "";
}

// What is done first, then what a person is to do.
std::vector<const Action*> in_reading_order(const Plan& plan) {
  std::vector<const Action*> actions;
  for (const bool by_hand : {false, true})
    for (const Action& action : plan.actions)
      if ((action.way == Way::ByHand) == by_hand) actions.push_back(&action);
  return actions;
}

// What takes the step back; empty: nothing, and nothing is said of it.
std::string undo_text(const Step& step) {
  if (step.undo.empty()) return step.no_undo.empty() ? "" : "nothing: " + step.no_undo;
  std::vector<std::string_view> operations;
  for (const Step& undo : step.undo)
    if (!only_waits(undo)) operations.push_back(undo.call.operation);
  return fmt::format("{}{}", fmt::join(operations, ", "),
                     step.no_undo.empty() ? "" : "; but " + step.no_undo);
}

class TextPlan {
 public:
  explicit TextPlan(const RenderStyle& style) : style_(style) {}

  std::string write(const Plan& plan);

 private:
  void action(const Action& action);
  void steps(const std::vector<Step>& steps);
  void preflight(const std::vector<Preflight>& rows);
  void labelled(std::string_view label, std::string_view text);
  void paragraph(std::string_view text, std::string_view indent);
  std::string bold(std::string_view text) const;

  const RenderStyle& style_;
  std::string out_;
};

std::string TextPlan::bold(std::string_view text) const {
  return style_.colour ? fmt::format("\x1b[1m{}\x1b[0m", text) : std::string(text);
}

void TextPlan::paragraph(std::string_view text, std::string_view indent) {
  out_ += wrap(printable(text), style_.width, indent);
}

void TextPlan::labelled(std::string_view label, std::string_view text) {
  if (text.empty()) return;
  constexpr size_t kLabel = 10;
  const std::string indent(kIndent.size() + kLabel, ' ');
  std::string lines = wrap(printable(text), style_.width, indent);
  lines.replace(kIndent.size(), label.size(), label);
  out_ += lines;
}

// A table: result, check, what was seen and what to do.
void TextPlan::preflight(const std::vector<Preflight>& rows) {
  if (rows.empty()) return;
  constexpr size_t kResult = 11;  // "uncertain", and two blanks
  size_t check = 0;
  for (const Preflight& row : rows) check = std::max(check, display_width(row.check));
  const std::string indent(kIndent.size() + 2 + kResult + check + 2, ' ');
  out_ += fmt::format("{}Looked into beforehand:\n", kIndent);
  for (const Preflight& row : rows) {
    const std::string head =
        fmt::format("{}  {:<{}}{}", kIndent, name_of(row.result), kResult, printable(row.check));
    std::string lines = wrap(printable(row.detail), style_.width, indent);
    lines.replace(0, std::min(head.size(), lines.size()), head);
    out_ += lines;
    if (!row.fix.empty()) paragraph("to do: " + row.fix, indent);
  }
}

void TextPlan::steps(const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    out_ += fmt::format("{}{:<5} {}\n", kIndent, step.id, printable(step.title));
    const std::string indent(kIndent.size() + 6, ' ');
    if (style_.calls && !only_waits(step))
      paragraph(
          fmt::format("{}:{} {}", step.call.service, step.call.operation, shown_input(step.call)),
          indent);
    if (const std::string undo = undo_text(step); !undo.empty())
      paragraph(step.undo.empty() ? "not taken back: " + step.no_undo : "taken back by " + undo,
                indent);
  }
}

void TextPlan::action(const Action& action) {
  const Target& first = action.resources.front();
  out_ += fmt::format("\n{:<4} {}   {} {}   {}\n", action.id, bold(printable(target_text(first))),
                      printable(first.account), printable(first.region), way_text(action.way));
  for (size_t i = 1; i < action.resources.size(); ++i)
    out_ += fmt::format("{}and {}\n", kIndent, printable(target_text(action.resources[i])));
  labelled("For", controls_text(action));
  if (!action.summary.empty()) paragraph(action.summary, kIndent);
  labelled("Downtime", action.downtime);
  labelled("Cost", action.cost);
  for (const std::string& risk : action.risks) labelled("Risk", risk);
  for (const std::string& advice : action.advice)
    labelled(action.way == Way::ByHand ? "Advice" : "Note", advice);
  preflight(action.preflight);
  steps(action.steps);
  if (action.cleanup.empty()) return;
  out_ += fmt::format("{}Afterwards, only with --cleanup --allow-delete:\n", kIndent);
  steps(action.cleanup);
}

std::string TextPlan::write(const Plan& plan) {
  out_ = fmt::format("Plan {}, made {}{}\n{}\n", plan_id(plan), printable(plan.made),
                     plan.identity.empty() ? "" : " by " + printable(plan.identity),
                     totals_text(plan));
  for (const Action& one : plan.actions)
    if (one.way != Way::ByHand) action(one);
  const bool has_by_hand =
      std::ranges::any_of(plan.actions, [](const Action& one) { return one.way == Way::ByHand; });
  if (has_by_hand) out_ += "\n" + bold("For a person to do") + "\n";
  for (const Action& one : plan.actions)
    if (one.way == Way::ByHand) action(one);
  return std::move(out_);
}

// Text that Markdown takes for nothing but text.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    if (std::string_view("\\`*_{}[]<>#|!~").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

void markdown_preflight(std::string& out, const std::vector<Preflight>& rows) {
  if (rows.empty()) return;
  out += "\n| looked into beforehand | result | what is seen | to do |\n|---|---|---|---|\n";
  for (const Preflight& row : rows)
    out += fmt::format("| {} | {} | {} | {} |\n", escaped(row.check), name_of(row.result),
                       escaped(row.detail), escaped(row.fix));
}

void markdown_steps(std::string& out, const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    const std::string call = only_waits(step) ? "waits"
                                              : fmt::format("`{}:{}`", printable(step.call.service),
                                                            printable(step.call.operation));
    out += fmt::format("| {} | {} | {} | {} |\n", escaped(step.id), escaped(step.title), call,
                       escaped(undo_text(step)));
  }
}

// Numbered steps as such, with what belongs to one below it; all else as points of their own.
void markdown_advice(std::string& out, const std::vector<std::string>& advice) {
  out += "\nWhat to do:\n\n";
  for (const std::string& line : advice) {
    const size_t digits = line.find_first_not_of("0123456789");
    const bool is_numbered =
        digits > 0 && digits < line.size() && line.substr(digits).starts_with(". ");
    const bool is_step = is_numbered || line.starts_with(' ');
    out += fmt::format("{}{}\n", is_step ? "" : "- ", escaped(line));
  }
}

void markdown_action(std::string& out, const Action& action) {
  const Target& first = action.resources.front();
  out +=
      fmt::format("\n### {}. {} ({} {}): {}\n\n", escaped(action.id), escaped(target_text(first)),
                  escaped(first.account), escaped(first.region), way_text(action.way));
  out += fmt::format("For {}. {}\n\n", escaped(controls_text(action)), escaped(action.summary));
  for (size_t i = 1; i < action.resources.size(); ++i)
    out += fmt::format("- and {}\n", escaped(target_text(action.resources[i])));
  const auto item = [&](std::string_view label, std::string_view text) {
    if (!text.empty()) out += fmt::format("- **{}:** {}\n", label, escaped(text));
  };
  item("Downtime", action.downtime);
  item("Cost", action.cost);
  for (const std::string& risk : action.risks) item("Risk", risk);
  if (action.way == Way::ByHand)
    markdown_advice(out, action.advice);
  else
    for (const std::string& note : action.advice) item("Note", note);
  markdown_preflight(out, action.preflight);
  if (action.steps.empty()) return;
  out += "\n| step | what | call | taken back by |\n|---|---|---|---|\n";
  markdown_steps(out, action.steps);
  if (action.cleanup.empty()) return;
  out +=
      "\nAfterwards, only with `--cleanup --allow-delete`:\n\n| step | what | call | taken back by "
      "|\n|---|---|---|---|\n";
  markdown_steps(out, action.cleanup);
}

}  // namespace

std::string shown_input(const PlannedCall& call) {
  const Result<json::Document> document = json::parse_document(call.input);
  std::string text;
  json::Writer out(text);
  if (document) write_shown(out, document->root, false);
  return text;
}

std::string target_text(const Target& target) {
  const ResourceType* const type = find_resource_type(target.type);
  return fmt::format("{} {}", type == nullptr ? std::string_view(target.type) : type->label,
                     target.name.empty() ? target.arn : target.name);
}

std::string plan_text(const Plan& plan, const RenderStyle& style) {
  return TextPlan(style).write(plan);
}

std::string plan_summary(const Plan& plan) {
  std::string out = fmt::format("Plan {}: {}\n", plan_id(plan), totals_text(plan));
  for (const Action* action : in_reading_order(plan))
    out += fmt::format("{:<4} {:<8}  {}  ({})\n", action->id, way_text(action->way),
                       printable(target_text(action->resources.front())), controls_text(*action));
  return out;
}

std::string plan_markdown(const Plan& plan) {
  std::string out = fmt::format("## Repair plan {}\n\n{} Made {}.\n", plan_id(plan),
                                totals_text(plan), escaped(plan.made));
  const std::vector<const Action*> actions = in_reading_order(plan);
  if (!actions.empty()) out += "\n| | resource | way | for |\n|---|---|---|---|\n";
  for (const Action* action : actions)
    out += fmt::format("| {} | {} | {} | {} |\n", escaped(action->id),
                       escaped(target_text(action->resources.front())), way_text(action->way),
                       escaped(controls_text(*action)));
  for (const Action* action : actions) markdown_action(out, *action);
  return out;
}

}  // namespace sagewarden::remediate
