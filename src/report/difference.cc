#include "report/difference.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/json_writer.h"
#include "base/text.h"
#include "report/escape.h"
#include "report/words.h"

namespace sagewarden {
namespace {

struct ChangeWords {
  Change change;
  std::string_view word;   // for machines
  std::string_view label;  // before each line of text
  std::string_view count;  // "3 of which …"
};

constexpr std::array<ChangeWords, 6> kWords = {{
    {Change::Appeared, "appeared", "appeared", "appeared"},
    {Change::Changed, "changed", "changed", "changed"},
    {Change::Went, "went", "went", "went"},
    {Change::NotSeenAfter, "not-seen-after", "not seen", "not seen afterwards"},
    {Change::NotSeenBefore, "not-seen-before", "not seen", "not seen before"},
    {Change::Unclear, "unclear", "unclear", "not comparable"},
}};

const ChangeWords& words_of(Change change) {
  return kWords.at(static_cast<size_t>(change));
}

// What is said of one that a side did not look for.
std::string_view why_not_seen(Change change) {
  switch (change) {
    case Change::NotSeenAfter:
      return "it is in the first; the second did not look there, or could not";
    case Change::NotSeenBefore:
      return "it is in the second; the first did not look there, or could not";
    case Change::Appeared:
    case Change::Changed:
    case Change::Went:
    case Change::Unclear:
      return "";
  }
  return "";
}

std::string or_none(std::string_view verdict) {
  return std::string(verdict.empty() ? std::string_view("none") : verdict);
}

// "1 appeared, 2 changed, 57 the same"
std::string counts_text(const Diff& diff) {
  std::string out;
  for (const ChangeWords& words : kWords) {
    const size_t count = diff.count(words.change);
    if (count > 0) out += fmt::format("{} {}, ", number_text(count), words.count);
  }
  return out + fmt::format("{} the same", number_text(diff.same));
}

std::string side_text(const DiffSide& side) {
  return side.created.empty() ? side.file : fmt::format("{} ({})", side.file, side.created);
}

std::string name_of(const Difference& difference) {
  return difference.name.empty() ? difference.arn : difference.name;
}

std::string subject_of(const Difference& difference) {
  return difference.control.empty()
             ? type_label(difference.type)
             : fmt::format("{} {}", difference.control, type_label(difference.type));
}

std::string where_of(const Difference& difference) {
  if (difference.account.empty() && difference.region.empty()) return difference.arn;
  return fmt::format("{} {}", difference.account, difference.region);
}

std::string value_text(const ValueChange& value) {
  return fmt::format("{}: {} → {}", value.path, value.before, value.after);
}

std::string write_text_diff(const Diff& diff) {
  std::string out = fmt::format("before  {}\nafter   {}\n\n", printable(side_text(diff.before)),
                                printable(side_text(diff.after)));
  for (const Difference& difference : diff.differences) {
    out += fmt::format("{:<9} {} {}  {}\n", words_of(difference.change).label,
                       printable(subject_of(difference)), printable(name_of(difference)),
                       printable(where_of(difference)));
    if (const std::string_view why = why_not_seen(difference.change); !why.empty()) {
      out += fmt::format("          {}\n", why);
    } else if (!difference.control.empty()) {
      out +=
          fmt::format("          {} → {}\n", or_none(difference.before), or_none(difference.after));
    }
    for (const ValueChange& value : difference.values)
      out += fmt::format("          {}\n", printable(value_text(value)));
  }
  if (!diff.differences.empty()) out += '\n';
  out += counts_text(diff) + "\n";
  for (const std::string& note : diff.notes) out += fmt::format("note: {}\n", printable(note));
  return out;
}

// In a table's cells as words: there, not even code can hold a bar.
std::string write_markdown_diff(const Diff& diff) {
  const std::string_view subject =
      diff.subject == Diff::Subject::Resources ? "resources" : "verdicts";
  std::string out = fmt::format("# Differences of {}\n\n", subject);
  out += fmt::format("From {} to {}: {}.\n", markdown_code(side_text(diff.before)),
                     markdown_code(side_text(diff.after)), counts_text(diff));
  if (!diff.notes.empty()) out += '\n';
  for (const std::string& note : diff.notes) out += fmt::format("- {}\n", markdown_words(note));
  if (diff.differences.empty()) return out;
  out += "\n| | what | name | where | difference |\n|---|---|---|---|---|\n";
  for (const Difference& difference : diff.differences) {
    std::string what = markdown_words(std::string(why_not_seen(difference.change)));
    if (what.empty() && !difference.control.empty())
      what = fmt::format("{} → {}", or_none(difference.before), or_none(difference.after));
    for (const ValueChange& value : difference.values)
      what += (what.empty() ? "" : "<br>") + markdown_words(value_text(value));
    out += fmt::format("| {} | {} | {} | {} | {} |\n", words_of(difference.change).label,
                       markdown_words(subject_of(difference)), markdown_words(name_of(difference)),
                       markdown_words(where_of(difference)), what);
  }
  return out;
}

void append_side(json::Writer& writer, std::string_view name, const DiffSide& side) {
  writer.key(name).begin_object().member("file", side.file).member("created", side.created);
  writer.end_object();
}

void append_difference(json::Writer& writer, const Difference& difference) {
  writer.begin_object().member("change", word_of(difference.change));
  writer.member("control", difference.control)
      .member("type", difference.type)
      .member("name", difference.name)
      .member("arn", difference.arn)
      .member("account", difference.account)
      .member("region", difference.region)
      .member("before", difference.before)
      .member("after", difference.after);
  writer.key("values").begin_array();
  for (const ValueChange& value : difference.values) {
    writer.begin_object().member("path", value.path).member("before", value.before);
    writer.member("after", value.after).key("unclear").boolean(value.is_unclear).end_object();
  }
  writer.end_array().end_object();
}

std::string write_json_diff(const Diff& diff) {
  std::string out;
  json::Writer writer(out, json::Writer::Style::Indented);
  writer.begin_object().member("format", kDiffFormat);
  writer.member("subject", diff.subject == Diff::Subject::Resources ? "resources" : "verdicts");
  append_side(writer, "before", diff.before);
  append_side(writer, "after", diff.after);
  writer.key("counts").begin_object();
  for (const ChangeWords& words : kWords)
    writer.key(words.word).unsigned_integer(diff.count(words.change));
  writer.key("same").unsigned_integer(diff.same).end_object();
  writer.key("notes").begin_array();
  for (const std::string& note : diff.notes) writer.string(note);
  writer.end_array().key("differences").begin_array();
  for (const Difference& difference : diff.differences) append_difference(writer, difference);
  writer.end_array().end_object();
  return out += '\n';
}

constexpr std::array<DiffFormat, 3> kDiffFormats = {{
    {"json", write_json_diff},
    {"markdown", write_markdown_diff},
    {"text", write_text_diff},
}};

}  // namespace

std::span<const DiffFormat> diff_formats() {
  return kDiffFormats;
}

const DiffFormat* find_diff_format(std::string_view name) {
  const auto* found = std::ranges::find(kDiffFormats, name, &DiffFormat::name);
  return found == kDiffFormats.end() ? nullptr : found;
}

std::string_view word_of(Change change) {
  return words_of(change).word;
}

}  // namespace sagewarden
