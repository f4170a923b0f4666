#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/json.h"
#include "base/text.h"
#include "model/arn.h"
#include "source/inventory/fields.h"
#include "source/inventory/inventory.h"
#include "source/inventory/lines.h"
#include "source/inventory/words.h"
#include "source/source.h"

namespace sagewarden {
namespace {

using inventory::invalid;
using inventory::text_of;

constexpr size_t kMaxPlaceSteps = json::kMaxDepth;
// A file of garbage must not fill the memory with what is wrong with it.
constexpr size_t kMaxBrokenLines = 1'000;
// The first version whose end names a hash.
constexpr int64_t kHashedVersion = 2;
constexpr std::string_view kListTags = "sagemaker:ListTags";

// A count or a line; 0 when there is none.
uint64_t number_of(json::Value value) {
  if (value.kind() != json::Kind::Int || value.integer() < 0) return 0;
  return static_cast<uint64_t>(value.integer());
}
uint32_t line_of(json::Value value) {
  return static_cast<uint32_t>(std::min<uint64_t>(number_of(value), UINT32_MAX));
}

Location location_of(json::Value source) {
  return {std::string(text_of(source, "file")), line_of(source["line"]), line_of(source["column"]),
          std::string(text_of(source, "address"))};
}

Result<void> read_place(json::Value place, UnknownNode& root) {
  const json::Value at = place["at"];
  const auto known = inventory::value_of<Known>(inventory::kKnown, text_of(place, "known"));
  const auto cause = inventory::value_of<UnknownCause>(inventory::kCauses, text_of(place, "cause"));
  if (!at.is_array() || at.size() > kMaxPlaceSteps || !known || !cause)
    return invalid("an unknown place needs \"at\" (a list of texts), \"known\" and \"cause\"");
  UnknownNode* node = &root;
  for (const json::Value step : at.elements()) {
    if (!step.is_string()) return invalid("\"at\" must be a list of texts");
    node = &node->child(step.string());
  }
  const std::string_view of = text_of(place, "of");
  if (of == inventory::kAbsent) {
    node->open(*cause, text_of(place, "reason"));
  } else if (of == inventory::kNothing) {
    node->close();
  } else {
    node->unknown = true;
    node->known = *known;
    node->cause = *cause;
    node->reason = text_of(place, "reason");
  }
  return {};
}

// What must not be misread: a place that is not known would pass for an absent one.
Result<UnknownNode> read_places(json::Value places) {
  UnknownNode root;
  if (!places.exists()) return root;
  if (!places.is_array() || places.size() > kMaxUnknownPlaces)
    return invalid(
        fmt::format("the unknown places must be a list of at most {}", kMaxUnknownPlaces));
  for (const json::Value place : places.elements()) TRY_DO(read_place(place, root));
  return root;
}

std::vector<std::string> read_texts(json::Value list) {
  std::vector<std::string> out;
  for (const json::Value item : list.elements()) out.emplace_back(item.string_or(""));
  return out;
}

std::vector<InlineSuppression> read_suppressions(json::Value list) {
  std::vector<InlineSuppression> out;
  for (const json::Value item : list.elements())
    out.push_back({std::string(text_of(item, "control")), std::string(text_of(item, "reason")),
                   std::string(text_of(item, "expires")), line_of(item["line"])});
  return out;
}

// Reads one file, line by line.
class Reader {
 public:
  Reader(std::string name, const SourceOptions& options, Sink& sink)
      : name_(std::move(name)), options_(options), sink_(sink) {
    empty_ = std::move(json::parse_document("{}").value());
    mark_unknown(tags_not_asked_, "", Known::Nothing, UnknownCause::NotExported,
                 "no selected control asks for the tags of this type");
    mark_unknown(tags_not_collected_, "", Known::Nothing, UnknownCause::NotExported,
                 "the tags of this type were not collected into this bundle");
  }

  // The next line, with its line end unless it is cut off there; json::kPadding bytes behind it are
  // readable. Only a header that cannot be read is an error of the whole file.
  Result<void> line(std::string_view text) {
    ++line_;
    const bool is_torn = !text.ends_with('\n');
    if (trim(text).empty()) {
      hash_.update(text);
      return {};
    }
    const Result<json::Value> parsed = parser_.parse_padded(text);
    if (!started_) {
      if (!parsed) return invalid(fmt::format("line {}: {}", line_, parsed.error().message));
      return header(*parsed, text);
    }
    if (parsed) return entry(*parsed, text);
    hash_.update(text);
    if (is_torn) {
      truncated("the last line is cut off");
      ended_ = true;  // said once is enough
    } else {
      broken("PARSE_ERROR", parsed.error().message);
    }
    return {};
  }

