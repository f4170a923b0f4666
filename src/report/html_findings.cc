#include "report/html_findings.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/escape.h"
#include "report/summary.h"
#include "report/words.h"

namespace sagewarden {
namespace {

constexpr size_t kMaxValue = 2000;
constexpr size_t kMaxItems = 50;  // evidence, reasons or tags of one finding

// How a finding's state is written, coloured and filtered.
struct State {
  std::string_view style;
  std::string_view label;
};
State state_of(const Finding& finding) {
  if (finding.suppressed) return {"suppressed", "Suppressed"};
  switch (finding.compliance) {
    case Compliance::Failed:
      return {"failed", "Failed"};
    case Compliance::Warning:
      return {"open", "Warning"};
    case Compliance::NotAvailable:
      return {"open", "Not available"};
    case Compliance::Passed:
      return {"passed", "Passed"};
  }
  return {"open", "Not available"};
}

std::string marked(std::string_view text, std::string_view element = "span") {
  return fmt::format("<{} class=\"data\">{}</{}>", element, html_value(text), element);
}

std::string more_items(size_t all) {
  return all > kMaxItems ? fmt::format("and {} more", number_text(all - kMaxItems)) : "";
}

std::string evidence_table(const std::vector<Evidence>& evidence) {
  if (evidence.empty()) return "";
  std::string out =
      "<div><h4>Evidence</h4><div class=\"scroll\"><table><thead><tr><th>Setting</th>"
      "<th>Found</th><th>Wanted</th><th>Line</th></tr></thead><tbody>";
  for (size_t at = 0; at < std::min(evidence.size(), kMaxItems); ++at) {
    const Evidence& item = evidence[at];
    const std::string line = item.line == 0 ? "" : std::to_string(item.line);
    out += "<tr><td>" + marked(item.path, "code") + "</td><td>" + marked(item.found, "code") +
           "</td><td>" + marked(item.wanted, "code") + "</td><td>" +
           (item.line == 0 ? std::string() : std::to_string(item.line)) + "</td></tr>";
  }
  out += "</tbody></table></div>";
  return out + more_items(evidence.size()) + "</div>";
}

std::string reason_list(const std::vector<Reason>& reasons) {
  if (reasons.empty()) return "";
  std::string out = "<div><h4>Reasons</h4><ul>";
  for (size_t at = 0; at < std::min(reasons.size(), kMaxItems); ++at) {
    out += "<li>" + marked(reasons[at].message);
    if (!reasons[at].code.empty()) out += " " + marked(reasons[at].code, "code");
    out += "</li>";
  }
  return out + "</ul>" + more_items(reasons.size()) + "</div>";
}

void add_fact(std::string& out, std::string_view label, std::string_view value) {
  if (value.empty()) return;
  out += fmt::format("<dt>{}</dt><dd class=\"data\">{}</dd>", label, html_value(value));
}

std::string facts(const Finding& finding) {
  std::string out = "<div><h4>Resource</h4><dl class=\"facts\">";
  add_fact(out, "ARN", finding.arn);
  add_fact(out, "Type", finding.type);
  add_fact(out, "Account", finding.account);
  add_fact(out, "Region", finding.region);
  add_fact(out, "File", place_text(finding.location));
  add_fact(out, "Address", finding.location.address);
  std::string tags;
  for (size_t at = 0; at < std::min(finding.tags.size(), kMaxItems); ++at) {
    if (at > 0) tags += ", ";
    tags += finding.tags[at].first + "=" + finding.tags[at].second;
  }
  add_fact(out, "Tags", tags);
  add_fact(out, "Read at", finding.captured_at);
  add_fact(out, "Finding id", finding.id);
  return out + "</dl></div>";
}

std::string acceptance(const std::optional<Suppression>& suppression) {
  if (!suppression) return "";
  const bool in_source = suppression->kind == Suppression::Kind::InSource;
  std::string out = "<div><h4>Accepted by an exception</h4><dl class=\"facts\">";
  add_fact(out, "Reason", suppression->reason);
  add_fact(out, "Owner", suppression->owner);
  add_fact(out, "Expires", suppression->expires);
  add_fact(out, "Stands in", in_source ? "the template" : "the exceptions file");
  return out + "</dl></div>";
}

std::string row_of(const Finding& finding, const ControlInfo* control) {
  const State state = state_of(finding);
  std::string out =
      fmt::format("<details class=\"f\" data-severity=\"{}\" data-state=\"{}\"><summary>",
                  name_of(finding.severity), state.style);
  out += fmt::format("<span class=\"pill {}\">{}</span>", state.style, state.label);
  out += "<span class=\"name data\">" + html_value(name_text(finding));
  if (control != nullptr && control->severity != finding.severity)
    out += " " + html_badge(finding.severity);
  out += "</span><span class=\"where data\">" + html_path(where_text(finding)) + "</span>";
  out += "<span class=\"why data\">" + html_value(reason_text(finding)) + "</span></summary>";
  out += "<div class=\"body\">" + evidence_table(finding.evidence) + reason_list(finding.reasons) +
         acceptance(finding.suppressed) + facts(finding);
  if (control != nullptr && finding.compliance != Compliance::Passed) {
    out += fmt::format("<a href=\"#{}\">How to fix it</a>",
                       uri_encoded(html_anchor("fix", finding.control)));
  }
  return out + "</div></details>\n";
}

std::string count_list(const ControlCounts& counts) {
  const struct {
    size_t count;
    std::string_view style;
    std::string_view word;
  } rows[] = {{counts.failed, "failed", "failed"},
              {counts.warning + counts.not_available, "open", "not judged"},
              {counts.suppressed, "suppressed", "suppressed"},
              {counts.passed, "passed", "passed"}};
  std::string out;
  for (const auto& row : rows) {
    if (row.count == 0) continue;
    if (!out.empty()) out += " &#183; ";
    out += fmt::format("<b class=\"{}\">{}</b> {}", row.style, number_text(row.count), row.word);
  }
  return "<span class=\"counts\">" + out + "</span>";
}

std::string text_list(std::string_view title, const std::vector<std::string>& items) {
  if (items.empty()) return "";
  std::string out = fmt::format("<h4>{}</h4><p>", title);
  for (size_t at = 0; at < items.size(); ++at)
    out += std::string(at > 0 ? ", " : "") + html_value(items[at]);
  return out + "</p>";
}

}  // namespace

std::string html_value(std::string_view text) {
  return html_escaped(shortened(text, kMaxValue));
}

std::string html_path(std::string_view path) {
  std::string out;
  // No reference that stands for a character holds a slash.
  for (const char c : html_value(path)) {
    out += c;
    if (c == '/') out += "<wbr>";
  }
  return out;
}

std::string html_anchor(std::string_view prefix, std::string_view control) {
  std::string out(prefix);
  out += '-';
  for (const char c : control) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    out += plain || c == '.' || c == '-' ? c : '_';
  }
  return out;
}

