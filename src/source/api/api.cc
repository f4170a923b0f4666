// Reading API output: what the AWS CLI and the SDKs print for Describe calls.
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

#include "base/json.h"
#include "base/text.h"
#include "model/arn.h"
#include "model/resource_type.h"
#include "source/api/described.h"
#include "source/api/pieces.h"
#include "source/api/recognise.h"
#include "source/api/tags.h"
#include "source/api/tags_beside.h"
#include "source/source.h"
#include "source/types/status.h"

namespace sagewarden {
namespace {

using api::Piece;
using api::Pieces;
using api::Recognised;

// A file of garbage must not fill the memory with what is wrong with it.
constexpr size_t kMaxGapsPerFile = 1'000;

bool exists(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

// "DescribeModel" → "describe-model", as the CLI writes it.
std::string command_of(std::string_view operation) {
  std::string out;
  for (const char c : operation) {
    const bool is_capital = c >= 'A' && c <= 'Z';
    if (is_capital && !out.empty()) out += '-';
    out += is_capital ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

std::string_view gap_code_of_failure(std::string_view code) {
  if (code.find("AccessDenied") != std::string_view::npos) return "ACCESS_DENIED";
  if (code.find("Throttl") != std::string_view::npos) return "THROTTLED";
  return "CALL_FAILED";
}

// Which type a summary of a job definition is of: the four share everything but their ARN.
const TypeShape* shape_of_summary(json::Value summary) {
  const Result<Arn> arn = parse_arn(summary["MonitoringJobDefinitionArn"].string_or(""));
  if (!arn) return nullptr;
  const std::string_view part = arn->resource.substr(0, arn->resource.find('/'));
  const auto types = resource_types();
  const auto found = std::ranges::find(types, part, &ResourceType::arn_part);
  return found == types.end() ? nullptr : find_type_shape(found->cloudformation);
}

// Reads one file.
class Reader {
 public:
  Reader(const TextInput& input, const SourceOptions& options, const TagIndex& tags, Sink& sink)
      : input_(input), options_(options), tags_(tags), sink_(sink) {}

  Result<void> file() {
    read_tags_beside();
    Pieces pieces(input_.text);
    while (const std::optional<Piece> piece = pieces.next()) {
      place_ = {input_.name, piece->line, piece->column, ""};
      this->piece(*piece);
    }
    // An empty list says that there is nothing; an empty file does not say anything.
    if (!recognised_ && trim(input_.text) != "[]")
      return fail(Error::Code::Invalid,
                  "this is no output of a SageMaker Describe call, as `aws sagemaker "
                  "describe-model` and its like print it");
    report_the_uncounted();
    return {};
  }

 private:
  void piece(const Piece& piece) {
    switch (piece.kind) {
      case Piece::Kind::Value:
        return document(piece.text);
      case Piece::Kind::Truncated:
        recognised_ = true;
        return gap("TRUNCATED", "the file ends in the middle of this value; make it again");
      case Piece::Kind::Text:
        return text(piece.text);
    }
  }

  void document(std::string_view text) {
    // Behind each piece there is the rest of the input, or its padding.
    const Result<json::Value> parsed = parser_.parse_padded(text);
    if (!parsed) {
      recognised_ = true;
      return gap("PARSE_ERROR", fmt::format("this value is no JSON (counted from its start: {})",
                                            parsed.error().message));
    }
    if (const std::string twice = json::duplicate_key(*parsed); !twice.empty()) {
      recognised_ = true;
      return gap("DUPLICATE_KEY",
                 fmt::format("\"{}\" is given twice, so that this can be read in two ways",
                             printable(twice)));
    }
    is_alone_ = true;
    value(*parsed);
  }

  void value(json::Value value) {  // NOLINT(misc-no-recursion): lists and searches hold Describes
    const Recognised what = api::recognise(value);
    recognised_ = recognised_ || what.kind != Recognised::Kind::Nothing;
    switch (what.kind) {
      case Recognised::Kind::Describe:
        return describe(value, what);
      case Recognised::Kind::Summary:
        ++summaries_[what.shape];
        return;
      case Recognised::Kind::List:
        return lists(api::lists_in(value));
      case Recognised::Kind::Search:
        return search(what);
      case Recognised::Kind::Tags:
      case Recognised::Kind::TagIndex:
        return tags_without_resource(what.kind);
      case Recognised::Kind::Failure:
        return failure(what);
      case Recognised::Kind::Other:
        return other(what);
      case Recognised::Kind::Nothing:
        return unrecognised();
    }
  }

  void failure(const Recognised& what) {
    gap(gap_code_of_failure(what.code),
        fmt::format("the call failed: {}: {}", printable(what.code), printable(what.message)));
  }

  void lists(const api::Lists& what) {  // NOLINT(misc-no-recursion)
    is_alone_ = false;
    for (const Recognised& one : what.lists) list(one);
    if (what.failure) failure(*what.failure);
    if (what.more) unrecognised();
  }

  void list(const Recognised& what) {  // NOLINT(misc-no-recursion)
    if (what.goes_on && (what.shape == nullptr || is_wanted(what.type))) further_pages(what.type);
    // Of these two, List returns what Describe does, but for an image's role.
    const bool is_whole =
        what.type == "AWS::SageMaker::AppImageConfig" || what.type == "AWS::SageMaker::Image";
    for (const json::Value element : what.list.elements()) {
      if (is_whole) {
        value(element);
      } else {
        ++summaries_[what.shape != nullptr ? what.shape : shape_of_summary(element)];
      }
    }
  }

  // Each result is {"FeatureGroup": {…}} or, of a model, {"Model": {"Model": {…}, …}}.
  void search(const Recognised& what) {  // NOLINT(misc-no-recursion)
    is_alone_ = false;
    // A search is for one kind of resource; of an empty page it is not known which.
    bool may_be_ours = what.list.size() == 0;
    for (const json::Value result : what.list.elements()) {
      for (const auto& [key, found] : result.members()) {
        may_be_ours = may_be_ours || is_wanted("AWS::SageMaker::" + std::string(key));
        value(found[key].is_object() ? found[key] : found);
      }
    }
    if (what.goes_on && may_be_ours) further_pages("");
  }

  void further_pages(std::string_view type) {
    gap("INCOMPLETE",
        "this is one page of a listing that goes on (NextToken): the AWS CLI fetches all pages "
        "into one output unless --no-paginate or --max-items is given",
        type);
  }

  void describe(json::Value describe, const Recognised& what) {
    if (!is_wanted(what.type)) return sink_.passed_over("other type", what.type);
    if (is_being_deleted(describe)) return sink_.passed_over("being deleted", what.type);
    const api::ResourceTags tags = tags_of(describe, what.arn_text);
    Result<Resource> resource =
        described_.make(describe, *what.shape, what.arn, what.arn_text, tags);
    if (!resource) return gap("PARSE_ERROR", resource.error().message);
    resource->location = &place_;
    sink_.resource(*resource);
  }

  // What stands in the output itself comes before the file beside it, and that before --tags.
  api::ResourceTags tags_of(json::Value describe, std::string_view arn) const {
    std::optional<std::string> tags;
    api::ResourceTags out;
    const std::optional<std::string_view> given = tags_.find(arn);
    if (describe["Tags"].exists()) {
      tags = tags_object(describe["Tags"]);
      if (!tags) out.why_unknown = "its member Tags is no list of Key and Value";
    } else if (auto beside = tags_beside_.find(arn, is_alone_)) {
      tags = std::move(beside);
    } else if (given) {
      tags = std::string(*given);
    } else {
      out.why_unknown =
          "the export does not hold the tags of this resource; add the output of `aws sagemaker "
          "list-tags`";
    }
    if (tags) out.object = std::move(*tags);
    return out;
  }

  void read_tags_beside() {
    Result<api::TagsBeside> read = api::TagsBeside::read(input_.name, input_.text);
    if (read) {
      tags_beside_ = std::move(*read);
      return;
    }
    place_ = {api::tag_file_of(input_.name).value_or(""), 0, 0, ""};
    gap("TAGS_UNREADABLE",
        fmt::format("these tags of {} could not be read: {}", input_.name, read.error().message));
  }

  // Tags come with their resource; here they stand where a resource is looked for.
  void tags_without_resource(Recognised::Kind kind) {
    const std::vector<std::string> owners = api::owners_of_tag_file(input_.name);
    const bool is_used =
        std::ranges::any_of(owners, exists) ||
        std::ranges::find(options_.tag_files, input_.name) != options_.tag_files.end();
    if (is_used) return sink_.passed_over("tags", "");
    if (kind == Recognised::Kind::TagIndex)
      return gap("TAGS_NOT_USED", "these are tags by ARN: give this file with --tags");
    gap("TAGS_NOT_USED",
        "these tags belong to no file: name them like the resource's (NAME.json and "
        "NAME.tags.json), or give them behind their resource's ARN with --tags: "
        R"({"arn:…": {"Tags": […]}})");
  }

  void other(const Recognised& what) {
    if (!is_wanted(what.type)) return sink_.passed_over("other type", what.type);
    if (const TypeShape* shape = find_type_shape(what.type)) {
      return gap("NOT_RECOGNISED",
                 fmt::format("this has the ARN of {}, and not the names of the API: {} is left out "
                             "or spelt differently; give the output of `aws sagemaker {}` as it is",
                             what.type, shape->name_member, command_of(shape->describe_operation)),
                 what.type);
    }
    gap("NO_NAMES",
        fmt::format("this program does not know the names of {} in API output; give it as AWS "
                    "Config or CloudFormation writes it",
                    what.type),
        what.type);
  }

  // What the CLI says when a call failed, where both its outputs went to one file.
  void text(std::string_view text) {
    bool is_failure = false;
    for (const std::string_view line : split(text, '\n')) is_failure |= failure_line(line);
    if (!is_failure) return unrecognised();
    recognised_ = true;
  }

  bool failure_line(std::string_view line) {
    constexpr std::string_view kStart = "An error occurred (";
    constexpr std::string_view kCall = "when calling the ";
    const size_t start = line.find(kStart);
    if (start == std::string_view::npos) return false;
    std::string_view code = line.substr(start + kStart.size());
    code = code.substr(0, code.find(')'));
    const size_t call = line.find(kCall);
    std::string_view operation;
    if (call != std::string_view::npos) operation = line.substr(call + kCall.size());
    operation = operation.substr(0, operation.find(' '));
    Gap out = new_gap(gap_code_of_failure(code), printable(trim(line)));
    if (!operation.empty()) out.operation = "sagemaker:" + printable(operation);
    add(std::move(out));
    return true;
  }

  void unrecognised() {
    if (unrecognised_++ == 0) first_unrecognised_ = place_;
  }

  // What is better said once than for each.
  void report_the_uncounted() {
    for (const auto& [shape, count] : summaries_) report_summaries(shape, count);
    if (unrecognised_ > 0) {
      place_ = first_unrecognised_;
      gap("NOT_RECOGNISED",
          fmt::format("{} in this file no output of a SageMaker Describe call; the first is here",
                      count_of(unrecognised_, "value is", "values are")));
    }
    if (gaps_ <= kMaxGapsPerFile) return;
    place_ = {input_.name, 0, 0, ""};
    sink_.gap(new_gap("TOO_MANY", fmt::format("{} of this file are not listed",
                                              count_of(gaps_ - kMaxGapsPerFile, "more gap"))));
  }

  void report_summaries(const TypeShape* shape, size_t count) {
    const std::string_view type = shape == nullptr ? std::string_view{} : shape->cloudformation;
    if (shape != nullptr && !is_wanted(type)) {
      for (size_t i = 0; i < count; ++i) sink_.passed_over("other type", type);
      return;
    }
    const std::string command =
        command_of(shape == nullptr ? "Describe" : shape->describe_operation);
    place_ = {input_.name, 0, 0, ""};
    gap("SUMMARIES",
        fmt::format("this is output of a List call: it names {} and does not say how they are set; "
                    "give the output of `aws sagemaker {}` for each",
                    count_of(count, "resource"), command),
        type);
  }

  bool is_wanted(std::string_view type) const {
    return std::binary_search(options_.types.begin(), options_.types.end(), type);
  }

  Gap new_gap(std::string_view code, std::string message) const {
    Gap out;
    out.kind = Gap::Kind::Item;
    out.location = place_;
    out.code = code;
    out.message = std::move(message);
    return out;
  }
  void gap(std::string_view code, std::string message, std::string_view type = {}) {
    Gap out = new_gap(code, std::move(message));
    out.type = type;
    add(std::move(out));
  }
  void add(Gap gap) {
    if (++gaps_ <= kMaxGapsPerFile) sink_.gap(std::move(gap));
  }

  const TextInput& input_;
  const SourceOptions& options_;
  const TagIndex& tags_;
  Sink& sink_;
  json::Parser parser_;       // what stands in the file
  api::Described described_;  // the one resource that is handed over
  api::TagsBeside tags_beside_;
  Location place_;
  bool recognised_ = false;  // anything in the file
  bool is_alone_ = false;    // the resource is a value of its own, not one of a list
  std::map<const TypeShape*, size_t> summaries_;
  size_t unrecognised_ = 0;
  Location first_unrecognised_;
  size_t gaps_ = 0;
};

}  // namespace

Result<void> read_api_output(const TextInput& input, const SourceOptions& options, Sink& sink) {
  if (options.tags != nullptr) return Reader(input, options, *options.tags, sink).file();
  TRY_LET(const TagIndex tags, read_tag_files(options.tag_files));
  return Reader(input, options, tags, sink).file();
}

}  // namespace sagewarden
