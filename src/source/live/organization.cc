#include "source/live/organization.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/json_writer.h"
#include "base/text.h"
#include "model/arn.h"
#include "source/live/page_tokens.h"

namespace sagewarden::live {
namespace {

using Kind = aws::CallError::Kind;

constexpr int64_t kAccountPageSize = 20;  // the largest that Organizations takes
// An organisation of 10,000 accounts has 500 pages; what goes on for longer does not end.
constexpr size_t kMaxPages = 20'000;

// Not "all but ACTIVE": what a later version of the API adds is tried, and becomes a gap if it
// cannot be scanned.
constexpr std::array<std::string_view, 4> kNotActive = {"CLOSED", "PENDING_ACTIVATION",
                                                        "PENDING_CLOSURE", "SUSPENDED"};

std::string what_to_do(const aws::CallError& error) {
  if (error.code == "AWSOrganizationsNotInUseException")
    return "the account is in no organisation: leave out --organization";
  if (error.code == "ParentNotFoundException")
    return "there is no such unit in the organisation: see --ou and --exclude-ou";
  if (error.kind != Kind::Denied) return "";
  return fmt::format(
      "allow {}:{}, and scan with credentials of the management account or of a delegated "
      "administrator; or name the accounts with --account",
      error.service, error.operation);
}

Error no_list(const aws::CallError& error) {
  Error out = aws::to_error(error);
  out.message = "the accounts of the organisation could not be listed: " + std::move(out.message);
  const std::string help = what_to_do(error);
  if (!help.empty()) out.message += "; " + help;
  return out;
}

aws::CallError malformed(const aws::Call& call, std::string message) {
  aws::CallError error;
  error.kind = Kind::Malformed;
  error.service = call.service;
  error.operation = call.operation;
  error.region = call.region;
  error.account = call.account;
  error.message = std::move(message);
  return error;
}

// One list of which all pages are wanted.
struct Listing {
  std::string operation;
  std::string parameter;  // empty: there is none
  std::string about;      // its value
  PageTokens pages = {};
};

class Walk {
 public:
  Walk(const aws::Call& like, const AskAll& ask) : like_(like), ask_(ask) {}

  using Take = std::function<Result<void>(const Listing& listing, json::Value root)>;
  // All pages of all lists; `take` may add further ones.
  Result<void> all(std::vector<Listing>& listings, const Take& take) {
    while (!listings.empty()) {
      std::vector<Listing> round = std::move(listings);
      listings.clear();
      std::vector<aws::Call> calls;
      calls.reserve(round.size());
      for (const Listing& listing : round) calls.push_back(call_of(listing));
      pages_ += round.size();
      const std::vector<aws::Answer> answers = ask_(calls);
      for (size_t i = 0; i < round.size(); ++i) {
        if (!answers[i]) return tl::make_unexpected(no_list(answers[i].error()));
        TRY_DO(take(round[i], answers[i]->root));
        TRY_LET(const bool more, has_more(round[i], calls[i], answers[i]->root));
        if (more) listings.push_back(std::move(round[i]));
      }
    }
    return {};
  }

  aws::Call call_of(const Listing& listing) const {
    aws::Call call = like_;
    call.service = "organizations";
    call.operation = listing.operation;
    call.input.clear();
    json::Writer writer(call.input);
    writer.begin_object();
    if (!listing.parameter.empty()) writer.member(listing.parameter, listing.about);
    // ListTagsForResource alone has no size of its pages.
    if (listing.operation != "ListTagsForResource")
      writer.key("MaxResults").integer(kAccountPageSize);
    if (!listing.pages.next().empty()) writer.member("NextToken", listing.pages.next());
    writer.end_object();
    return call;
  }

 private:
  Result<bool> has_more(Listing& listing, const aws::Call& call, json::Value root) const {
    switch (listing.pages.take(root["NextToken"])) {
      case PageTokens::Next::Last:
        return false;
      case PageTokens::Next::More:
        if (pages_ < kMaxPages) return true;
        break;
      case PageTokens::Next::Repeated:
      case PageTokens::Next::Malformed:
        break;
    }
    return tl::make_unexpected(no_list(malformed(call, "its pages do not come to an end")));
  }