  // A line that is too long to be read comes in pieces.
  void skip(std::string_view piece, bool is_first) {
    hash_.update(piece);
    if (!is_first) return;
    ++line_;
    broken("OVERSIZED", fmt::format("it is longer than {} bytes", kMaxInventoryLine));
  }

  Result<void> end() {
    if (!started_) return invalid("this is no inventory: it has no header");
    if (!ended_) truncated("the line \"end\" is missing");
    if (broken_ > kMaxBrokenLines)
      report("TOO_MANY", fmt::format("{} of this file are not listed",
                                     count_of(broken_ - kMaxBrokenLines, "more broken line")));
    return {};
  }

 private:
  struct Counts {
    uint64_t resources = 0;
    uint64_t gaps = 0;
    uint64_t passed_over = 0;
    uint64_t coverage = 0;

    friend bool operator==(const Counts&, const Counts&) = default;
  };

  Result<void> entry(json::Value value, std::string_view text) {
    if (value["sagewarden_inventory"].exists()) {
      // Inventories may be joined with cat.
      if (!ended_) truncated("the line \"end\" is missing before another header");
      return header(value, text);
    }
    const bool is_end = value["end"].exists();
    if (!is_end) hash_.update(text);
    if (ended_) {
      broken("INVALID", "it stands behind the line \"end\"");
      return {};
    }
    if (const std::string twice = json::duplicate_key(value); !twice.empty()) {
      broken("DUPLICATE_KEY", fmt::format("\"{}\" is given twice", printable(twice)));
    } else if (is_end) {
      trailer(value["end"]);
    } else if (value["gap"].exists()) {
      gap(value["gap"]);
    } else if (value["passed_over"].exists()) {
      passed_over(value["passed_over"]);
    } else if (value["coverage"].exists()) {
      covered(value["coverage"]);
    } else if (const Result<void> read = resource(value); !read) {
      broken("INVALID", read.error().message);
    }
    return {};
  }

  Result<void> header(json::Value value, std::string_view text) {
    Result<InventoryHeader> header = parse_inventory_header(value);
    if (!header) return invalid(fmt::format("line {}: {}", line_, header.error().message));
    header_ = std::move(*header);
    started_ = true;
    ended_ = false;
    counts_ = {};
    without_tags_.clear();
    hash_ = Sha256();
    hash_.update(text);
    tell_unasked();
    return {};
  }

  // A control about a type that was not read must not look as if there were none of it.
  void tell_unasked() {
    if (!is_bundle()) return;
    for (const std::string_view type : options_.types) {
      if (std::ranges::find(header_.asked->types, type, &Asked::Type::type) !=
          header_.asked->types.end())
        continue;
      Gap gap;
      gap.kind = Gap::Kind::Item;
      gap.location = here();
      gap.type = type;
      gap.code = "NOT_COLLECTED";
      gap.message = fmt::format(
          "{} was not collected into this bundle: nothing is known of such resources; collect "
          "again "
          "without choosing controls",
          type);
      sink_.gap(std::move(gap));
    }
  }

  void trailer(json::Value end) {
    ended_ = true;
    const Counts counted = {number_of(end["resources"]), number_of(end["gaps"]),
                            number_of(end["passed_over"]), number_of(end["coverage"])};
    if (counted != counts_)
      return truncated(fmt::format("its end counts {}, but {} stand before it", in_words(counted),
                                   in_words(counts_)));
    // Those that people make by hand, of the first version, need none; one that is there must be
    // right.
    const std::string_view named = text_of(end, "sha256");
    const bool must_be_there = header_.version >= kHashedVersion || is_bundle();
    if ((named.empty() && !must_be_there) || hash_.hex() == named) return;
    report("CHANGED",
           "the inventory is not what was written: its SHA-256 is not the one that its end names; "
           "it was changed or damaged, so make it again");
  }

  static std::string in_words(const Counts& counts) {
    return fmt::format("{}, {}, {} passed over and {}", count_of(counts.resources, "resource"),
                       count_of(counts.gaps, "gap"), counts.passed_over,
                       count_of(counts.coverage, "line of coverage", "lines of coverage"));
  }

  // Nothing that this run would have asked for: it is as if it had not been.
  bool is_unasked(const Gap& gap) const {
    if (!is_bundle() || gap.type.empty()) return false;
    return !std::ranges::binary_search(options_.types, gap.type) ||
           (gap.operation == kListTags && !wants_tags(gap.type));
  }

