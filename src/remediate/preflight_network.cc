#include "remediate/preflight_network.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/json_writer.h"
#include "base/text.h"

namespace sagewarden::remediate {
namespace {

constexpr int kHttps = 443;
constexpr std::string_view kEverywhere = "0.0.0.0/0";

std::optional<uint32_t> number_in(std::string_view text, uint32_t most) {
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number > most) return {};
  return number;
}

struct Block {
  uint32_t address = 0;
  uint32_t bits = 0;  // that are fixed
};

std::optional<Block> block_of(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) return {};
  const auto bits = number_in(text.substr(slash + 1), 32);
  const std::vector<std::string_view> parts = split(text.substr(0, slash), '.');
  if (!bits || parts.size() != 4) return {};
  Block block{0, *bits};
  for (const std::string_view part : parts) {
    const auto number = number_in(part, 255);
    if (!number) return {};
    block.address = block.address << 8 | *number;
  }
  return block;
}

// EC2's answers have numbers as texts.
bool is_https(json::Value permission) {
  const std::string_view protocol = permission["ipProtocol"].string_or("");
  if (protocol == "-1") return true;
  if (protocol != "tcp" && protocol != "6") return false;
  constexpr uint32_t kMostPort = 65'535;
  const auto from = number_in(permission["fromPort"].string_or(""), kMostPort);
  const auto to = number_in(permission["toPort"].string_or(""), kMostPort);
  return from && to && *from <= kHttps && kHttps <= *to;
}

bool has_any(json::Value list, std::string_view member, std::span<const std::string> values) {
  return std::ranges::any_of(texts_at(list, member), [&](const std::string& text) {
    return std::ranges::find(values, text) != values.end();
  });
}

bool is_way_out(json::Value route) {
  return route["destinationCidrBlock"].string_or("") == kEverywhere &&
         route["state"].string_or("active") == "active";
}

// A private NAT gateway leads to other networks only.
Exit exit_by(json::Value route, json::Value nat_gateways) {
  const std::string_view id = route["natGatewayId"].string_or("");
  for (const json::Value gateway : nat_gateways.elements())
    if (!id.empty() && gateway["natGatewayId"].string_or("") == id &&
        gateway["connectivityType"].string_or("") == "public")
      return Exit::Nat;
  return Exit::Unsure;
}

}  // namespace

PlannedCall filter_call(std::string_view operation, std::string_view filter,
                        std::span<const std::string> values) {
  PlannedCall call{.service = "ec2", .operation = std::string(operation), .input = ""};
  json::Writer out(call.input);
  out.begin_object().key("Filter").begin_array().begin_object().member("Name", filter);
  out.key("Value").begin_array();
  for (const std::string& value : values) out.string(value);
  out.end_array().end_object().end_array().end_object();
  return call;
}

PlannedCall vpc_attribute_call(std::string_view vpc, std::string_view attribute) {
  PlannedCall call{.service = "ec2", .operation = "DescribeVpcAttribute", .input = ""};
  json::Writer(call.input)
      .begin_object()
      .member("Attribute", attribute)
      .member("VpcId", vpc)
      .end_object();
  return call;
}

std::vector<std::string> texts_at(json::Value list, std::string_view member) {
  std::vector<std::string> texts;
  for (const json::Value element : list.elements())
    if (element[member].is_string()) texts.emplace_back(element[member].string());
  return texts;
}

bool covers(std::string_view outer, std::string_view inner) {
  const auto large = block_of(outer);
  const auto small = block_of(inner);
  if (!large || !small || large->bits > small->bits) return false;
  // A shift by all 32 bits is not defined.
  return large->bits == 0 || (large->address ^ small->address) >> (32 - large->bits) == 0;
}

json::Value table_of(json::Value route_tables, std::string_view subnet) {
  json::Value main;
  for (const json::Value table : route_tables.elements()) {
    for (const json::Value association : table["associationSet"].elements()) {
      if (association["subnetId"].string_or("") == subnet) return table;
      if (association["main"].string_or("") == "true") main = table;
    }
  }
  return main;
}