std::string html_badge(Severity severity) {
  return fmt::format("<span class=\"badge {}\">{}</span>", name_of(severity), plain_word(severity));
}

HtmlFindings::Group& HtmlFindings::group_of(const Finding& finding) {
  // Findings of one control often follow each other.
  if (last_ < groups_.size() && groups_[last_].control == finding.control) return groups_[last_];
  const auto found = std::ranges::find(groups_, finding.control, &Group::control);
  last_ = static_cast<size_t>(found - groups_.begin());
  if (found != groups_.end()) return *found;
  const auto control = std::ranges::find(input_.controls, finding.control, &ControlInfo::id);
  Group group;
  group.place = static_cast<size_t>(control - input_.controls.begin());
  group.control = finding.control;
  groups_.push_back(std::move(group));
  return groups_.back();
}

std::string& HtmlFindings::rows_for(Group& group, const Finding& finding) {
  if (finding.suppressed) return group.suppressed;
  if (finding.compliance == Compliance::Passed) return group.passed;
  return finding.compliance == Compliance::Failed ? group.failed : group.open;
}

void HtmlFindings::add(const Finding& finding) {
  Group& group = group_of(finding);
  count_in(group.counts, finding);
  if (bytes_ >= max_bytes_ || !ration_.take(rank_of(finding))) {
    ++group.left_out;
    ++left_out_;
    return;
  }
  const std::string row = row_of(finding, find_control(input_.controls, finding.control));
  bytes_ += row.size();
  rows_for(group, finding) += row;
}

