#include "source/config/item.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/json_writer.h"
#include "base/time.h"
#include "model/arn.h"
#include "model/resource_type.h"
#include "source/types/status.h"

namespace sagewarden::config {

// The members of an item that say something to us. Snapshots, history files and notifications write
// ARN and awsAccountId, the API's answers arn and accountId.
struct ItemReader::Fields {
  json::Value type;
  json::Value status;
  json::Value id;
  json::Value name;
  json::Value arn;
  json::Value api_arn;
  json::Value account;
  json::Value api_account;
  json::Value region;
  json::Value captured;
  json::Value configuration;
  json::Value tags;

  std::string_view arn_text() const { return arn.string_or(api_arn.string_or({})); }
  std::string_view account_text() const {
    const std::string_view text = account.string_or({});
    return text.empty() ? api_account.string_or({}) : text;
  }

  bool type_twice = false;

  // Empty, or the first name that is given twice.
  std::string_view read(json::Value object);
};

namespace {

UnknownNode unknown_all(UnknownCause cause, std::string reason) {
  UnknownNode node;
  node.unknown = true;
  node.cause = cause;
  node.reason = std::move(reason);
  return node;
}

// What an item's status makes of it.
enum class Fate : uint8_t { Judged, Deleted, NotRecorded, Unclear };

struct Status {
  std::string_view name;
  Fate fate;
};

// The words since 2015, and the three that the first snapshots used.
constexpr std::array<Status, 8> kStatuses = {{
    {"OK", Fate::Judged},
    {"ResourceDiscovered", Fate::Judged},
    {"ResourceDeleted", Fate::Deleted},
    {"ResourceDeletedNotRecorded", Fate::Deleted},
    {"ResourceNotRecorded", Fate::NotRecorded},
    {"Ok", Fate::Judged},
    {"Discovered", Fate::Judged},
    {"Deleted", Fate::Deleted},
}};

// Answers to queries have no status: they hold what exists.
Fate fate_of(json::Value status) {
  if (!status.exists() || status.is_null()) return Fate::Judged;
  const auto known = std::ranges::find(kStatuses, status.string_or({}), &Status::name);
  return known == kStatuses.end() ? Fate::Unclear : known->fate;
}

constexpr std::string_view kArnPrefix = "arn:";

// Whether it can be the end of an ARN as it is.
bool is_plain_name(std::string_view text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";
  return !text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos;
}

// The first that is not empty.
std::string_view first_of(std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) {
    if (!text.empty()) return text;
  }
  return {};
}

}  // namespace

std::string_view ItemReader::Fields::read(json::Value object) {
  struct Row {
    std::string_view name;
    json::Value Fields::*field;
  };
  // By length, so that a name is compared with few.
  static constexpr std::array<Row, 12> kRows = {{
      {"ARN", &Fields::arn},
      {"arn", &Fields::api_arn},
      {"tags", &Fields::tags},
      {"accountId", &Fields::api_account},
      {"awsRegion", &Fields::region},
      {"resourceId", &Fields::id},
      {"awsAccountId", &Fields::account},
      {"resourceName", &Fields::name},
      {"resourceType", &Fields::type},
      {"configuration", &Fields::configuration},
      {"configurationItemStatus", &Fields::status},
      {"configurationItemCaptureTime", &Fields::captured},
  }};
  constexpr size_t kLongest = kRows.back().name.size();
  // Where the rows of each length begin; one more for the end of the last.
  static constexpr auto kFirst = [] {
    std::array<uint8_t, kLongest + 2> first = {};
    for (size_t size = 0; size < first.size(); ++size) {
      while (first[size] < kRows.size() && kRows[first[size]].name.size() < size) ++first[size];
    }
    return first;
  }();
  std::string_view twice;
  for (const auto& [key, value] : object.members()) {
    if (key.size() > kLongest) continue;
    for (size_t row = kFirst[key.size()]; row < kFirst[key.size() + 1]; ++row) {
      if (!json::same_bytes(kRows[row].name.data(), key.data(), key.size())) continue;
      json::Value& field = this->*kRows[row].field;
      if (!field.exists()) {
        field = value;
        continue;
      }
      if (twice.empty()) twice = kRows[row].name;
      type_twice = type_twice || &field == &type;
    }
  }
  return twice;
}