std::optional<Exit> exit_of(json::Value route_tables, json::Value nat_gateways,
                            std::span<const std::string> subnets) {
  Exit worst = Exit::Nat;
  for (const std::string& subnet : subnets) {
    const json::Value table = table_of(route_tables, subnet);
    if (!table.exists()) return {};
    Exit exit = Exit::None;
    for (const json::Value route : table["routeSet"].elements())
      if (is_way_out(route)) exit = exit_by(route, nat_gateways);
    worst = std::min(worst, exit);
  }
  return worst;
}

std::vector<std::string> nat_gateways_of(json::Value route_tables,
                                         std::span<const std::string> subnets) {
  std::vector<std::string> ids;
  for (const std::string& subnet : subnets) {
    for (const json::Value route : table_of(route_tables, subnet)["routeSet"].elements()) {
      std::string id(route["natGatewayId"].string_or(""));
      if (is_way_out(route) && !id.empty() && std::ranges::find(ids, id) == ids.end())
        ids.push_back(std::move(id));
    }
  }
  return ids;
}

Found without_endpoint(Exit exit) {
  switch (exit) {
    case Exit::None:
      return Found::Wrong;
    case Exit::Unsure:
      return Found::Uncertain;
    case Exit::Nat:
      return Found::Ok;
  }
  return Found::Uncertain;
}

std::string_view exit_text(Exit exit) {
  switch (exit) {
    case Exit::None:
      return "there is none, and the subnets have no way to the internet";
    case Exit::Unsure:
      return "there is none, and no way through a public NAT gateway is known";
    case Exit::Nat:
      return "there is none; the way is through a NAT gateway";
  }
  return "";
}

bool gives_names(json::Value endpoint) {
  return endpoint["privateDnsEnabled"].string_or("") == "true" &&
         endpoint["dnsOptions"]["privateDnsOnlyForInboundResolverEndpoint"].string_or("") != "true";
}

json::Value endpoint_of(json::Value endpoints, std::string_view service, std::string_view type,
                        std::string_view region) {
  const std::string ending = fmt::format(".{}.{}", region, service);
  json::Value found;
  for (const json::Value endpoint : endpoints.elements()) {
    if (!endpoint["serviceName"].string_or("").ends_with(ending) ||
        endpoint["vpcEndpointType"].string_or("") != type ||
        lower(endpoint["state"].string_or("")) != "available")
      continue;
    if (!found.exists() || endpoint["privateDnsEnabled"].string_or("") == "true") found = endpoint;
  }
  return found;
}

Passage https_out(json::Value groups) {
  Passage most = Passage::None;
  for (const json::Value group : groups.elements()) {
    for (const json::Value permission : group["ipPermissionsEgress"].elements()) {
      if (!is_https(permission)) continue;
      const std::vector<std::string> blocks = texts_at(permission["ipRanges"], "cidrIp");
      const bool is_all = std::ranges::find(blocks, kEverywhere) != blocks.end();
      most = std::max(most, is_all ? Passage::All : Passage::Some);
    }
  }
  return most;
}

Passage https_in(json::Value groups, std::span<const std::string> from,
                 std::span<const std::string> blocks) {
  std::vector<std::string> covered;
  bool is_some = false;
  for (const json::Value group : groups.elements()) {
    for (const json::Value permission : group["ipPermissions"].elements()) {
      if (!is_https(permission)) continue;
      if (has_any(permission["groups"], "groupId", from)) return Passage::All;
      is_some |= permission["prefixListIds"].size() > 0;
      for (const std::string& range : texts_at(permission["ipRanges"], "cidrIp"))
        for (const std::string& block : blocks)
          if (covers(range, block)) covered.push_back(block);
    }
  }
  const bool is_all = !blocks.empty() && std::ranges::all_of(blocks, [&](const std::string& block) {
    return std::ranges::find(covered, block) != covered.end();
  });
  if (is_all) return Passage::All;
  return is_some || !covered.empty() ? Passage::Some : Passage::None;
}

bool talk_among_themselves(json::Value groups) {
  for (const json::Value group : groups.elements()) {
    const std::string id(group["groupId"].string_or(""));
    for (const json::Value permission : group["ipPermissions"].elements())
      if (permission["ipProtocol"].string_or("") == "-1" &&
          has_any(permission["groups"], "groupId", {&id, 1}))
        return true;
  }
  return false;
}

}  // namespace sagewarden::remediate
