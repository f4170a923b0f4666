// Reading the policies of VPC endpoints, as far as S3 objects go; those of other services only as
// far as they are the one that an endpoint has when nobody gives it another.
#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "remediate/preflight.h"

namespace sagewarden::remediate {
namespace {

// Actions are the same in whichever case.
bool takes_reading(json::Value action) {
  const auto takes_it = [](json::Value one) {
    return glob_match(lower(one.string_or("")), "s3:getobject");
  };
  if (action.is_string()) return takes_it(action);
  for (const json::Value one : action.elements())
    if (takes_it(one)) return true;
  return false;
}

// Whether a member of a statement, a text or a list of them, has a pattern that takes the text.
bool takes(json::Value member, std::string_view text) {
  if (member.is_string()) return glob_match(member.string(), text);
  for (const json::Value one : member.elements())
    if (glob_match(one.string_or(""), text)) return true;
  return false;
}

// What a statement says of reading the objects.
enum class Says : uint8_t { Nothing, Perhaps, Plainly };

Says says_of(json::Value statement, const std::string& object) {
  // Who is left out is not looked into.
  for (const std::string_view negated : {"NotAction", "NotResource", "NotPrincipal"})
    if (statement[negated].exists()) return Says::Perhaps;
  if (!takes_reading(statement["Action"]) || !takes(statement["Resource"], object))
    return Says::Nothing;
  const json::Value principal = statement["Principal"];
  const bool is_everybody = takes(principal, "*") || takes(principal["AWS"], "*");
  return statement["Condition"].exists() || !is_everybody ? Says::Perhaps : Says::Plainly;
}

bool is_star(json::Value member) {
  return member.string_or("") == "*" || (member.size() == 1 && member.at(0).string_or("") == "*");
}

bool is_plain(json::Value statement) {
  const json::Value principal = statement["Principal"];
  return statement["Effect"].string_or("") == "Allow" && !statement["Condition"].exists() &&
         is_star(statement["Action"]) && is_star(statement["Resource"]) &&
         (is_star(principal) || is_star(principal["AWS"]));
}

}  // namespace

bool allows_all(std::string_view policy) {
  const Result<json::Document> document = json::parse_document(policy);
  if (!document) return false;
  const json::Value statements = document->root["Statement"];
  if (statements.is_object()) return is_plain(statements);
  return statements.size() == 1 && is_plain(statements.at(0));
}

Found lets_read(std::string_view policy, std::string_view object_name, std::string_view partition) {
  const Result<json::Document> document = json::parse_document(policy);
  if (!document) return Found::Unread;
  const std::string object = fmt::format("arn:{}:s3:::{}", partition, object_name);
  Says allowed = Says::Nothing;
  Says denied = Says::Nothing;
  const auto look = [&](json::Value statement) {
    Says& says = statement["Effect"].string_or("") == "Allow" ? allowed : denied;
    says = std::max(says, says_of(statement, object));
  };
  const json::Value statements = document->root["Statement"];
  if (statements.is_object()) look(statements);
  for (const json::Value statement : statements.elements()) look(statement);
  if (allowed == Says::Nothing || denied == Says::Plainly) return Found::Wrong;
  return allowed == Says::Plainly && denied == Says::Nothing ? Found::Ok : Found::Uncertain;
}

}  // namespace sagewarden::remediate