// What failed comes first, by severity; then what was not judged, what is suppressed, what passed.
void HtmlFindings::sort() {
  const auto key = [this](const Group& group) {
    const ControlInfo* control = find_control(input_.controls, group.control);
    const auto severity = control == nullptr ? Severity::Medium : control->severity;
    size_t state = 3;
    if (group.counts.suppressed > 0) state = 2;
    if (group.counts.warning + group.counts.not_available > 0) state = 1;
    if (group.counts.failed > 0) state = 0;
    return std::tuple(state, 4 - static_cast<size_t>(severity), group.place);
  };
  std::ranges::sort(groups_, [&](const Group& a, const Group& b) {
    return key(a) != key(b) ? key(a) < key(b) : natural_less(a.control, b.control);
  });
  last_ = 0;
}

std::vector<std::string_view> HtmlFindings::controls() {
  sort();
  std::vector<std::string_view> out;
  for (const Group& group : groups_) out.push_back(group.control);
  return out;
}

std::string HtmlFindings::about(const ControlInfo& control) const {
  std::string out = fmt::format(
      "<details class=\"about\" id=\"{}\"><summary>Why it matters and "
      "how to fix it</summary>",
      html_anchor("fix", control.id));
  if (!control.why.empty()) out += "<h4>Why</h4><p>" + html_value(control.why) + "</p>";
  if (!control.fix.empty())
    out += "<h4>How to fix</h4><p class=\"fix\">" + html_value(control.fix) + "</p>";
  if (!control.note.empty()) out += "<h4>Note</h4><p>" + html_value(control.note) + "</p>";
  if (!control.parameters.empty()) {
    out += "<h4>Parameters</h4><ul>";
    for (const Parameter& parameter : control.parameters) {
      out += "<li><code>" + html_value(parameter.name) + " = " + html_value(parameter.value) +
             "</code> " + html_value(parameter.why) + "</li>";
    }
    out += "</ul>";
  }
  out += text_list("Standards", control.standards);
  out += text_list("Requirements", control.requirements);
  if (!control.config_rule.empty())
    out += "<h4>AWS Config rule</h4><p>" + marked(control.config_rule, "code") + "</p>";
  // Only a web address becomes a link; anything else could be a script.
  if (control.documentation.starts_with("https://")) {
    const std::string address = html_value(control.documentation);
    out += fmt::format("<h4>Documentation</h4><p><a rel=\"noreferrer\" href=\"{}\">{}</a></p>",
                       address, address);
  }
  return out + "</details>\n";
}

std::string HtmlFindings::card(const Group& group) const {
  const ControlInfo* control = find_control(input_.controls, group.control);
  const std::string id = html_value(group.control);
  std::string out = fmt::format(
      "<section class=\"group\" data-control=\"{}\" id=\"{}\"><header><h3>"
      "<span class=\"id\">{}</span>{}</h3>",
      id, html_anchor("control", group.control), id,
      control == nullptr ? "" : html_value(control->title));
  out += count_list(group.counts);
  if (control != nullptr) out += html_badge(control->severity);
  out += "</header>\n";
  if (control != nullptr) out += about(*control);
  ((out += group.failed) += group.open) += group.suppressed;
  if (!group.passed.empty()) {
    out += fmt::format("<details class=\"fold\"><summary>{} passed</summary>\n",
                       number_text(group.counts.passed));
    out += group.passed + "</details>\n";
  }
  if (group.left_out > 0) {
    out += fmt::format(
        "<p class=\"more\">{} more findings of this control are not listed on this "
        "page; the JSON and CSV reports hold all.</p>\n",
        number_text(group.left_out));
  }
  return out + "</section>\n";
}

Result<void> HtmlFindings::write(Output& out) {
  sort();
  for (const Group& group : groups_) TRY_DO(out.write(card(group)));
  return {};
}

}  // namespace sagewarden