  const aws::Call& like_;
  const AskAll& ask_;
  size_t pages_ = 0;
};

using ByAccount = std::map<std::string, Member, std::less<>>;

bool is_account_id(std::string_view text) {
  return text.size() == 12 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// "arn:aws:organizations::111122223333:account/o-exampleorgid/555555555555" names the management
// account.
Result<void> take_accounts(const aws::Call& call, json::Value root, ByAccount& members) {
  const json::Value accounts = root["Accounts"];
  if (!accounts.is_array())
    return tl::make_unexpected(no_list(malformed(call, "the answer holds no list")));
  for (const json::Value account : accounts.elements()) {
    Member member;
    member.account = account["Id"].string_or("");
    if (!is_account_id(member.account))
      return tl::make_unexpected(no_list(malformed(call, "the answer names no account")));
    member.name = account["Name"].string_or("");
    // AWS replaced Status by State in September 2026.
    member.state = account["State"].string_or(account["Status"].string_or(""));
    const Result<Arn> arn = parse_arn(account["Arn"].string_or(""));
    member.manages = arn && arn->account_id == member.account;
    members.insert_or_assign(member.account, std::move(member));
  }
  return {};
}

// The units and all below them.
Result<ByAccount> below(const std::vector<std::string>& units, Walk& walk) {
  constexpr std::string_view kAccounts = "ListAccountsForParent";
  constexpr std::string_view kUnits = "ListOrganizationalUnitsForParent";
  ByAccount members;
  std::set<std::string, std::less<>> seen;
  std::vector<Listing> listings;
  const auto add = [&](std::string_view unit) {
    if (!seen.emplace(unit).second) return;
    for (const std::string_view operation : {kAccounts, kUnits})
      listings.push_back({std::string(operation), "ParentId", std::string(unit)});
  };
  for (const std::string& unit : units) add(unit);
  TRY_DO(walk.all(listings, [&](const Listing& listing, json::Value root) -> Result<void> {
    const aws::Call call = walk.call_of(listing);
    if (listing.operation == kAccounts) return take_accounts(call, root, members);
    const json::Value children = root["OrganizationalUnits"];
    if (!children.is_array())
      return tl::make_unexpected(no_list(malformed(call, "the answer holds no list")));
    for (const json::Value child : children.elements()) {
      const std::string_view id = child["Id"].string_or("");
      if (!is_unit_id(id))
        return tl::make_unexpected(no_list(malformed(call, "the answer names no unit")));
      add(id);
    }
    return {};
  }));
  return members;
}

Result<ByAccount> everyone(Walk& walk) {
  ByAccount members;
  std::vector<Listing> listings = {{"ListAccounts", "", ""}};
  TRY_DO(walk.all(listings, [&](const Listing& listing, json::Value root) {
    return take_accounts(walk.call_of(listing), root, members);
  }));
  return members;
}

using Keys = std::set<std::string, std::less<>>;

bool is_wanted(const OrganizationChoice& choice, json::Value tag) {
  return std::ranges::any_of(choice.tags, [&](const auto& wanted) {
    return tag["Key"].string_or("") == wanted.first && tag["Value"].string_or("") == wanted.second;
  });
}

// Leaves those whose tags fit.
Result<void> choose_by_tags(const OrganizationChoice& choice, Walk& walk, ByAccount& members) {
  if (choice.tags.empty()) return {};
  std::vector<Listing> listings;
  for (const auto& [account, member] : members)
    listings.push_back({"ListTagsForResource", "ResourceId", account});
  std::map<std::string, Keys> fitting;  // by account
  TRY_DO(walk.all(listings, [&](const Listing& listing, json::Value root) -> Result<void> {
    const aws::Call call = walk.call_of(listing);
    if (!root["Tags"].is_array())
      return tl::make_unexpected(no_list(malformed(call, "the answer holds no list")));
    for (const json::Value tag : root["Tags"].elements()) {
      if (is_wanted(choice, tag)) fitting[listing.about].emplace(tag["Key"].string());
    }
    return {};
  }));
  Keys keys;
  for (const auto& [key, value] : choice.tags) keys.insert(key);
  std::erase_if(members, [&](const auto& each) { return fitting[each.first] != keys; });
  return {};
}

}  // namespace

bool is_unit_id(std::string_view text) {
  const std::vector<std::string_view> parts = split(text, '-');
  const auto is_part = [](std::string_view part, size_t least) {
    return part.size() >= least && part.size() <= 32 && std::ranges::all_of(part, [](char c) {
             return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
           });
  };
  if (parts.size() == 2) return parts[0] == "r" && is_part(parts[1], 4);
  return parts.size() == 3 && parts[0] == "ou" && is_part(parts[1], 4) && is_part(parts[2], 8);
}

Result<Members> list_members(const OrganizationChoice& choice, const aws::Call& like,
                             const AskAll& ask) {
  Walk walk(like, ask);
  TRY_LET(ByAccount members, choice.units.empty() ? everyone(walk) : below(choice.units, walk));
  TRY_LET(const ByAccount excluded, below(choice.excluded_units, walk));
  Members out;
  for (const std::string& account : choice.excluded_accounts) {
    // Of a part of the organisation it is not known whether it is a member of the rest.
    if (members.erase(account) == 0 && choice.units.empty())
      out.unknown_excluded.push_back(account);
  }
  std::erase_if(members, [&](const auto& each) { return excluded.contains(each.first); });
  std::erase_if(members, [&](const auto& each) {
    if (std::ranges::find(kNotActive, each.second.state) == kNotActive.end()) return false;
    out.not_active.push_back(each.second);
    return true;
  });
  TRY_DO(choose_by_tags(choice, walk, members));
  for (auto& [account, member] : members) out.chosen.push_back(std::move(member));
  return out;
}

}  // namespace sagewarden::live
