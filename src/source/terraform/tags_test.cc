#include <gtest/gtest.h>

#include "source/terraform/recording_sink.h"

namespace sagewarden::terraform {
namespace {

using Lines = std::vector<std::string>;

struct TagsRow {
  const char* name;
  Change change;
  const char* tags;
  Lines unknown;
};

void check_tags(const TagsRow& row) {
  SCOPED_TRACE(row.name);
  const Outcome outcome = read(plan_of(row.change));
  ASSERT_EQ(outcome.error, "");
  EXPECT_TRUE(outcome.sink.gaps.empty());
  ASSERT_EQ(outcome.sink.resources.size(), 1U);
  EXPECT_EQ(outcome.sink.resources[0].tags, row.tags);
  EXPECT_EQ(outcome.sink.resources[0].unknown_tags, row.unknown);
}

constexpr const char* kDefaultTags =
    R"({"aws":{"name":"aws","expressions":{"default_tags":[
        {"tags":{"constant_value":{"Team":"ml","Owner":"all"}}}]}}})";
constexpr const char* kDefaultTagsOfLocal =
    R"({"aws":{"name":"aws","expressions":{"default_tags":[
        {"tags":{"references":["local.tags"]}}]}}})";

TEST(Tags, OfAws) {
  const TagsRow rows[] = {
      {"none", {.after = R"({"tags":null,"tags_all":{}})"}, "{}", {}},
      {"tags_all has the provider's too",
       {.after = R"({"tags":{"a":"1"},"tags_all":{"a":"1","b":"2"}})"},
       R"({"a":"1","b":"2"})",
       {}},
      {"tags where there is no tags_all", {.after = R"({"tags":{"a":"1"}})"}, R"({"a":"1"})", {}},
      {"a tag without a value", {.after = R"({"tags_all":{"a":null}})"}, R"({"a":""})", {}},
      {"one value unknown",
       {.after = R"({"tags_all":{"a":"1"}})", .unknown = R"({"tags_all":{"b":true}})"},
       R"({"a":"1"})",
       {"b Set the value of the tag b is known after apply"}},
      {"all unknown, no default tags",
       {.after = R"({"tags":{"a":"1"}})", .unknown = R"({"tags":{"b":true},"tags_all":true})"},
       R"({"a":"1"})",
       {"b Set the value of the tag b is known after apply"}},
      {"all unknown, constant default tags",
       {.after = R"({"tags":{"a":"1"}})",
        .unknown = R"({"tags":{"Owner":true},"tags_all":true})",
        .provider = kDefaultTags},
       R"({"Team":"ml","a":"1"})",
       {"Owner Set the value of the tag Owner is known after apply"}},
      {"all unknown, default tags that are not constant",
       {.after = R"({"tags":{"a":"1"}})",
        .unknown = R"({"tags_all":true})",
        .provider = kDefaultTagsOfLocal},
       "{}",
       {" Nothing `tags_all` is known after apply"}},
      {"all unknown, provider not shown",
       {.after = R"({"tags":{"a":"1"}})", .unknown = R"({"tags_all":true})", .provider = "{}"},
       "{}",
       {" Nothing `tags_all` is known after apply"}},
      {"both unknown",
       {.after = "{}", .unknown = R"({"tags":true,"tags_all":true})"},
       "{}",
       {" Nothing `tags_all` is known after apply"}},
      {"one value sensitive",
       {.after = R"({"tags_all":{"a":"SECRET","b":"2"}})",
        .sensitive = R"({"tags_all":{"a":true}})"},
       R"({"b":"2"})",
       {"a Set the value of the tag a is marked sensitive"}},
      {"all sensitive",
       {.after = R"({"tags_all":{"a":"SECRET"}})", .sensitive = R"({"tags_all":true})"},
       "{}",
       {" Nothing `tags` is marked sensitive"}},
      {"no map", {.after = R"({"tags_all":["a"]})"}, "{}", {" Nothing `tags` is not a map"}},
  };
  for (const TagsRow& row : rows) check_tags(row);
}

TEST(Tags, OfAwscc) {
  const std::string type = "awscc_sagemaker_image";
  const TagsRow rows[] = {
      {"none", {.type = type, .after = R"({"tags":null})"}, "{}", {}},
      {"a list",
       {.type = type, .after = R"({"tags":[{"key":"a","value":"1"},{"key":"b","value":null}]})"},
       R"({"a":"1","b":""})",
       {}},
      {"a map", {.type = type, .after = R"({"tags":{"a":"1"}})"}, R"({"a":"1"})", {}},
      {"left out of a new resource",
       {.type = type, .after = "{}", .unknown = R"({"tags":true})"},
       "{}",
       {}},
      {"left out of an old resource",
       {.type = type, .after = "{}", .unknown = R"({"tags":true})", .actions = R"(["update"])"},
       "{}",
       {" Nothing `tags` is known after apply"}},
      {"configured and unknown",
       {.type = type,
        .after = "{}",
        .unknown = R"({"tags":true})",
        .expressions = R"({"tags":{"references":["local.tags"]}})"},
       "{}",
       {" Nothing `tags` is known after apply"}},
      {"a value unknown",
       {.type = type,
        .after = R"({"tags":[{"key":"a"},{"key":"b","value":"2"}]})",
        .unknown = R"({"tags":[{"value":true},{}]})"},
       R"({"b":"2"})",
       {"a Set the value of the tag a is known after apply"}},
      {"a value sensitive",
       {.type = type,
        .after = R"({"tags":[{"key":"a","value":"SECRET"}]})",
        .sensitive = R"({"tags":[{"value":true}]})"},
       "{}",
       {"a Set the value of the tag a is marked sensitive"}},
      {"a key unknown",
       {.type = type,
        .after = R"({"tags":[{"value":"1"},{"key":"b","value":"2"}]})",
        .unknown = R"({"tags":[{"key":true},{}]})"},
       R"({"b":"2"})",
       {" Nothing the name of a tag is known after apply or sensitive"}},
      {"a key sensitive",
       {.type = type,
        .after = R"({"tags":[{"key":"SECRET","value":"1"}]})",
        .sensitive = R"({"tags":[{"key":true}]})"},
       "{}",
       {" Nothing the name of a tag is known after apply or sensitive"}},
      {"no list",
       {.type = type, .after = R"({"tags":7})"},
       "{}",
       {" Nothing `tags` is not a list"}},
  };
  for (const TagsRow& row : rows) check_tags(row);
  const Outcome twice = read(plan_of({.type = type, .after = R"({"tags":[{"key":"a","value":"1"},
                                                       {"key":"a","value":"2"}]})"}));
  EXPECT_TRUE(twice.sink.resources.empty());
  EXPECT_EQ(twice.sink.gaps.size(), 1U);
}

}  // namespace
}  // namespace sagewarden::terraform
