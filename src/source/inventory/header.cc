#include <fmt/core.h>

#include "base/json.h"
#include "source/inventory/fields.h"
#include "source/inventory/inventory.h"
#include "source/inventory/lines.h"

namespace sagewarden {
namespace {

using inventory::invalid;
using inventory::text_of;

Result<std::vector<Asked::Account>> read_accounts(json::Value accounts) {
  std::vector<Asked::Account> out;
  for (const json::Value account : accounts.elements()) {
    Asked::Account& added = out.emplace_back();
    added.account = text_of(account, "account");
    added.partition = text_of(account, "partition");
    if (added.account.empty() || !account["regions"].is_array())
      return invalid("\"asked\": each of the accounts needs an \"account\" and its \"regions\"");
    for (const json::Value region : account["regions"].elements())
      added.regions.emplace_back(region.string_or(""));
  }
  return out;
}

Result<Asked> read_asked(json::Value asked) {
  Asked out;
  out.from = text_of(asked, "from");
  out.secrets = asked["secrets"].is_bool() && asked["secrets"].boolean();
  if (!asked["types"].is_array()) return invalid("\"asked\" needs a list \"types\"");
  for (const json::Value type : asked["types"].elements()) {
    const std::string name(text_of(type, "type"));
    if (name.empty() || !type["tags"].is_bool())
      return invalid(
          "\"asked\": each of the types needs a \"type\" and whether its \"tags\" were read");
    out.types.push_back({name, type["tags"].boolean()});
  }
  TRY_LET(out.accounts, read_accounts(asked["accounts"]));
  return out;
}

}  // namespace

Result<InventoryHeader> parse_inventory_header(json::Value line) {
  const json::Value version = line["sagewarden_inventory"];
  if (version.kind() != json::Kind::Int || version.integer() < 1)
    return invalid("this is no inventory: \"sagewarden_inventory\" must be its version");
  InventoryHeader out;
  out.version = version.integer();
  if (out.version > kInventoryVersion)
    return invalid(
        fmt::format("the inventory has version {}, and this program reads up to {}: use a newer "
                    "sagewarden",
                    out.version, kInventoryVersion));
  out.created = text_of(line, "created");
  if (!line["asked"].exists()) return out;
  TRY_LET(out.asked, read_asked(line["asked"]));
  return out;
}

Result<std::vector<InventoryHeader>> read_inventory_headers(const std::string& file,
                                                            Progress& progress) {
  constexpr std::string_view kBegin = "{\"sagewarden_inventory\"";
  TRY_LET(InputStream input, InputStream::open(file, &progress.stop));
  Lines lines(input, progress, kMaxInventoryLine);
  json::Parser parser;
  std::vector<InventoryHeader> headers;
  for (;;) {
    TRY_LET(const Lines::Piece piece, lines.next());
    if (piece.kind == Lines::Piece::Kind::End) return headers;
    // The first line may be spaced as it likes; the reader says what is wrong with any other.
    if (!headers.empty() && !piece.text.starts_with(kBegin)) continue;
    const Result<json::Value> parsed = parser.parse_padded(piece.text);
    if (!parsed || !(*parsed)["sagewarden_inventory"].exists()) continue;
    TRY_LET(InventoryHeader header, parse_inventory_header(*parsed));
    headers.push_back(std::move(header));
  }
}

}  // namespace sagewarden
