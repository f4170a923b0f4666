#include "source/config/survey.h"

#include <gtest/gtest.h>

#include <array>

#include "source/config/recording_sink.h"

namespace sagewarden::config {
namespace {

constexpr std::array<Field, 10> kFields = {{
    {.path = "Name"},
    {.path = "Late", .config_records = false},
    {.path = "Late.Below"},
    {.path = "Store"},
    {.path = "Store.Key", .config_records = false},
    {.path = "Store.Uri"},
    {.path = "Variants", .shape = Shape::BlockList},
    {.path = "Variants[].Count"},
    {.path = "Variants[].Pools", .shape = Shape::BlockList, .config_records = false},
    {.path = "Variants[].Pools[].Size"},
}};

constexpr TypeShape kPublished = {.cloudformation = "AWS::X::Y", .fields = kFields};
constexpr TypeShape kUnpublished = {
    .cloudformation = "AWS::X::Y", .config_schema_published = false, .fields = kFields};

std::vector<std::string> unknown_in(Survey& survey, std::string_view text) {
  json::Parser parser;
  const Result<json::Value> value = parser.parse(text);
  EXPECT_TRUE(value) << text;
  const Survey::Answer answer = survey.look(*value);
  EXPECT_FALSE(answer.name_twice) << text;
  std::vector<std::string> unknown;
  list_unknown(answer.unknown, "", unknown);
  for (std::string& place : unknown) place.erase(place.find('='));
  std::sort(unknown.begin(), unknown.end());
  return unknown;
}

using Places = std::vector<std::string>;

TEST(Survey, WhatTheSchemaLacksIsUnknownWhenAbsent) {
  Survey survey(kPublished, Survey::Absent::MayNotBeRecorded);
  const struct {
    std::string_view configuration;
    Places unknown;
  } cases[] = {
      {"{}", {"Late"}},
      {R"({"Late":1})", {}},
      {R"({"Late":null})", {"Late"}},
      // Below what is not recorded, nothing is.
      {R"({"Late":{}})", {"Late.Below"}},
      {R"({"Late":{"Below":1}})", {}},
      // Of what is recorded, absent is not set, and so is all below it.
      {R"({"Late":1,"Store":{}})", {"Store.Key"}},
      {R"({"Late":1,"Store":{"Key":"k"}})", {}},
      {R"({"Late":1,"Store":{"Other":{"Key":1}}})", {"Store.Key"}},
      {R"({"Late":1,"Variants":[]})", {}},
      {R"({"Late":1,"Variants":[{},{"Pools":[]},{"Pools":[{},{"Size":1}]}]})",
       {"Variants.0.Pools", "Variants.2.Pools.0.Size"}},
      // Something else than the shape says: nothing is known to be missing in it.
      {R"({"Late":1,"Variants":{"Count":1}})", {}},
      {R"({"Late":1,"Store":[{}]})", {}},
      {R"({"Late":1,"Variants":[1,"x",[{}]]})", {}},
      {R"({"Late":1,"Store":{}})", {"Store.Key"}},
  };
  for (const auto& c : cases)
    EXPECT_EQ(unknown_in(survey, c.configuration), c.unknown) << c.configuration;
}

TEST(Survey, WithoutSchemaAnythingAbsentIsUnknown) {
  const struct {
    TypeShape shape;
    Survey::Absent absent;
    UnknownCause cause;
    std::string_view reason;
  } cases[] = {
      {kUnpublished, Survey::Absent::MayNotBeRecorded, UnknownCause::NotRecorded,
       "AWS Config does not say what it records of AWS::X::Y"},
      {kPublished, Survey::Absent::MayNotBeAsked, UnknownCause::NotExported,
       "the query may not have asked for it"},
  };
  for (const auto& c : cases) {
    Survey survey(c.shape, c.absent);
    for (const std::string_view text :
         {"{}", R"({"Late":1,"Store":{"Key":1}})", R"({"Other":"x"})", R"({"Other":null})"}) {
      EXPECT_EQ(unknown_in(survey, text), Places{"?"}) << text;
      json::Parser parser;
      const UnknownNode* unknown = survey.look(*parser.parse(text)).unknown;
      ASSERT_NE(unknown, nullptr);
      EXPECT_EQ(unknown->reason, c.reason);
      EXPECT_EQ(unknown->cause, c.cause);
      EXPECT_EQ(unknown->known, Known::Nothing);
    }
    // Names that are given twice are seen all the same.
    json::Parser parser;
    EXPECT_TRUE(survey.look(*parser.parse(R"({"Store":{"Key":1,"Key":2}})")).name_twice);
  }
}

// Of two alternatives, the one that is there says that the other is not.
TEST(Survey, AlternativesAreKnownToBeAbsent) {
  constexpr std::array<Field, 3> kAlternatives = {{
      {.path = "Config", .shape = Shape::Block},
      {.path = "Config.Inline", .shape = Shape::Block, .instead_of = "Name"},
      {.path = "Other"},
  }};
  const TypeShape shape = {
      .cloudformation = "AWS::X::Y", .config_schema_published = false, .fields = kAlternatives};
  const struct {
    std::string_view configuration;
    Places unknown;
  } cases[] = {
      {R"({"Config":{"Name":"n"}})", {"?", "Config.?", "Config.Inline"}},
      {R"({"Config":{"Name":"n","Inline":null}})", {"?", "Config.?", "Config.Inline"}},
      {R"({"Config":{"Name":"n","Inline":{}}})", {"?", "Config.?", "Config.Inline.?"}},
      {R"({"Config":{"Name":""}})", {"?"}},
      {R"({"Config":{"Name":null}})", {"?"}},
      {R"({"Config":{}})", {"?"}},
      {R"({"Name":"n"})", {"?"}},
      {"{}", {"?"}},
  };
  Survey survey(shape, Survey::Absent::MayNotBeRecorded);
  for (const auto& c : cases)
    EXPECT_EQ(unknown_in(survey, c.configuration), c.unknown) << c.configuration;
}

TEST(Survey, SaysWhy) {
  Survey survey(kPublished, Survey::Absent::MayNotBeRecorded);
  json::Parser parser;
  const UnknownNode* unknown = survey.look(*parser.parse("{}")).unknown;
  ASSERT_NE(unknown, nullptr);
  const UnknownNode* late = unknown->find("Late");
  ASSERT_NE(late, nullptr);
  EXPECT_EQ(late->reason, "AWS Config does not record Late");
  EXPECT_EQ(late->cause, UnknownCause::NotRecorded);
  EXPECT_EQ(late->known, Known::Nothing);
  EXPECT_TRUE(late->unknown);
}

TEST(Survey, MakesEachTreeOnce) {
  Survey survey(kPublished, Survey::Absent::MayNotBeRecorded);
  json::Parser parser;
  const UnknownNode* first = survey.look(*parser.parse("{}")).unknown;
  const UnknownNode* other = survey.look(*parser.parse(R"({"Store":{}})")).unknown;
  EXPECT_NE(first, other);
  EXPECT_EQ(survey.look(*parser.parse(R"({"Name":"x"})")).unknown, first);
}

TEST(Survey, InventedItemsCostNoMoreThanRealOnes) {
  Survey survey(kPublished, Survey::Absent::MayNotBeRecorded);
  json::Parser parser;
  for (const size_t count : {size_t{255}, size_t{256}, size_t{100'000}}) {
    std::string text = R"({"Late":1,"Variants":[{})";
    for (size_t i = 1; i < count; ++i) text += ",{}";
    const UnknownNode* unknown = survey.look(*parser.parse(text + "]}")).unknown;
    ASSERT_NE(unknown, nullptr);
    // Too many to name: then nothing of the item is known.
    EXPECT_EQ(unknown->unknown, count > 256) << count;
  }
  // As many different trees as one likes.
  for (int i = 0; i < 1000; ++i) {
    std::string text = R"({"Late":1,"Variants":[)";
    for (int bit = 0; bit < 10; ++bit) text += (i >> bit) % 2 == 0 ? "{}," : R"({"Pools":1},)";
    const UnknownNode* unknown = survey.look(*parser.parse(text + "1]}")).unknown;
    EXPECT_EQ(unknown != nullptr, i % 1024 != 1023);
  }
}

std::string many_names(size_t count, std::string_view last) {
  std::string text = "{";
  for (size_t i = 0; i < count; ++i)
    text += "\"SAGEMAKER_SETTING_" + std::to_string(i) + "\":{\"a\":1},";
  return text + std::string(last) + "}";
}

TEST(Survey, FindsNamesGivenTwice) {
  const struct {
    std::string text;
    bool twice;
  } cases[] = {
      {"{}", false},
      {R"({"a":1,"b":2})", false},
      {R"({"a":1,"b":2,"a":3})", true},
      {R"({"a":{"":1,"":2}})", true},
      {R"({"a":1,"\u0061":2})", true},
      {R"({"a":{"b":[1,[{"c":1,"c":2}]]}})", true},
      {R"({"a":{"x":1},"b":{"x":1},"c":[{"x":1},{"x":1}]})", false},
      {R"({"VolumeKmsKeyId":1,"OutputKmsKeyId":2})", false},
      {R"({"abcdefgh":1,"abcdefgi":2,"abcdefghi":3})", false},
      {R"({"Store":{"Key":1,"Key":1}})", true},
      {R"({"Late":{"Below":1,"x":1,"Below":2}})", true},
      {R"({"Variants":[{"Count":1},{"Count":1,"Count":1}]})", true},
      {R"({"Variants":[[{"Count":1,"Count":1}]]})", true},
      {many_names(10, R"("x":1)"), false},
      {many_names(63, R"("x":1)"), false},
      {many_names(64, R"("x":1)"), false},
      {many_names(65, R"("x":1)"), false},
      {many_names(64, R"("SAGEMAKER_SETTING_0":1)"), true},
      {many_names(64, R"("SAGEMAKER_SETTING_63":1)"), true},
      {many_names(1000, R"("x":{"y":1,"y":2})"), true},
      {R"({"Store":)" + many_names(70, R"("Key":1)") + "}", false},
      {R"({"Store":)" + many_names(70, R"("SAGEMAKER_SETTING_9":1)") + "}", true},
  };
  Survey plain;
  Survey shaped(kPublished, Survey::Absent::MayNotBeRecorded);
  for (const auto& c : cases) {
    json::Parser parser;
    const Result<json::Value> value = parser.parse(c.text);
    ASSERT_TRUE(value) << c.text;
    EXPECT_EQ(plain.look(*value).name_twice, c.twice) << c.text;
    EXPECT_EQ(shaped.look(*value).name_twice, c.twice) << c.text;
    EXPECT_EQ(!json::duplicate_key(*value).empty(), c.twice) << c.text;
  }
}

TEST(Survey, KnowsEveryShapeOfTheTables) {
  for (const TypeShape& shape : type_shapes()) {
    Survey survey(shape, Survey::Absent::MayNotBeRecorded);
    json::Parser parser;
    const UnknownNode* unknown = survey.look(*parser.parse("{}")).unknown;
    // Of a type without a schema, nothing is known to be absent.
    EXPECT_TRUE(shape.config_schema_published || unknown != nullptr) << shape.cloudformation;
  }
}

}  // namespace
}  // namespace sagewarden::config
