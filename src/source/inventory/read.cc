#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "base/json.h"
#include "base/text.h"
#include "model/arn.h"
#include "source/inventory/inventory.h"
#include "source/inventory/words.h"
#include "source/source.h"

namespace sagewarden {
namespace {

constexpr size_t kMaxPlaceSteps = json::kMaxDepth;
// A file of garbage must not fill the memory with what is wrong with it.
constexpr size_t kMaxBrokenLines = 1'000;

tl::unexpected<Error> invalid(std::string message) {
  return fail(Error::Code::Invalid, std::move(message));
}

std::string_view text_of(json::Value value, std::string_view name) {
  return value[name].string_or("");
}

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
  Reader(const TextInput& input, const SourceOptions& options, Sink& sink)
      : input_(input), options_(options), sink_(sink) {
    empty_ = std::move(json::parse_document("{}").value());
  }

  Result<void> file() {
    std::string_view rest = input_.text;
    while (!rest.empty()) {
      const size_t end = rest.find('\n');
      const std::string_view line = rest.substr(0, end);
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      ++line_;
      if (trim(line).empty()) continue;
      TRY_DO(this->line(line, end == std::string_view::npos));
    }
    if (!started_) return invalid("this is no inventory: it has no header");
    if (!ended_) truncated("the line \"end\" is missing");
    if (broken_ > kMaxBrokenLines)
      report("TOO_MANY", fmt::format("{} of this file are not listed",
                                     count_of(broken_ - kMaxBrokenLines, "more broken line")));
    return {};
  }

 private:
  // Only a header that cannot be read is an error of the whole file.
  Result<void> line(std::string_view text, bool is_torn) {
    // Behind each line there is either another one or the input's own padding.
    const Result<json::Value> parsed = parser_.parse_padded(text);
    if (!started_) {
      if (!parsed) return invalid(fmt::format("line {}: {}", line_, parsed.error().message));
      return header(*parsed);
    }
    if (!parsed && is_torn) {
      truncated("the last line is cut off");
      ended_ = true;  // said once is enough
      return {};
    }
    if (!parsed) {
      broken("PARSE_ERROR", parsed.error().message);
      return {};
    }
    return entry(*parsed);
  }

  Result<void> entry(json::Value value) {
    if (value["sagewarden_inventory"].exists()) {
      // Inventories may be joined with cat.
      if (!ended_) truncated("the line \"end\" is missing before another header");
      return header(value);
    }
    if (ended_) {
      broken("INVALID", "it stands behind the line \"end\"");
      return {};
    }
    if (const std::string twice = json::duplicate_key(value); !twice.empty()) {
      broken("DUPLICATE_KEY", fmt::format("\"{}\" is given twice", printable(twice)));
    } else if (value["end"].exists()) {
      trailer(value["end"]);
    } else if (value["gap"].exists()) {
      gap(value["gap"]);
    } else if (const Result<void> read = resource(value); !read) {
      broken("INVALID", read.error().message);
    }
    return {};
  }

  Result<void> header(json::Value value) {
    const json::Value version = value["sagewarden_inventory"];
    if (version.kind() != json::Kind::Int || version.integer() < 1)
      return invalid(fmt::format(
          "line {}: this is no inventory: \"sagewarden_inventory\" must be its version", line_));
    if (version.integer() > kInventoryVersion)
      return invalid(
          fmt::format("line {}: the inventory has version {}, and this program reads up to {}: use "
                      "a newer sagewarden",
                      line_, version.integer(), kInventoryVersion));
    started_ = true;
    ended_ = false;
    resources_ = 0;
    gaps_ = 0;
    return {};
  }

  void trailer(json::Value end) {
    ended_ = true;
    const uint64_t resources = number_of(end["resources"]);
    const uint64_t gaps = number_of(end["gaps"]);
    if (resources != resources_ || gaps != gaps_)
      truncated(fmt::format("its end counts {} and {}, but {} and {} stand before it",
                            count_of(resources, "resource"), count_of(gaps, "gap"), resources_,
                            gaps_));
  }

  void gap(json::Value value) {
    ++gaps_;
    Gap out;
    // What this program does not know the kind of is no less of a gap.
    out.kind = inventory::value_of<Gap::Kind>(inventory::kGapKinds, text_of(value, "kind"))
                   .value_or(Gap::Kind::Item);
    out.location = location_of(value["source"]);
    if (out.location == Location{} && out.kind != Gap::Kind::Call) out.location = here();
    out.account = text_of(value, "account");
    out.region = text_of(value, "region");
    out.operation = text_of(value, "operation");
    out.type = text_of(value, "type");
    out.code = text_of(value, "code");
    out.message = text_of(value, "message");
    if (out.code.empty()) out.code = "UNREADABLE";
    if (out.message.empty()) out.message = "the inventory has a gap here and does not say which";
    sink_.gap(std::move(out));
  }

  Result<void> resource(json::Value value) {
    ++resources_;
    Resource out;
    out.type = text_of(value, "type");
    if (out.type.empty()) return invalid("a resource needs a \"type\"");
    if (!std::binary_search(options_.types.begin(), options_.types.end(), out.type)) {
      sink_.passed_over("other type", out.type);
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
    const std::string id = id_in_inventory(value);
    out.id = id;
    const Location location = location_in_inventory(value["source"], !out.arn.empty());
    out.location = &location;
    const std::vector<std::string> defaulted = read_texts(value["defaulted"]);
    if (!defaulted.empty()) out.defaulted = &defaulted;
    const std::vector<InlineSuppression> suppressions = read_suppressions(value["suppressions"]);
    if (!suppressions.empty()) out.suppressions = &suppressions;
    sink_.resource(out);
    return {};
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
    return file.empty() || id.empty() ? std::string(id) : fmt::format("{}#{}", file, id);
  }

  Location here() const { return {input_.name, line_, 1, ""}; }

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

  const TextInput& input_;
  const SourceOptions& options_;
  Sink& sink_;
  json::Parser parser_;
  json::Document empty_;
  uint32_t line_ = 0;
  bool started_ = false;  // a header was read
  bool ended_ = false;    // and its trailer
  uint64_t resources_ = 0;
  uint64_t gaps_ = 0;
  size_t broken_ = 0;
};

}  // namespace

Result<void> read_inventory(const TextInput& input, const SourceOptions& options, Sink& sink) {
  return Reader(input, options, sink).file();
}

}  // namespace sagewarden