ItemReader::ItemReader(const SourceOptions& options, FileGaps& gaps, Sink& sink)
    : options_(options),
      gaps_(gaps),
      sink_(sink),
      types_(options.types.size()),
      no_configuration_(unknown_all(UnknownCause::NotExported, "the item has no configuration")),
      no_tags_(unknown_all(UnknownCause::NotExported, "the item does not say which tags it has")),
      odd_tags_(unknown_all(UnknownCause::NotExported, "the item's tags are no object")) {
  unasked_.open(UnknownCause::NotExported, "the query asked for a part of the configuration only");
  // "{}" always parses.
  if (Result<json::Document> empty = json::parse_document("{}")) empty_ = std::move(*empty);
}

bool ItemReader::read(json::Value object, const ItemPlace& place) {
  Fields fields;
  const std::string_view twice = fields.read(object);
  if (!fields.type.is_string() && !fields.type_twice) return false;
  if (fields.type_twice) {
    // Other readers take the last: which type it is cannot be told.
    gap(place, "DUPLICATE_KEY", "\"resourceType\" is given twice", {});
    return true;
  }
  const std::string_view type = fields.type.string();
  const auto known = std::ranges::lower_bound(options_.types, type);
  if (known == options_.types.end() || *known != type) {
    sink_.passed_over("other type", {});
    return true;
  }
  if (!twice.empty()) {
    gap(place, "DUPLICATE_KEY", "\"" + std::string(twice) + "\" is given twice", type);
    return true;
  }
  PerType& of = prepared(static_cast<size_t>(known - options_.types.begin()));
  resource_ = {};
  resource_.type = *known;
  resource_.location = &gaps_.location();
  switch (fate_of(fields.status)) {
    case Fate::Judged:
      if (!read_configuration(fields, place, of) || !read_tags(fields, place)) break;
      if (of.shape != nullptr && is_being_deleted(resource_.properties)) {
        sink_.passed_over("being deleted", type);
        break;
      }
      identify(fields, of, place);
      sink_.resource(resource_);
      break;
    case Fate::Deleted:
      identify(fields, of, place);
      sink_.deleted(resource_);
      break;
    case Fate::NotRecorded:
      sink_.passed_over("not recorded", type);
      break;
    case Fate::Unclear:
      gap(place, "UNKNOWN_STATUS",
          "the configurationItemStatus \"" + std::string(fields.status.string_or({})) +
              "\" is not known",
          type);
      break;
  }
  return true;
}

bool ItemReader::is_wanted(std::string_view type) const {
  return std::ranges::binary_search(options_.types, type);
}

void ItemReader::gap(const ItemPlace& place, std::string_view code, const std::string& message,
                     std::string_view type) {
  std::string where = "item " + std::to_string(place.number);
  if (place.element > 0) where += ", element " + std::to_string(place.element);
  where += ", at byte " + std::to_string(place.offset);
  gaps_.item(sink_, place.number, code, where + ": " + message, type);
}

// Fills the resource's properties, and what is unknown of them. False: there is a gap instead.
bool ItemReader::read_configuration(const Fields& fields, const ItemPlace& place, PerType& of) {
  json::Value configuration = fields.configuration;
  // The API's answers hold the configuration as text.
  if (configuration.is_string() && !configuration.string().empty()) {
    const Result<json::Value> parsed = configuration_parser_.parse(configuration.string());
    if (!parsed) {
      gap(place, "PARSE_ERROR", "configuration: " + parsed.error().message, resource_.type);
      return false;
    }
    configuration = *parsed;
  }
  const bool empty = !configuration.exists() || configuration.is_null() ||
                     (configuration.is_string() && configuration.string().empty());
  if (empty) {
    resource_.properties = empty_.root;
    resource_.unknown_properties = &no_configuration_;
    return true;
  }
  if (!configuration.is_object()) {
    gap(place, "PARSE_ERROR", "configuration is no object", resource_.type);
    return false;
  }
  const Survey::Answer answer =
      (place.whole_configuration ? of.whole : of.part).look(configuration);
  if (answer.name_twice) {
    name_twice(configuration, "configuration", place);
    return false;
  }
  resource_.properties = configuration;
  resource_.unknown_properties = answer.unknown;
  if (!place.whole_configuration && of.shape == nullptr) resource_.unknown_properties = &unasked_;
  return true;
}

bool ItemReader::read_tags(const Fields& fields, const ItemPlace& place) {
  json::Value tags = fields.tags;
  if (tags.is_array()) {
    // Queries give [{"key": …, "value": …, "tag": "key=value"}].
    std::string text;
    json::Writer writer(text);
    writer.begin_object();
    for (const json::Value tag : tags.elements())
      writer.key(tag["key"].string_or({})).value(tag["value"]);
    writer.end_object();
    if (const Result<json::Value> parsed = tags_parser_.parse(text)) tags = *parsed;
  }
  resource_.tags = empty_.root;
  if (!tags.exists() || tags.is_null()) {
    resource_.unknown_tags = &no_tags_;
  } else if (!tags.is_object()) {
    resource_.unknown_tags = &odd_tags_;
  } else {
    if (tags_survey_.look(tags).name_twice) {
      name_twice(tags, "tags", place);
      return false;
    }
    resource_.tags = tags;
  }
  return true;
}

