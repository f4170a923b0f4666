#include "source/live/organization.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <map>

#include "base/text.h"
#include "source/live/fake_aws_for_tests.h"

namespace sagewarden::live {
namespace {

using Kind = aws::CallError::Kind;
using Lines = std::vector<std::string>;

constexpr std::string_view kManagement = "000000000001";
constexpr std::string_view kTop = "ou-ab12-00000001";
constexpr std::string_view kInner = "ou-ab12-00000002";
constexpr std::string_view kOther = "ou-ab12-00000003";

struct Row {
  std::string account, state, parent, stage;
};
// The management account at the root; two units, one of which has another below it.
const std::vector<Row> kAccounts = {
    {"000000000001", "ACTIVE", "r-ab12", "root"},
    {"000000000002", "ACTIVE", std::string(kTop), "prod"},
    {"000000000003", "SUSPENDED", std::string(kTop), "prod"},
    {"000000000004", "ACTIVE", std::string(kInner), "test"},
    {"000000000005", "PENDING_CLOSURE", std::string(kOther), "prod"},
    {"000000000006", "ACTIVE", std::string(kOther), "prod"},
    {"000000000007", "SOME_NEW_STATE", std::string(kOther), "test"},
};

std::string account_json(const Row& row) {
  return fmt::format(
      R"({{"Id":"{}","Name":"n{}","State":"{}","Arn":"arn:aws:organizations::{}:account/o-x/{}"}})",
      row.account, row.account.back(), row.state, kManagement, row.account);
}

// One element a page, and an empty page between, as AWS may give them.
std::string page_of(std::string_view name, const Lines& elements, std::string_view token) {
  const size_t at = token.empty() ? 0 : static_cast<size_t>(std::stoi(std::string(token)));
  const bool has_element = at % 2 == 0 && at / 2 < elements.size();
  const std::string next =
      at + 1 < 2 * elements.size() ? fmt::format(R"(,"NextToken":"{}")", at + 1) : "";
  return fmt::format(R"({{"{}":[{}]{}}})", name, has_element ? elements[at / 2] : "", next);
}

class Organization {
 public:
  AskAll ask() {
    return [this](const std::vector<aws::Call>& calls) {
      std::vector<aws::Answer> answers;
      for (const aws::Call& call : calls) {
        ++count[call.operation];
        EXPECT_EQ(call.service, "organizations");
        aws::Answer got = answer_to(call);
        if (!got) {
          got.error().service = call.service;
          got.error().operation = call.operation;
          got.error().account = call.account;
        }
        answers.push_back(std::move(got));
      }
      return answers;
    };
  }
  Result<Members> members(const OrganizationChoice& choice = {}) {
    return list_members(choice, {"organizations", "", "us-east-1", "000000000001"}, ask());
  }

  std::map<std::string, int> count;
  std::map<std::string, aws::Answer> instead;  // by operation