  bool is_bundle() const { return header_.asked.has_value(); }

  // Whether the tags of the type were asked for when the bundle was made.
  bool has_tags(std::string_view type) const {
    return std::ranges::any_of(header_.asked->types, [&](const Asked::Type& asked) {
      return asked.type == type && asked.tags;
    });
  }

  bool wants_tags(std::string_view type) const {
    return options_.tag_types == nullptr || std::ranges::binary_search(*options_.tag_types, type);
  }

  void passed_over(json::Value value) {
    ++counts_.passed_over;
    const std::string_view type = text_of(value, "type");
    if (is_bundle() && !std::ranges::binary_search(options_.types, type)) return;
    const std::string_view reason = text_of(value, "reason");
    sink_.passed_over(reason.empty() ? "passed over" : reason, type);
  }

  void covered(json::Value value) {
    ++counts_.coverage;
    CoverageRow row;
    row.account = text_of(value, "account");
    row.region = text_of(value, "region");
    row.type = text_of(value, "type");
    row.listed = line_of(value["listed"]);
    row.read = line_of(value["read"]);
    row.not_read = line_of(value["not_read"]);
    row.gone = line_of(value["gone"]);
    row.complete = value["complete"].is_bool() && value["complete"].boolean();
    if (row.type.empty() || uint64_t{row.read} + row.not_read + row.gone != row.listed) {
      broken("INVALID", "a line of coverage needs a \"type\", and numbers that add up");
      return;
    }
    if (is_bundle() && !std::ranges::binary_search(options_.types, row.type)) return;
    if (is_bundle() && !wants_tags(row.type)) {
      const uint32_t tags_only =
          std::min(row.not_read, without_tags_[{row.account, row.region, row.type}]);
      row.read += tags_only;
      row.not_read -= tags_only;
    }
    sink_.covered(row);
  }

  void gap(json::Value value) {
    ++counts_.gaps;
    Gap out;
    // What this program does not know the kind of is no less of a gap.
    out.kind = inventory::value_of<Gap::Kind>(inventory::kGapKinds, text_of(value, "kind"))
                   .value_or(Gap::Kind::Item);
    out.location = location_of(value["source"]);
    if (out.location == Location{} && out.kind != Gap::Kind::Call && !is_bundle())
      out.location = here();
    out.account = text_of(value, "account");
    out.region = text_of(value, "region");
    out.operation = text_of(value, "operation");
    out.type = text_of(value, "type");
    out.code = text_of(value, "code");
    out.message = text_of(value, "message");
    if (out.code.empty()) out.code = "UNREADABLE";
    if (out.message.empty()) out.message = "the inventory has a gap here and does not say which";
    if (!is_unasked(out)) sink_.gap(std::move(out));
  }

  Result<void> resource(json::Value value) {
    ++counts_.resources;
    Resource out;
    out.type = text_of(value, "type");
    if (out.type.empty()) return invalid("a resource needs a \"type\"");
    if (!std::binary_search(options_.types.begin(), options_.types.end(), out.type)) {
      // What is in a bundle for other controls, AWS would not have been asked for.
      if (!is_bundle()) sink_.passed_over("other type", out.type);
      return {};
    }
    out.properties = value["properties"];
    if (!out.properties.is_object()) return invalid("a resource needs an object \"properties\"");
    out.tags = value["tags"].exists() ? value["tags"] : empty_.root;
    if (!out.tags.is_object()) return invalid("\"tags\" must be an object");
    TRY_LET(const UnknownNode unknown, read_places(value["unknown"]));
    TRY_LET(const UnknownNode unknown_tags, read_places(value["unknown_tags"]));
    if (!unknown.empty()) out.unknown_properties = &unknown;
    if (!unknown_tags.empty()) out.unknown_tags = &unknown_tags;
    read_identity(value, out);
    if (is_bundle() && !has_tags(out.type)) {
      out.tags = empty_.root;
      out.unknown_tags = &tags_not_collected_;
    }
    if (is_bundle() && !wants_tags(out.type)) leave_out_tags(out);
    const std::string id = id_in_inventory(value);
    out.id = id;
    const Location location = is_bundle()
                                  ? location_of(value["source"])
                                  : location_in_inventory(value["source"], !out.arn.empty());
    out.location = &location;
    const std::vector<std::string> defaulted = read_texts(value["defaulted"]);
    if (!defaulted.empty()) out.defaulted = &defaulted;
    const std::vector<InlineSuppression> suppressions = read_suppressions(value["suppressions"]);
    if (!suppressions.empty()) out.suppressions = &suppressions;
    sink_.resource(out);
    return {};
  }

