#include <span>
#include <vector>

#include "base/json_writer.h"
#include "source/inventory/inventory.h"
#include "source/inventory/words.h"

namespace sagewarden {
namespace {

using inventory::kAbsent;
using inventory::kCauses;
using inventory::kGapKinds;
using inventory::kKnown;
using inventory::kNothing;
using inventory::word_of;

// What is empty is left out.
void optional_member(json::Writer& out, std::string_view name, std::string_view text) {
  if (!text.empty()) out.member(name, text);
}
void optional_member(json::Writer& out, std::string_view name, uint32_t number) {
  if (number != 0) out.key(name).unsigned_integer(number);
}

// `of` says of what: all of the place, or what is absent from it, or nothing of it.
void append_place(json::Writer& out, const UnknownNode& node,
                  std::span<const std::string_view> path, std::string_view of) {
  out.begin_object().key("at").begin_array();
  for (const std::string_view step : path) out.string(step);
  out.end_array();
  optional_member(out, "of", of);
  out.member("known", word_of(kKnown, node.known));
  out.member("cause", word_of(kCauses, node.cause));
  out.member("reason", node.reason).end_object();
}

void append_places(json::Writer& out, const UnknownNode& node,  // NOLINT(misc-no-recursion)
                   std::vector<std::string_view>& path, bool parent_open) {
  if (node.unknown) append_place(out, node, path, "");
  // What lies below an open place is open as well, unless it says otherwise.
  if (!node.unknown && node.is_open() && !parent_open) append_place(out, node, path, kAbsent);
  if (parent_open && !node.is_open() && !node.unknown) append_place(out, node, path, kNothing);
  for (const auto& [name, child] : node.children()) {
    path.push_back(name);
    append_places(out, *child, path, node.is_open());
    path.pop_back();
  }
}

// Paths of values that were left out.
using Hidden = std::vector<std::vector<std::string>>;

// Writes properties without the values that are secret, and notes where those were.
class SecretKeeper {
 public:
  SecretKeeper(json::Writer& out, IsSecret is_secret) : out_(out), is_secret_(is_secret) {}

  // Recursion is bounded by the JSON reader's limit on nesting.
  void write(json::Value value, bool is_below_secret) {  // NOLINT(misc-no-recursion)
    if (value.is_object()) {
      out_.begin_object();
      for (const auto& [key, member] : value.members()) {
        const bool is_secret = is_below_secret || is_secret_(key);
        step_.emplace_back(key);
        if (is_secret && !member.is_object() && holds_something(member)) {
          hidden_.push_back(step_);
        } else {
          out_.key(key);
          write(member, is_secret);
        }
        step_.pop_back();
      }
      out_.end_object();
    } else if (value.is_array()) {
      out_.begin_array();
      size_t number = 0;
      for (const json::Value element : value.elements()) {
        step_.push_back(std::to_string(number++));
        write(element, is_below_secret);
        step_.pop_back();
      }
      out_.end_array();
    } else {
      out_.value(value);
    }
  }

  const Hidden& hidden() const { return hidden_; }

 private:
  // Neither null nor empty, as what is said to be set must be.
  static bool holds_something(json::Value value) {
    if (value.is_string()) return !value.string().empty();
    return value.is_array() ? value.size() > 0 : !value.is_null();
  }

