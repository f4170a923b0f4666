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

void append_unknown(json::Writer& out, std::string_view name, const UnknownNode* root) {
  if (root == nullptr || root->empty()) return;
  std::vector<std::string_view> path;
  out.key(name).begin_array();
  append_places(out, *root, path, false);
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

std::string inventory_header(std::string_view created, std::string_view version) {
  std::string line;
  json::Writer(line)
      .begin_object()
      .key("sagewarden_inventory")
      .integer(kInventoryVersion)
      .member("created", created)
      .member("version", version)
      .end_object();
  return line += '\n';
}

void append_resource(std::string& text, const Resource& resource) {
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
  if (resource.properties.is_object()) {
    out.value(resource.properties);
  } else {
    out.begin_object().end_object();
  }
  append_unknown(out, "unknown", resource.unknown_properties);
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

std::string inventory_trailer(size_t resources, size_t gaps) {
  std::string line;
  json::Writer(line)
      .begin_object()
      .key("end")
      .begin_object()
      .key("resources")
      .unsigned_integer(resources)
      .key("gaps")
      .unsigned_integer(gaps)
      .end_object()
      .end_object();
  return line += '\n';
}

}  // namespace sagewarden