  // Had only they not been read, nothing of what is asked for is missing.
  void leave_out_tags(Resource& out) {
    const bool is_read = out.unknown_properties == nullptr || !out.unknown_properties->unknown;
    if (is_read && out.unknown_tags != nullptr)
      ++without_tags_[{std::string(out.account), std::string(out.region), std::string(out.type)}];
    out.tags = empty_.root;
    out.unknown_tags = &tags_not_asked_;
  }

  void read_identity(json::Value value, Resource& out) const {
    out.arn = text_of(value, "arn");
    out.name = text_of(value, "name");
    out.account = value["account"].string_or(options_.account);
    out.region = value["region"].string_or(options_.region);
    out.partition = value["partition"].string_or(options_.partition);
    if (out.partition.empty()) out.partition = partition_of_region(out.region);
    out.captured_at = text_of(value, "captured_at");
  }

  // Findings point into the inventory. Where nothing but the address tells resources apart, the
  // file that it was an address in belongs to it.
  Location location_in_inventory(json::Value source, bool has_arn) const {
    Location out = here();
    const std::string_view file = text_of(source, "file");
    const std::string_view address = text_of(source, "address");
    if (has_arn || file.empty()) {
      out.address = address;
    } else {
      out.address = address.empty() ? std::string() : fmt::format("{}#{}", file, address);
    }
    return out;
  }

  // Where neither ARN nor address tells resources apart, the file that the id was an id in belongs
  // to it; and of whom nothing is said, no two are the same.
  std::string id_in_inventory(json::Value value) const {
    const std::string_view file = text_of(value["source"], "file");
    const std::string_view id = text_of(value, "id");
    const bool is_known = value["account"].exists() && value["region"].exists();
    if (!is_known) return fmt::format("line-{}", line_);
    if (is_bundle() || file.empty() || id.empty()) return std::string(id);
    return fmt::format("{}#{}", file, id);
  }

  Location here() const { return {name_, line_, 1, ""}; }

  void truncated(std::string_view why) {
    report("TRUNCATED", fmt::format("the inventory is not whole: {}; make it again", why));
  }

  void broken(std::string_view code, std::string_view why) {
    if (++broken_ > kMaxBrokenLines) return;
    report(code, fmt::format("this line of the inventory was left out: {}", why));
  }

  void report(std::string_view code, std::string message) {
    Gap gap;
    gap.kind = Gap::Kind::Item;
    gap.location = here();
    gap.code = code;
    gap.message = std::move(message);
    sink_.gap(std::move(gap));
  }

  const std::string name_;
  const SourceOptions& options_;
  Sink& sink_;
  json::Parser parser_;
  json::Document empty_;
  UnknownNode tags_not_asked_;
  UnknownNode tags_not_collected_;
  uint32_t line_ = 0;
  bool started_ = false;  // a header was read
  bool ended_ = false;    // and its trailer
  // Of the inventory at hand:
  InventoryHeader header_;
  // By account, Region and type: how many resources were read but for their tags.
  std::map<std::tuple<std::string, std::string, std::string>, uint32_t> without_tags_;
  Counts counts_;
  Sha256 hash_;
  size_t broken_ = 0;
};

}  // namespace

Result<void> read_inventory(const TextInput& input, const SourceOptions& options, Sink& sink) {
  Reader reader(input.name, options, sink);
  for (std::string_view rest = input.text; !rest.empty();) {
    const size_t end = rest.find('\n');
    const std::string_view line = end == rest.npos ? rest : rest.substr(0, end + 1);
    rest.remove_prefix(line.size());
    TRY_DO(reader.line(line));
  }
  return reader.end();
}

Result<void> read_inventory_stream(InputStream& input, const std::string& name,
                                   const SourceOptions& options, Sink& sink, Progress& progress) {
  Reader reader(name, options, sink);
  Lines lines(input, progress, kMaxInventoryLine);
  for (;;) {
    TRY_LET(const Lines::Piece piece, lines.next());
    switch (piece.kind) {
      case Lines::Piece::Kind::Line:
        TRY_DO(reader.line(piece.text));
        break;
      case Lines::Piece::Kind::Start:
      case Lines::Piece::Kind::Rest:
        reader.skip(piece.text, piece.kind == Lines::Piece::Kind::Start);
        break;
      case Lines::Piece::Kind::End:
        return progress.stop ? Result<void>() : reader.end();
    }
  }
}

}  // namespace sagewarden