  json::Writer& out_;
  const IsSecret is_secret_;
  std::vector<std::string> step_;
  Hidden hidden_;
};

void append_unknown(json::Writer& out, std::string_view name, const UnknownNode* root,
                    const Hidden& hidden = {}) {
  const bool is_known = root == nullptr || root->empty();
  if (is_known && hidden.empty()) return;
  out.key(name).begin_array();
  std::vector<std::string_view> path;
  if (!is_known) append_places(out, *root, path, false);
  UnknownNode secret;
  secret.known = Known::Set;
  secret.cause = UnknownCause::NotExported;
  secret.reason = "it may be a secret, and the bundle was made without those";
  for (const auto& place : hidden) {
    path.assign(place.begin(), place.end());
    append_place(out, secret, path, "");
  }
  out.end_array();
}

void append_source(json::Writer& out, const Location& location) {
  out.key("source").begin_object();
  optional_member(out, "file", location.file);
  optional_member(out, "line", location.line);
  optional_member(out, "column", location.column);
  optional_member(out, "address", location.address);
  out.end_object();
}

void append_suppressions(json::Writer& out, const std::vector<InlineSuppression>* suppressions) {
  if (suppressions == nullptr || suppressions->empty()) return;
  out.key("suppressions").begin_array();
  for (const InlineSuppression& suppression : *suppressions) {
    out.begin_object().member("control", suppression.control).member("reason", suppression.reason);
    optional_member(out, "expires", suppression.expires);
    optional_member(out, "line", suppression.line);
    out.end_object();
  }
  out.end_array();
}

}  // namespace

void append_resource(std::string& text, const Resource& resource, IsSecret is_secret) {
  json::Writer out(text);
  out.begin_object().member("type", resource.type);
  optional_member(out, "arn", resource.arn);
  optional_member(out, "name", resource.name);
  optional_member(out, "id", resource.id);
  optional_member(out, "account", resource.account);
  optional_member(out, "region", resource.region);
  optional_member(out, "partition", resource.partition);
  if (resource.tags.size() > 0) out.key("tags").value(resource.tags);
  out.key("properties");
  Hidden hidden;
  if (!resource.properties.is_object()) {
    out.begin_object().end_object();
  } else if (is_secret == nullptr) {
    out.value(resource.properties);
  } else {
    SecretKeeper keeper(out, is_secret);
    keeper.write(resource.properties, false);
    hidden = keeper.hidden();
  }
  append_unknown(out, "unknown", resource.unknown_properties, hidden);
  append_unknown(out, "unknown_tags", resource.unknown_tags);
  if (resource.defaulted != nullptr && !resource.defaulted->empty()) {
    out.key("defaulted").begin_array();
    for (const std::string& path : *resource.defaulted) out.string(path);
    out.end_array();
  }
  append_suppressions(out, resource.suppressions);
  optional_member(out, "captured_at", resource.captured_at);
  append_source(out, *resource.location);
  out.end_object();
  text += '\n';
}

void append_gap(std::string& text, const Gap& gap) {
  json::Writer out(text);
  out.begin_object().key("gap").begin_object();
  out.member("kind", word_of(kGapKinds, gap.kind));
  optional_member(out, "account", gap.account);
  optional_member(out, "region", gap.region);
  optional_member(out, "operation", gap.operation);
  optional_member(out, "type", gap.type);
  out.member("code", gap.code).member("message", gap.message);
  append_source(out, gap.location);
  out.end_object().end_object();
  text += '\n';
}

namespace {

void append_asked(json::Writer& out, const Asked& asked) {
  out.key("asked").begin_object().member("from", asked.from);
  out.key("accounts").begin_array();
  for (const Asked::Account& account : asked.accounts) {
    out.begin_object().member("account", account.account).member("partition", account.partition);
    out.key("regions").begin_array();
    for (const std::string& region : account.regions) out.string(region);
    out.end_array().end_object();
  }
  out.end_array().key("types").begin_array();
  for (const Asked::Type& type : asked.types)
    out.begin_object().member("type", type.type).key("tags").boolean(type.tags).end_object();
  out.end_array().key("secrets").boolean(asked.secrets).end_object();
}

}  // namespace

Result<void> InventoryWriter::header(std::string_view created, std::string_view version,
                                     const Asked* asked) {
  json::Writer out(line_);
  out.begin_object().key("sagewarden_inventory").integer(kInventoryVersion);
  out.member("created", created).member("version", version);
  if (asked != nullptr) append_asked(out, *asked);
  out.end_object();
  line_ += '\n';
  return put();
}

Result<void> InventoryWriter::resource(const Resource& resource) {
  ++resources_;
  append_resource(line_, resource, is_secret_);
  return put();
}

Result<void> InventoryWriter::gap(const Gap& gap) {
  ++gaps_;
  append_gap(line_, gap);
  return put();
}

Result<void> InventoryWriter::passed_over(std::string_view reason, std::string_view type) {
  ++passed_over_;
  json::Writer out(line_);
  out.begin_object().key("passed_over").begin_object().member("reason", reason);
  optional_member(out, "type", type);
  out.end_object().end_object();
  line_ += '\n';
  return put();
}

Result<void> InventoryWriter::covered(const CoverageRow& row) {
  ++rows_;
  json::Writer out(line_);
  out.begin_object().key("coverage").begin_object();
  out.member("account", row.account).member("region", row.region).member("type", row.type);
  out.key("listed").unsigned_integer(row.listed).key("read").unsigned_integer(row.read);
  out.key("not_read").unsigned_integer(row.not_read).key("gone").unsigned_integer(row.gone);
  out.key("complete").boolean(row.complete).end_object().end_object();
  line_ += '\n';
  return put();
}

Result<void> InventoryWriter::end() {
  json::Writer out(line_);
  out.begin_object().key("end").begin_object();
  out.key("resources").unsigned_integer(resources_);
  out.key("gaps").unsigned_integer(gaps_);
  out.key("passed_over").unsigned_integer(passed_over_);
  out.key("coverage").unsigned_integer(rows_);
  out.member("sha256", hash_.hex()).end_object().end_object();
  line_ += '\n';
  return out_.write(line_);
}

Result<void> InventoryWriter::put() {
  hash_.update(line_);
  Result<void> written = out_.write(line_);
  line_.clear();
  return written;
}

}  // namespace sagewarden
