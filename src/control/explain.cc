// explain(): from a verdict to what people need to believe and repair it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

#include "base/json_writer.h"
#include "base/text.h"
#include "control/control.h"
#include "control/secrets.h"
#include "control/variables.h"

namespace sagewarden {
namespace {

// A template may list thousands of containers; the first few tell what is wrong with all.
constexpr size_t kMaxEvidence = 20;

// What evidence about no single property names.
constexpr std::string_view kWhole = "resource";
constexpr std::string_view kNotSet = "not set";
constexpr std::string_view kNotKnown = "not known";

// Codes of reasons. Documented in docs/writing-controls.md.
constexpr std::string_view kInsecure = "SETTING_INSECURE";
constexpr std::string_view kMissing = "SETTING_MISSING";
constexpr std::string_view kTagMissing = "TAG_MISSING";
constexpr std::string_view kNotUnderstood = "CONFIGURATION_NOT_UNDERSTOOD";
constexpr std::string_view kNote = "NOTE";

std::string_view code_of(UnknownCause cause) {
  switch (cause) {
    case UnknownCause::NotRecorded:
      return "NOT_RECORDED";
    case UnknownCause::NotResolved:
      return "NOT_RESOLVED";
    case UnknownCause::AfterApply:
      return "KNOWN_AFTER_APPLY";
    case UnknownCause::NotExported:
      return "NOT_EXPORTED";
    case UnknownCause::Denied:
      return "ACCESS_DENIED";
    case UnknownCause::Failed:
      return "READ_FAILED";
  }
  return "NOT_RESOLVED";
}

bool is_below(std::string_view path, std::string_view root) {
  return path.substr(0, root.size()) == root &&
         (path.size() == root.size() || path[root.size()] == '.' || path[root.size()] == '[');
}

// "resource.A.B" → "A.B". Tags and the other variables keep their name.
std::string_view below_resource(std::string_view path) {
  constexpr std::string_view kResource = "resource";
  if (!is_below(path, kResource)) return path;
  path.remove_prefix(kResource.size());
  if (path.substr(0, 1) == ".") path.remove_prefix(1);
  return path;
}

// `x != null`, `x > ""` and their like all ask for the same: that there is something.
std::string wanted_words(std::string_view wanted) {
  constexpr std::array<std::string_view, 5> kSomething = {"not null", "> \"\"", "not \"\"",
                                                          "not {}", "not []"};
  constexpr std::string_view kAndMore = "not null and ";
  if (wanted.substr(0, kAndMore.size()) == kAndMore) wanted.remove_prefix(kAndMore.size());
  const bool something = std::ranges::find(kSomething, wanted) != kSomething.end();
  return something ? "set" : cut(wanted);
}

// A null is JSON's way to leave something out.
bool is_missing(std::string_view found) {
  return found.substr(0, kNotSet.size()) == kNotSet || found == "null" || found == "\"\"";
}

// The expression in one line, for a table's cell.
std::string one_line(std::string_view expression) {
  std::string line;
  for (const char byte : expression) {
    const bool blank = byte == '\n' || byte == '\t' || byte == '\r' || byte == ' ';
    if (blank && !line.empty() && line.back() == ' ') continue;
    line += blank ? ' ' : byte;
  }
  return line;
}

// The value at a path such as `A.B[0].C` or `A["a b"]`; Missing where the path leads nowhere.
json::Value value_at(json::Value value, std::string_view path) {
  while (!path.empty() && value.exists()) {
    if (path[0] == '.') {
      path.remove_prefix(1);
    } else if (path[0] == '[') {
      const size_t end = path.find(']');
      size_t position = 0;
      const std::string_view number = path.substr(1, end - 1);
      const auto [stop, code] =
          std::from_chars(number.data(), number.data() + number.size(), position);
      // A name in quotes is left to whoever has it as a text.
      if (end == path.npos || code != std::errc() || stop != number.data() + number.size())
        return {};
      value = value.at(position);
      path.remove_prefix(end + 1);
    } else {
      const std::string_view name = path.substr(0, path.find_first_of(".["));
      value = value[name];
      path.remove_prefix(name.size());
    }
  }
  return value;
}

// Where the property stands in its file, or else its nearest parent that has a place.
Mark place_of(const Resource& resource, std::string_view path) {
  while (resource.property_lines != nullptr && !path.empty()) {
    const auto& lines = *resource.property_lines;
    const auto line = std::ranges::lower_bound(
        lines, path, {}, [](const PropertyLine& each) { return std::string_view(each.path); });
    if (line != lines.end() && line->path == path) return {line->line, line->column};
    const size_t end = path.find_last_of(".[");
    path = path.substr(0, end == std::string_view::npos ? 0 : end);
  }
  if (resource.location == nullptr) return {};
  return {resource.location->line, resource.location->column};
}

bool is_defaulted(const Resource& resource, std::string_view path) {
  return resource.defaulted != nullptr &&
         std::ranges::find(*resource.defaulted, path) != resource.defaulted->end();
}

class Explainer {
 public:
  Explainer(const Control& control, json::Value parameters, const Resource& resource,
            cel::Scratch& scratch)
      : control_(control), parameters_(parameters), resource_(resource), scratch_(scratch) {}

