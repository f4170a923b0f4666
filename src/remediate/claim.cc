#include "remediate/claim.h"

#include <fmt/core.h>

#include <utility>

#include "base/json_writer.h"
#include "base/text.h"
#include "base/time.h"
#include "model/lock_tag.h"
#include "remediate/family.h"
#include "remediate/path.h"
#include "remediate/render.h"
#include "remediate/wording.h"

namespace sagewarden::remediate {
namespace {

// AWS may show a tag some time after it was set.
constexpr int kMostLooks = 10;
constexpr int kMostTries = 5;
constexpr std::chrono::seconds kPause{1};

std::string key_of(std::string_view execution) {
  return std::string(kLockTag) + std::string(execution);
}

PlannedCall set_call(const Target& target, const std::string& key) {
  PlannedCall call{.operation = "AddTags"};
  call.input.clear();
  json::Writer out(call.input);
  out.begin_object().member("ResourceArn", target.arn).key("Tags").begin_array().begin_object();
  out.member("Key", key).member("Value", iso_time(seconds_now()));
  out.end_object().end_array().end_object();
  return call;
}

PlannedCall unset_call(const Target& target, const std::vector<std::string>& keys) {
  PlannedCall call{.operation = "DeleteTags"};
  call.input.clear();
  json::Writer out(call.input);
  out.begin_object().member("ResourceArn", target.arn).key("TagKeys").begin_array();
  for (const std::string& key : keys) out.string(key);
  out.end_array().end_object();
  return call;
}

// Tags are set and taken away as often as one likes, so that an unclear answer is no reason to
// stop.
aws::CallAws patient(const ExecuteWorld& world) {
  return [&world](const aws::Call& made) {
    aws::Answer answer = world.call(made);
    for (int tries = 1; !answer && is_transient(answer.error().kind) && tries < kMostTries;
         ++tries) {
      world.sleep(kPause);
      answer = world.call(made);
    }
    return answer;
  };
}

bool is_claim(json::Value tag) {
  return tag["Key"].string_or("").starts_with(kLockTag);
}

// What a resource's tags say.
struct Claims {
  bool ours = false;
  std::vector<std::string> others = {};  // keys
  std::string since = {};                // of the first of these
};

Claims claims_in(json::Value tags, const Claimant& who) {
  Claims claims;
  for (const json::Value tag : tags.elements()) {
    if (!is_claim(tag)) continue;
    const std::string_view key = tag["Key"].string_or("");
    if (key == key_of(who.id)) {
      claims.ours = true;
    } else if (who.undoes.empty() || key != key_of(who.undoes)) {
      claims.others.emplace_back(key);
      if (claims.since.empty()) claims.since = tag["Value"].string_or("");
    }
  }
  return claims;
}

class Claiming {
 public:
  Claiming(const Place& place, const Claimant& who, const ExecuteWorld& world)
      : place_(place), who_(who), world_(world), call_(patient(world)) {}

  Ended take(const Target& target) const;

 private:
  Ended settle(const Target& target, const Claims& claims) const;
  Ended not_possible(const aws::CallError& error, const PlannedCall& call) const;

  const Place& place_;
  const Claimant& who_;
  const ExecuteWorld& world_;
  const aws::CallAws call_;
};

Ended Claiming::not_possible(const aws::CallError& error, const PlannedCall& call) const {
  if (error.kind == aws::CallError::Kind::Cancelled)
    return {Outcome::Stopped, "stopped; `sagewarden resume` goes on"};
  return {Outcome::Failed,
          fmt::format("it cannot be locked against others: {} (--no-tag-lock goes on without)",
                      told(error, call, {}))};
}

// Somebody else's claims, or none.
Ended Claiming::settle(const Target& target, const Claims& claims) const {
  if (claims.others.empty()) return {};
  if (!who_.breaks)
    return {
        Outcome::Refused,
        fmt::format("{} is being changed by execution {} since {}: wait for it, or go on with "
                    "it there (`sagewarden resume`); --break-lock if it is no more",
                    target_text(target), printable(claims.others.front().substr(kLockTag.size())),
                    printable(claims.since))};
  const PlannedCall call = unset_call(target, claims.others);
  const aws::Answer answer = call_(call_at(place_, call));
  return answer ? Ended{} : not_possible(answer.error(), call);
}

Ended Claiming::take(const Target& target) const {
  const PlannedCall set = set_call(target, key_of(who_.id));
  const aws::Answer answer = call_(call_at(place_, set));
  // What a clean-up has deleted, and is to be made again, is nobody's.
  if (!answer && answer.error().kind == aws::CallError::Kind::NotFound) return {};
  if (!answer) return not_possible(answer.error(), set);
  const PlannedCall list = {.operation = "ListTags",
                            .input = object_of({{"ResourceArn", target.arn}})};
  for (int look = 0; look < kMostLooks; ++look) {
    const auto tags = Reader(call_, place_).list(list, "Tags");
    if (!tags) return not_possible(tags.error(), list);
    const Result<json::Document> document = json::parse_document(*tags);
    const Claims claims = claims_in(document ? document->root : json::Value(), who_);
    if (claims.ours || !claims.others.empty()) return settle(target, claims);
    world_.sleep(kPause);
  }
  return {Outcome::Failed,
          fmt::format("AWS does not show the tag that locks {} (--no-tag-lock goes on without)",
                      target_text(target))};
}

}  // namespace

Ended claim(const Action& action, const Place& place, const Claimant& who,
            const ExecuteWorld& world) {
  for (const Target& target : action.resources) {
    Ended ended = Claiming(place, who, world).take(target);
    if (ended.outcome == Outcome::Done) continue;
    if (const std::string stays = release(action, place, who, world); !stays.empty())
      ended.why += "; " + stays;
    return ended;
  }
  return {};
}

std::string release(const Action& action, const Place& place, const Claimant& who,
                    const ExecuteWorld& world) {
  std::vector<std::string> keys = {key_of(who.id)};
  if (!who.undoes.empty()) keys.push_back(key_of(who.undoes));
  std::string stays;
  for (const Target& target : action.resources) {
    const aws::Answer answer = patient(world)(call_at(place, unset_call(target, keys)));
    // A resource that the action has deleted is not found, or not valid.
    using Kind = aws::CallError::Kind;
    if (answer || answer.error().kind == Kind::NotFound || answer.error().kind == Kind::Invalid)
      continue;
    stays += (stays.empty() ? "" : ", ") + target_text(target);
  }
  return stays.empty() ? stays : fmt::format("the tag {} stays on {}", keys.front(), stays);
}

aws::CallAws hiding_claims(const aws::CallAws& call) {
  return [&call](aws::Call made) -> aws::Answer {
    const bool lists = made.operation == "ListTags";
    aws::Answer answer = call(std::move(made));
    if (!lists || !answer) return answer;
    bool has_claims = false;
    std::string kept;
    json::Writer out(kept);
    out.begin_array();
    for (const json::Value tag : answer->root["Tags"].elements()) {
      has_claims |= is_claim(tag);
      if (!is_claim(tag)) out.value(tag);
    }
    out.end_array();
    if (!has_claims) return answer;
    const Edit edit[] = {{"Tags", kept}};
    Result<json::Document> document = json::parse_document(edited(answer->root, edit));
    if (document) return std::move(*document);
    return answer;
  };
}

}  // namespace sagewarden::remediate
