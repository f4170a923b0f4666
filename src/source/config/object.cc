#include "source/config/object.h"

#include <algorithm>
#include <array>

namespace sagewarden::config {
namespace {

// SQS around SNS around EventBridge is as deep as envelopes go in practice.
constexpr size_t kMaxEnvelopes = 8;
// A parser that has read something larger gives its memory back.
constexpr size_t kKeptItemBytes = size_t{1024} * 1024;

constexpr std::string_view kOversized = "OversizedConfigurationItemChangeNotification";

// What a member of an envelope holds.
enum class Holds : uint8_t {
  Object,       // an item, or another envelope
  List,         // several
  Text,         // one written as JSON text
  Results,      // an advanced query's: a list of texts
  Unprocessed,  // the keys that the API did not answer
  Token,        // says that the listing goes on
};

struct EnvelopeRow {
  std::string_view name;
  Holds holds;
};

constexpr std::array<EnvelopeRow, 18> kEnvelopes = {{
    {"configurationItem", Holds::Object},             // a change notification, a rule's event
    {"ConfigurationItem", Holds::Object},             // get-aggregate-resource-config
    {"configurationItems", Holds::List},              // a snapshot inside something else
    {"baseConfigurationItems", Holds::List},          // batch-get-resource-config
    {"BaseConfigurationItems", Holds::List},          // batch-get-aggregate-resource-config
    {"unprocessedResourceKeys", Holds::Unprocessed},  // of the former
    {"UnprocessedResourceIdentifiers", Holds::Unprocessed},  // of the latter
    {"Results", Holds::Results},     // select-resource-config, select-aggregate-resource-config
    {"detail", Holds::Object},       // EventBridge
    {"Message", Holds::Text},        // SNS
    {"Sns", Holds::Object},          // SNS to Lambda, inside Records
    {"body", Holds::Text},           // SQS to Lambda, inside Records
    {"Body", Holds::Text},           // sqs receive-message, inside Messages
    {"Records", Holds::List},        // what Lambda is called with
    {"Messages", Holds::List},       // sqs receive-message
    {"invokingEvent", Holds::Text},  // what a custom rule is called with
    {"nextToken", Holds::Token},
    {"NextToken", Holds::Token},
}};

const EnvelopeRow* find_row(std::string_view name) {
  const auto row = std::ranges::find(kEnvelopes, name, &EnvelopeRow::name);
  return row == kEnvelopes.end() ? nullptr : &*row;
}

// Whether an advanced query asked for the configuration as a whole and not for parts of it.
bool asked_for_all(json::Value query) {
  for (const json::Value field : query["SelectFields"].elements()) {
    if (field["Name"].string_or({}) == "configuration") return true;
  }
  return false;
}

std::string_view either(json::Value object, std::string_view name, std::string_view other) {
  return object[name].string_or(object[other].string_or({}));
}

}  // namespace

void ObjectReader::read(const FoundItem& item) {
  if (!filter_.may_be_wanted(item)) {
    sink_.passed_over("other type", {});
    return;
  }
  const ItemPlace place{.number = item.number, .offset = item.offset};
  const Result<json::Value> parsed = parser_.parse_padded(item.text);
  if (parsed) {
    read_object(*parsed, place, 0);
  } else {
    items_.gap(place, "PARSE_ERROR", parsed.error().message, {});
  }
  if (item.text.size() <= kKeptItemBytes) return;
  parser_ = json::Parser();
  text_parsers_.clear();
}

void ObjectReader::read_object(json::Value object, const ItemPlace& place, size_t depth) {
  if (items_.read(object, place)) return;
  if (depth == kMaxEnvelopes) {
    items_.gap(place, "NOT_RECOGNISED",
               "more than " + std::to_string(kMaxEnvelopes) + " envelopes around one another", {});
    return;
  }
  if (object["messageType"].string_or({}) == kOversized) {
    oversized(object, place);
  } else if (!read_envelope(object, place, depth)) {
    if (object["messageType"].is_string()) {
      // "Snapshot delivered", "compliance changed" and the like: they announce, and hold nothing.
      sink_.passed_over("notification without an item", {});
    } else {
      items_.gap(place, "NOT_RECOGNISED",
                 "neither a configuration item (it has no resourceType) nor an envelope of one",
                 {});
    }
  }
}

// Returns false when the object has nothing in which an item could be.
bool ObjectReader::read_envelope(json::Value object, const ItemPlace& place, size_t depth) {
  bool any = false;
  for (const auto& [name, value] : object.members()) {
    const EnvelopeRow* row = find_row(name);
    if (row == nullptr || value.is_null()) continue;
    any = any || row->holds != Holds::Token;
    switch (row->holds) {
      case Holds::Object:
        read_object(value, place, depth + 1);
        break;
      case Holds::List:
        read_list(value, place, depth + 1);
        break;
      case Holds::Text:
        read_text(value, place, depth + 1);
        break;
      case Holds::Results:
        read_results(object, place, depth + 1);
        break;
      case Holds::Unprocessed:
        unprocessed(value, place);
        break;
      case Holds::Token:
        items_.gap(place, "INCOMPLETE",
                   "\"" + std::string(name) +
                       "\" stands here: the file is one page of a listing "
                       "that goes on",
                   {});
        break;
    }
  }
  return any;
}

void ObjectReader::read_list(json::Value list, const ItemPlace& place, size_t depth) {
  if (!list.is_array()) {
    items_.gap(place, "PARSE_ERROR", "not a list where a list of items is expected", {});
    return;
  }
  ItemPlace element = place;
  element.element = 0;
  for (const json::Value object : list.elements()) {
    ++element.element;
    read_object(object, element, depth);
  }
}

void ObjectReader::read_text(json::Value text, const ItemPlace& place, size_t depth) {
  // Some tools write the inner document as an object.
  if (text.is_object()) return read_object(text, place, depth);
  while (text_parsers_.size() <= depth) text_parsers_.push_back(std::make_unique<json::Parser>());
  const Result<json::Value> parsed = text_parsers_[depth]->parse(text.string_or({}));
  if (parsed) {
    read_object(*parsed, place, depth);
  } else {
    items_.gap(place, "PARSE_ERROR", "the text inside: " + parsed.error().message, {});
  }
}

void ObjectReader::read_results(json::Value envelope, const ItemPlace& place, size_t depth) {
  const json::Value results = envelope["Results"];
  if (!results.is_array()) {
    items_.gap(place, "PARSE_ERROR", "Results is no list", {});
    return;
  }
  ItemPlace element = place;
  element.element = 0;
  element.whole_configuration = asked_for_all(envelope["QueryInfo"]);
  for (const json::Value result : results.elements()) {
    ++element.element;
    read_text(result, element, depth);
  }
}

// The notification of an item that was too large for its channel has a summary only.
void ObjectReader::oversized(json::Value envelope, const ItemPlace& place) {
  const json::Value summary = envelope["configurationItemSummary"];
  const std::string_view type = summary["resourceType"].string_or({});
  if (!type.empty() && !items_.is_wanted(type)) {
    sink_.passed_over("other type", {});
    return;
  }
  if (summary["changeType"].string_or({}) == "DELETE") {
    sink_.passed_over("deleted", type);
    return;
  }
  const std::string_view bucket = envelope["s3DeliverySummary"]["s3BucketLocation"].string_or({});
  std::string message = "the item of " + std::string(either(summary, "ARN", "resourceId")) +
                        " was too large for its notification; read it ";
  message += bucket.empty() ? "with batch-get-resource-config" : "from " + std::string(bucket);
  items_.gap(place, "OVERSIZED", message, type);
}

void ObjectReader::unprocessed(json::Value list, const ItemPlace& place) {
  ItemPlace element = place;
  element.element = 0;
  for (const json::Value key : list.elements()) {
    ++element.element;
    const std::string_view type = either(key, "resourceType", "ResourceType");
    if (!type.empty() && !items_.is_wanted(type)) continue;
    items_.gap(element, "UNPROCESSED",
               "AWS Config gave no answer for " + std::string(type) + " " +
                   std::string(either(key, "resourceId", "ResourceId")) + "; ask for it again",
               type);
  }
}

}  // namespace sagewarden::config