  Grounds grounds(Verdict verdict) {
    const Variables variables = variables_of(control_, parameters_, resource_);
    // Where `applies` gave no answer, `passes` was not asked.
    const bool applies = cel::evaluate(control_.applies, variables, scratch_).is_true();
    const cel::Program& program = applies ? control_.passes : control_.applies;
    const cel::Explanation explanation = cel::explain(program, variables, scratch_);
    const bool failed = verdict == Verdict::Failed;
    for (const cel::Observation& observation : explanation.observations)
      observe(observation, failed);
    if (!explanation.error.empty()) error(explanation.error, applies);
    if (grounds_.reasons.empty()) nothing_observed(failed);
    if (left_out_)
      add_reason(failed ? kInsecure : kNotUnderstood,
                 fmt::format("and others; the first {} are shown", kMaxEvidence));
    note();
    return std::move(grounds_);
  }

 private:
  void add_reason(std::string_view code, std::string message) {
    grounds_.reasons.push_back({std::string(code), std::move(message)});
  }

  void observe(const cel::Observation& observation, bool failed) {
    // A parameter is no evidence: it is what the evidence was held against.
    if (is_below(observation.path, "params")) return;
    if (grounds_.evidence.size() >= kMaxEvidence) {
      left_out_ = true;
      return;
    }
    const std::string path(below_resource(observation.path));
    Evidence evidence;
    evidence.path = printable(path);
    evidence.found = found(path, observation.found);
    evidence.wanted = shown_wish(control_.passes.text(), wanted_words(observation.wanted));
    if (is_defaulted(resource_, path))
      evidence.found = fmt::format("{} (default {})", kNotSet, evidence.found);
    const Mark place = place_of_evidence(resource_, path);
    evidence.line = place.line;
    evidence.column = place.column;
    if (observation.found == kNotKnown) {
      unknown(evidence, observation.unknown);
    } else {
      const std::string_view insecure = is_missing(evidence.found) ? kMissing : kInsecure;
      const std::string_view code = is_below(path, "tags") ? kTagMissing : insecure;
      add_reason(failed ? code : kNotUnderstood, fmt::format("{} is {}, wanted {}", evidence.path,
                                                             evidence.found, evidence.wanted));
    }
    grounds_.evidence.push_back(std::move(evidence));
  }

  // A list or map is shown from the resource itself: as a text it may have been cut, and then its
  // secrets can't be told from the rest.
  std::string found(std::string_view path, std::string_view text) const {
    const bool collection = !text.empty() && (text[0] == '{' || text[0] == '[');
    if (!collection) return shown(path, text);
    const bool is_tag = is_below(path, "tags");
    const json::Value value =
        is_tag ? value_at(resource_.tags, path.substr(4)) : value_at(resource_.properties, path);
    return value.is_object() || value.is_array() ? shown(path, value) : shown(path, text);
  }

  void unknown(const Evidence& evidence, const UnknownNode* node) {
    const UnknownCause cause = node == nullptr ? UnknownCause::NotResolved : node->cause;
    const std::string why =
        node == nullptr || node->reason.empty() ? "" : ": " + printable(node->reason);
    add_reason(code_of(cause), fmt::format("{} is not known{}", evidence.path, why));
  }

  // The first line says what went wrong; the lines below it show the expression, which is for its
  // author and not for whoever reads the finding.
  void error(std::string_view message, bool applies) {
    const cel::Program& program = applies ? control_.passes : control_.applies;
    const std::string_view first_line = message.substr(0, message.find('\n'));
    add_reason(
        kNotUnderstood,
        fmt::format("\"{}\" of the control gives no answer: {}", applies ? "passes" : "applies",
                    shown_wish(program.text(), cut(printable(trim(first_line))))));
  }

  // An expression that looks at no property (`passes: false`) leaves nothing to observe.
  void nothing_observed(bool failed) {
    if (!failed)
      return add_reason(kNotUnderstood, "the resource as a whole gives the control no answer");
    add_reason(kInsecure, "the resource as a whole does not meet the control");
    const Mark place = place_of_evidence(resource_, kWhole);
    grounds_.evidence.push_back({std::string(kWhole), "not as wanted",
                                 cut(printable(one_line(control_.info.passes))), place.line,
                                 place.column});
  }

  // Which reading of AWS's pages was applied, and by which parameters.
  void note() {
    if (control_.info.note.empty()) return;
    std::string values;
    for (const Parameter& parameter : control_.info.parameters) {
      std::string value;
      json::Writer(value).value(parameters_[parameter.name]);
      values += fmt::format("{}{} = {}", values.empty() ? "" : ", ", parameter.name, cut(value));
    }
    grounds_.reasons.push_back(
        {std::string(kNote),
         values.empty() ? control_.info.note : fmt::format("{} ({})", control_.info.note, values)});
  }

  const Control& control_;
  json::Value parameters_;
  const Resource& resource_;
  cel::Scratch& scratch_;
  Grounds grounds_;
  bool left_out_ = false;
};

}  // namespace

Mark place_of_evidence(const Resource& resource, std::string_view path) {
  return place_of(resource, path == kWhole ? std::string_view() : path);
}

Grounds explain_with(const Control& control, json::Value parameters, const Resource& resource,
                     Verdict verdict, cel::Scratch& scratch) {
  return Explainer(control, parameters, resource, scratch).grounds(verdict);
}

Grounds explain(const Control& control, const Resource& resource, Verdict verdict,
                cel::Scratch& scratch) {
  return explain_with(control, control.parameters.root, resource, verdict, scratch);
}

}  // namespace sagewarden
