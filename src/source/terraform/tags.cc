// Tags: a map in hashicorp/aws, completed by the provider's default_tags in `tags_all`; a list of
// {key, value} in hashicorp/awscc.
#include <set>

#include "base/json_writer.h"
#include "source/terraform/lookup.h"
#include "source/terraform/translate.h"

namespace sagewarden::terraform {
namespace {

// Which tags there are is not known at all: none of them may be taken for absent.
void mark_all(Translation& out, UnknownCause cause, std::string reason) {
  out.unknown_tags.unknown = true;
  out.unknown_tags.known = Known::Nothing;
  out.unknown_tags.cause = cause;
  out.unknown_tags.reason = std::move(reason);
}

void mark_one(Translation& out, std::string_view key, UnknownCause cause, std::string_view why) {
  if (out.unknown_tags.children().size() == kMostUnknown) {
    mark_all(out, cause, "more than " + std::to_string(kMostUnknown) + " tags are unknown");
    return;
  }
  UnknownNode& node = out.unknown_tags.child(key);
  node.unknown = true;
  node.known = Known::Set;
  node.cause = cause;
  node.reason = "the value of the tag " + std::string(key) + " is " + std::string(why);
}

// One map of tags beside what Terraform marks in it.
struct TagMap {
  json::Value values;
  json::Value unknown;
  json::Value sensitive;
};

// Writes the tags of one map, but for those that another map overrides.
void write_map(const TagMap& tags, const TagMap& overrides, Translation& out,
               json::Writer& writer) {
  if (const std::string_view twice = repeated_name(tags.values); !twice.empty())
    out.repeated = twice;
  const Lookup unknown(tags.unknown);
  const Lookup sensitive(tags.sensitive);
  const Lookup values(tags.values);
  const Lookup other_values(overrides.values);
  const Lookup other_unknown(overrides.unknown);
  for (const auto& [key, value] : tags.values.members()) {
    if (other_values[key].exists() || other_unknown[key].exists()) continue;
    if (holds_true(unknown[key])) {
      mark_one(out, key, UnknownCause::AfterApply, "known after apply");
    } else if (holds_true(sensitive[key])) {
      mark_one(out, key, UnknownCause::NotResolved, "marked sensitive");
    } else if (value.is_null()) {
      writer.member(key, "");
    } else {
      writer.key(key).value(value);
    }
  }
  for (const auto& [key, value] : tags.unknown.members()) {
    if (!values[key].exists() && holds_true(value))
      mark_one(out, key, UnknownCause::AfterApply, "known after apply");
  }
}

bool is_map(json::Value value) {
  return !value.exists() || value.is_null() || value.is_object();
}

void translate_aws(const Instance& instance, const ProviderFacts& provider, Translation& out,
                   json::Writer& writer) {
  const auto map_of = [&](std::string_view name) {
    return TagMap{instance.values[name], instance.unknown[name], instance.sensitive[name]};
  };
  const TagMap all = map_of("tags_all");
  const TagMap own = map_of("tags");
  // `tags_all` is what AWS gets; releases before it have `tags` alone.
  const bool all_given = all.values.is_object() || all.unknown.is_object();
  const bool all_unknown = is_true(all.unknown);
  if (!is_map(all.values) || !is_map(own.values)) {
    mark_all(out, UnknownCause::NotResolved, "`tags` is not a map");
  } else if (is_true(all_given ? all.sensitive : own.sensitive)) {
    mark_all(out, UnknownCause::NotResolved, "`tags` is marked sensitive");
  } else if (all_given && !all_unknown) {
    write_map(all, {}, out, writer);
  } else if (is_true(own.unknown) || (all_unknown && !provider.default_tags_known)) {
    mark_all(out, UnknownCause::AfterApply, "`tags_all` is known after apply");
  } else {
    // Terraform leaves tags_all open as soon as one tag is, but it is no more than these two.
    if (all_unknown) write_map({provider.default_tags, {}, {}}, own, out, writer);
    write_map(own, {}, out, writer);
  }
}

void translate_awscc(const Instance& instance, Translation& out, json::Writer& writer) {
  const json::Value list = instance.values["tags"];
  const json::Value unknown = instance.unknown["tags"];
  const json::Value sensitive = instance.sensitive["tags"];
  // As for properties: unknown and not configured is left out of a new resource.
  if (is_true(unknown)) {
    const json::Value expression = instance.expressions.value["tags"];
    const bool left_out = configured(instance.expressions, expression, false) == Configured::No;
    if (!instance.created || !left_out)
      mark_all(out, UnknownCause::AfterApply, "`tags` is known after apply");
    return;
  }
  if (list.is_object()) return write_map({list, unknown, sensitive}, {}, out, writer);
  if (list.exists() && !list.is_null() && !list.is_array())
    mark_all(out, UnknownCause::NotResolved, "`tags` is not a list");
  std::set<std::string_view> seen;
  Cursor next_unknown(unknown);
  Cursor next_sensitive(sensitive);
  for (const json::Value tag : list.elements()) {
    const json::Value hidden = next_unknown.next();
    const json::Value secret = next_sensitive.next();
    const json::Value key = tag["key"];
    // A tag without a name could be any: then none may be taken for absent.
    if (!key.is_string() || is_true(hidden) || is_true(secret) || is_true(secret["key"])) {
      mark_all(out, UnknownCause::AfterApply,
               "the name of a tag is known after apply or sensitive");
      continue;
    }
    if (!seen.insert(key.string()).second) out.repeated = key.string();
    if (holds_true(hidden["value"])) {
      mark_one(out, key.string(), UnknownCause::AfterApply, "known after apply");
    } else if (holds_true(secret["value"])) {
      mark_one(out, key.string(), UnknownCause::NotResolved, "marked sensitive");
    } else {
      writer.member(key.string(), tag["value"].string_or(""));
    }
  }
}

}  // namespace

void translate_tags(const Instance& instance, const ProviderFacts& provider, Translation& out) {
  json::Writer writer(out.tags);
  writer.begin_object();
  if (is_true(instance.unknown) || is_true(instance.sensitive)) {
    writer.end_object();
    return mark_all(out, UnknownCause::NotResolved, "the whole resource is unknown or sensitive");
  }
  switch (instance.provider) {
    case Provider::Aws:
      translate_aws(instance, provider, out, writer);
      break;
    case Provider::Awscc:
      translate_awscc(instance, out, writer);
      break;
  }
  writer.end_object();
}

}  // namespace sagewarden::terraform