 private:
  aws::Answer answer_to(const aws::Call& call) const {
    const Result<json::Document> input = json::parse_document(call.input);
    const auto given = [&](std::string_view name) {
      return std::string(input->root[name].string_or(""));
    };
    if (const auto found = instead.find(call.operation); found != instead.end()) {
      if (!found->second) return tl::make_unexpected(found->second.error());
      std::string copy;
      json::Writer(copy).value(found->second->root);
      return answer(copy);
    }
    Lines elements;
    if (call.operation == "ListTagsForResource") {
      for (const Row& row : kAccounts) {
        if (row.account != given("ResourceId")) continue;
        elements.push_back(R"({"Key":"Owner","Value":"ml"})");
        elements.push_back(fmt::format(R"({{"Key":"Stage","Value":"{}"}})", row.stage));
      }
      return answer(page_of("Tags", elements, given("NextToken")));
    }
    const std::string parent = given("ParentId");
    if (call.operation == "ListOrganizationalUnitsForParent") {
      if (parent == kTop) elements.push_back(fmt::format(R"({{"Id":"{}"}})", kInner));
      if (parent == "r-ab12") {
        for (const std::string_view unit : {kTop, kOther})
          elements.push_back(fmt::format(R"({{"Id":"{}"}})", unit));
      }
      return answer(page_of("OrganizationalUnits", elements, given("NextToken")));
    }
    for (const Row& row : kAccounts) {
      if (parent.empty() || row.parent == parent) elements.push_back(account_json(row));
    }
    return answer(page_of("Accounts", elements, given("NextToken")));
  }
};

// "2 4 6": the last digits of the accounts.
std::string digits(const std::vector<Member>& members) {
  std::string out;
  for (const Member& member : members) {
    out += out.empty() ? "" : " ";
    out += member.account.back();
  }
  return out;
}

TEST(Organization, ChoosesAccounts) {
  const std::string top(kTop);
  const std::string inner(kInner);
  const std::string other(kOther);
  const struct {
    std::string_view why;
    OrganizationChoice choice;
    std::string_view chosen;
    std::string_view not_active;
  } cases[] = {
      {"all; what is new is tried", {}, "1 2 4 6 7", "3 5"},
      {"a unit and what is below it", {.units = {top}}, "2 4", "3"},
      {"the root is all", {.units = {"r-ab12"}}, "1 2 4 6 7", "3 5"},
      {"units that lie in each other", {.units = {top, inner}}, "2 4", "3"},
      {"not an account", {.excluded_accounts = {"000000000001", "000000000003"}}, "2 4 6 7", "5"},
      {"not a unit", {.excluded_units = {top}}, "1 6 7", "5"},
      {"not a unit in another", {.units = {top}, .excluded_units = {inner}}, "2", "3"},
      {"nothing is left", {.units = {inner}, .excluded_units = {top}}, "", ""},
      {"a tag", {.tags = {{"Stage", "prod"}}}, "2 6", "3 5"},
      {"one tag or the other", {.tags = {{"Stage", "prod"}, {"Stage", "test"}}}, "2 4 6 7", "3 5"},
      {"two tags", {.tags = {{"Stage", "prod"}, {"Owner", "ml"}}}, "2 6", "3 5"},
      {"two tags, of which one has another value",
       {.tags = {{"Stage", "prod"}, {"Owner", "web"}}},
       "",
       "3 5"},
      {"a tag in a unit", {.units = {other}, .tags = {{"Stage", "test"}}}, "7", "5"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    Organization organization;
    const Result<Members> got = organization.members(c.choice);
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ(digits(got->chosen), c.chosen);
    EXPECT_EQ(digits(got->not_active), c.not_active);
    EXPECT_EQ(got->unknown_excluded, Lines{});
  }
}

TEST(Organization, KnowsWhoManagesAndWhatItIsCalled) {
  Organization organization;
  const Result<Members> got = organization.members();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->chosen[0], (Member{"000000000001", "n1", "ACTIVE", true}));
  EXPECT_EQ(got->chosen[1], (Member{"000000000002", "n2", "ACTIVE", false}));
  EXPECT_EQ(got->not_active[0], (Member{"000000000003", "n3", "SUSPENDED", false}));
}

TEST(Organization, ReadsStatusWhereThereIsNoState) {
  Organization organization;
  organization.instead.emplace(
      "ListAccounts",
      answer(R"({"Accounts":[{"Id":"000000000008","Status":"SUSPENDED"},{"Id":"000000000009"}]})"));
  const Result<Members> got = organization.members();
  ASSERT_TRUE(got);
  EXPECT_EQ(digits(got->not_active), "8");
  EXPECT_EQ(digits(got->chosen), "9");  // of which nothing is known: it is tried
}

TEST(Organization, AsksForNoMoreThanIsNeeded) {
  Organization organization;
  ASSERT_TRUE(organization.members());
  EXPECT_EQ(organization.count, (std::map<std::string, int>{{"ListAccounts", 14}}));
  Organization tagged;
  ASSERT_TRUE(tagged.members({.units = {std::string(kOther)}, .tags = {{"Stage", "test"}}}));
  // Not the tags of the account that is being closed.
  EXPECT_EQ(tagged.count, (std::map<std::string, int>{{"ListAccountsForParent", 6},
                                                      {"ListOrganizationalUnitsForParent", 1},
                                                      {"ListTagsForResource", 8}}));
}

TEST(Organization, SaysWhichExcludedAccountsAreNone) {
  Organization organization;
  const Result<Members> got =
      organization.members({.excluded_accounts = {"000000000002", "999999999999"}});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->unknown_excluded, Lines{"999999999999"});
}

TEST(Organization, APartIsNeverAllOfIt) {
  const std::string start = "the accounts of the organisation could not be listed: ";
  const struct {
    std::string_view operation;
    aws::Answer instead;
    std::string_view error;  // a part of it
  } cases[] = {
      {"ListAccounts", refused(Kind::Denied, "AccessDeniedException", "not yours"),
       "AccessDeniedException: not yours"},
      {"ListAccounts", refused(Kind::Denied, "AccessDeniedException", "not yours"),
       "; allow organizations:ListAccounts, and scan with credentials of the management account or "
       "of a delegated administrator; or name the accounts with --account"},
      {"ListAccounts", refused(Kind::NotAvailable, "AWSOrganizationsNotInUseException"),
       "; the account is in no organisation: leave out --organization"},
      {"ListAccounts", answer("{}"), "the answer holds no list"},
      {"ListAccounts", answer(R"({"Accounts":[{"Id":"12"}]})"), "the answer names no account"},
      {"ListAccounts", answer(R"({"Accounts":[],"NextToken":"again"})"),
       "its pages do not come to an end"},
      {"ListAccountsForParent", refused(Kind::Invalid, "ParentNotFoundException"),
       "; there is no such unit in the organisation: see --ou and --exclude-ou"},
      {"ListOrganizationalUnitsForParent", refused(Kind::Denied, "AccessDeniedException"),
       "; allow organizations:ListOrganizationalUnitsForParent"},
      {"ListOrganizationalUnitsForParent", answer("{}"), "the answer holds no list"},
      {"ListOrganizationalUnitsForParent", answer(R"({"OrganizationalUnits":[{}]})"),
       "the answer names no unit"},
      {"ListTagsForResource", refused(Kind::Throttled, "TooManyRequestsException"),
       "TooManyRequestsException"},
      {"ListTagsForResource", answer("{}"), "the answer holds no list"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.error);
    Organization organization;
    std::string copy;
    if (c.instead) {
      json::Writer(copy).value(c.instead->root);
      organization.instead.emplace(c.operation, answer(copy));
    } else {
      organization.instead.emplace(c.operation, tl::make_unexpected(c.instead.error()));
    }
    OrganizationChoice choice;
    if (c.operation != "ListAccounts") choice.units = {std::string(kTop)};
    choice.tags = {{"Stage", "prod"}};
    const Result<Members> got = organization.members(choice);
    ASSERT_FALSE(got);
    EXPECT_TRUE(got.error().message.starts_with(start)) << got.error().message;
    EXPECT_NE(got.error().message.find(c.error), std::string::npos) << got.error().message;
  }
}

TEST(Organization, UnitIds) {
  const struct {
    std::string_view text;
    bool is_unit;
  } cases[] = {
      {"ou-ab12-34cd56ef", true},
      {"r-ab12", true},
      {"ou-ab12-34cd56e", false},
      {"ou-ab1-34cd56ef", false},
      {"ou-AB12-34cd56ef", false},
      {"ou-ab12-34cd56ef-", false},
      {"ou-ab12", false},
      {"r-ab1", false},
      {"r-", false},
      {"", false},
      {"Workloads", false},
      {"111122223333", false},
  };
  for (const auto& c : cases) EXPECT_EQ(is_unit_id(c.text), c.is_unit) << c.text;
}

}  // namespace
}  // namespace sagewarden::live