void ItemReader::name_twice(json::Value value, std::string_view name, const ItemPlace& place) {
  gap(place, "DUPLICATE_KEY",
      "\"" + std::string(name) + "." + json::duplicate_key(value) +
          "\" is given twice, so that readers may disagree on what it is",
      resource_.type);
}

// Which resource it is; where the item does not say, its ARN or the caller's options do.
void ItemReader::identify(const Fields& fields, const PerType& of, const ItemPlace& place) {
  const TypeShape* shape = of.shape;
  const std::string_view id = fields.id.string_or({});
  const std::string_view own_name =
      shape == nullptr ? "" : resource_.properties[shape->name_property].string_or({});
  resource_.name = first_of({fields.name.string_or({}), own_name, id});
  resource_.captured_at = capture_time(fields.captured);
  resource_.account = fields.account_text();
  resource_.region = fields.region.string_or({});

  std::string_view arn = fields.arn_text();
  if (arn.empty() && id.starts_with(kArnPrefix)) arn = id;
  if (arn.empty() && shape != nullptr)
    arn = resource_.properties[shape->config_arn_property].string_or({});
  if (arn.empty() && shape != nullptr) arn = built_arn(fields, *shape);
  resource_.arn = arn;

  Arn parts;
  if (const Result<Arn> parsed = parse_arn(arn)) parts = *parsed;
  resource_.account = first_of({resource_.account, parts.account_id});
  resource_.region = first_of({resource_.region, parts.region});
  resource_.id = id;
  // Whose it is does the item not say: the options hold for all items and tell none from another.
  if (resource_.account.empty() || resource_.region.empty() || resource_.name.empty()) {
    id_ = "item-" + std::to_string(place.number);
    if (place.element != 0) id_ += "." + std::to_string(place.element);
    resource_.id = id_;
  }
  resource_.account = first_of({resource_.account, options_.account});
  resource_.region = first_of({resource_.region, options_.region});
  resource_.partition = first_of({parts.partition, options_.partition});
  if (resource_.partition.empty()) resource_.partition = partition_of_region(resource_.region);
}

// The ARN of an item that leaves it out, from what it says of itself; empty where it says too
// little. Feature groups and parts of a configuration have none, and by a name alone two accounts'
// resources would be taken for one.
std::string_view ItemReader::built_arn(const Fields& fields, const TypeShape& shape) {
  const ResourceType* const type = find_resource_type(shape.cloudformation);
  const std::string_view ends_in =
      shape.arn_id_property.empty()
          ? first_of({resource_.properties[shape.name_property].string_or({}),
                      fields.name.string_or({}), fields.id.string_or({})})
          : resource_.properties[shape.arn_id_property].string_or({});
  if (type == nullptr || resource_.account.empty() || resource_.region.empty() ||
      !is_plain_name(ends_in))
    return {};
  arn_ = "arn:";
  arn_ += partition_of_region(resource_.region);
  for (const std::string_view part :
       {std::string_view("sagemaker"), resource_.region, resource_.account, type->arn_part})
    (arn_ += ':') += part;
  return (arn_ += '/') += ends_in;
}

// Text, or seconds since 1970 as older versions of the AWS CLI print them.
std::string_view ItemReader::capture_time(json::Value time) {
  double seconds = 0;
  if (time.is_string()) return time.string();
  if (time.kind() == json::Kind::Int) seconds = static_cast<double>(time.integer());
  if (time.kind() == json::Kind::Double) seconds = time.real();
  constexpr double kLatest = 253'402'300'799;  // the year 9999
  if (!(seconds > 0 && seconds <= kLatest)) return {};
  time_ = iso_time(static_cast<int64_t>(std::floor(seconds)));
  return time_;
}

ItemReader::PerType& ItemReader::prepared(size_t type) {
  PerType& of = types_[type];
  if (of.prepared) return of;
  of.prepared = true;
  of.shape = find_type_shape(options_.types[type]);
  if (of.shape == nullptr) return of;
  of.whole = Survey(*of.shape, Survey::Absent::MayNotBeRecorded);
  of.part = Survey(*of.shape, Survey::Absent::MayNotBeAsked);
  return of;
}

}  // namespace sagewarden::config
