#include "source/inventory/inventory.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <array>

#include "base/json_writer.h"
#include "source/source.h"

namespace sagewarden {
namespace {

constexpr std::array<std::string_view, 2> kTypes = {"AWS::SageMaker::Image",
                                                    "AWS::SageMaker::Model"};

std::string json_of(json::Value value) {
  std::string out;
  json::Writer(out).value(value);
  return out;
}

// Writes down what it is given, as an inventory again and one by one.
class Collected : public Sink {
 public:
  void resource(const Resource& resource) override {
    ++resources;
    // Written as from where it came, to be compared with what was read.
    append_resource(text, resource);
    address = resource.location->address;
    line = resource.location->line;
    partition = resource.partition;
    account = resource.account;
    tags = json_of(resource.tags);
    is_unknown = resource.unknown_properties != nullptr;
  }
  void gap(Gap gap) override { gaps.push_back(std::move(gap)); }
  void passed_over(std::string_view reason, std::string_view type) override {
    passed.push_back(fmt::format("{} {}", reason, type));
  }

  size_t resources = 0;
  std::string text, address, partition, account, tags;
  uint32_t line = 0;
  bool is_unknown = false;
  std::vector<Gap> gaps;
  std::vector<std::string> passed;
};

struct Read {
  Result<void> result;
  Collected found;
};

Read read(std::string text, SourceOptions options = {}) {
  options.types = kTypes;
  const size_t size = text.size();
  text.append(json::kPadding, '}');  // what lies behind must not matter
  Read out;
  out.result =
      read_inventory({"i.ndjson", std::string_view(text).substr(0, size)}, options, out.found);
  return out;
}

// Version 1, which other programs wrote too.
std::string inventory_header(std::string_view created, std::string_view version) {
  return fmt::format(R"({{"sagewarden_inventory":1,"created":"{}","version":"{}"}})"
                     "\n",
                     created, version);
}
std::string inventory_trailer(size_t resources, size_t gaps) {
  return fmt::format(R"({{"end":{{"resources":{},"gaps":{}}}}})"
                     "\n",
                     resources, gaps);
}

std::string whole(std::string_view lines, size_t resources, size_t gaps) {
  return inventory_header("2026-03-01T12:00:00Z", "1.0") + std::string(lines) +
         inventory_trailer(resources, gaps);
}

// A resource with everything that one can have.
struct Full {
  json::Document properties, tags;
  UnknownNode unknown, unknown_tags;
  std::vector<std::string> defaulted = {"RootAccess", "A.B"};
  std::vector<InlineSuppression> suppressions = {{"SageMaker.5", "batch", "2027-01-01", 7},
                                                 {"SageMaker.*", "other", "", 0}};
  Location location{"app.yaml", 12, 3, "Nested/Model"};
  Resource resource;

  Full() {
    properties =
        std::move(json::parse_document(
                      R"({"A":{"b.c[0]":[1,2.5,null,true,"é\u0000"]},"Big":18446744073709551615})")
                      .value());
    tags = std::move(json::parse_document(R"({"Owner":"ml"})").value());
    unknown.child("A").child("b.c[0]").child(2).unknown = true;
    mark_unknown(unknown, "KmsKeyId", Known::Set, UnknownCause::AfterApply, "known after apply");
    mark_unknown(unknown, "Other", Known::Nothing, UnknownCause::Denied, "denied");
    unknown.child("Part").open(UnknownCause::NotExported, "only a part was asked for");
    unknown.child("Part").child("Deep").child("Closed").close();
    unknown.child("Part").child("Marked").unknown = true;
    mark_unknown(unknown_tags, "", Known::Nothing, UnknownCause::NotExported, "no tags here");
    resource.type = "AWS::SageMaker::Model";
    resource.arn = "arn:aws:sagemaker:eu-west-1:111122223333:model/churn";
    resource.name = "Churn";
    resource.account = "111122223333";
    resource.region = "eu-west-1";
    resource.partition = "aws";
    resource.properties = properties.root;
    resource.tags = tags.root;
    resource.unknown_properties = &unknown;
    resource.unknown_tags = &unknown_tags;
    resource.defaulted = &defaulted;
    resource.suppressions = &suppressions;
    resource.captured_at = "2026-03-01T12:00:00Z";
    resource.location = &location;
  }
};

TEST(Inventory, RoundTripLosesNothing) {
  const Full full;
  std::string line;
  append_resource(line, full.resource);
  const Read first = read(whole(line, 1, 0));
  ASSERT_TRUE(first.result) << first.result.error().message;
  EXPECT_TRUE(first.found.gaps.empty());
  ASSERT_EQ(first.found.resources, 1U);
  EXPECT_TRUE(first.found.is_unknown);
  EXPECT_EQ(first.found.address, "Nested/Model");
  EXPECT_EQ(first.found.line, 2U);
  // But for the place, which is now the inventory's own, writing it again gives the same line.
  const std::string was = R"("source":{"file":"app.yaml","line":12,"column":3,)";
  const std::string is = R"("source":{"file":"i.ndjson","line":2,"column":1,)";
  ASSERT_NE(line.find(was), std::string::npos) << line;
  line.replace(line.find(was), was.size(), is);
  EXPECT_EQ(first.found.text, line);
}

TEST(Inventory, BareResource) {
  Location location{"a.json", 0, 0, ""};
  Resource resource;
  resource.type = "AWS::SageMaker::Image";
  resource.location = &location;
  std::string line;
  append_resource(line, resource);
  EXPECT_EQ(
      line,
      "{\"type\":\"AWS::SageMaker::Image\",\"properties\":{},\"source\":{\"file\":\"a.json\"}}\n");
  SourceOptions options;
  options.account = "000000000000";
  options.region = "cn-north-1";
  const Read back = read(whole(line, 1, 0), options);
  ASSERT_TRUE(back.result);
  EXPECT_EQ(back.found.resources, 1U);
  EXPECT_EQ(back.found.account, "000000000000");
  EXPECT_EQ(back.found.partition, "aws-cn");
  EXPECT_EQ(back.found.tags, "{}");
  EXPECT_FALSE(back.found.is_unknown);
}

// Two templates may use the same logical id: their resources must stay two.
TEST(Inventory, AddressesKeepTheirFile) {
  const Read found = read(whole(
      R"({"type":"AWS::SageMaker::Model","properties":{},"source":{"file":"a.yaml","address":"M"}})"
      "\n",
      1, 0));
  EXPECT_EQ(found.found.address, "a.yaml#M");
}

TEST(Inventory, GapsAreHandedOn) {
  const std::vector<Gap> gaps = {
      {Gap::Kind::File, {"a.json", 3, 4, ""}, "", "", "", "", "PARSE_ERROR", "broken"},
      {Gap::Kind::Item,
       {"b.json", 0, 0, "X"},
       "",
       "",
       "",
       "AWS::SageMaker::Model",
       "OVERSIZED",
       "big"},
      {Gap::Kind::Call, {}, "1", "eu-west-1", "sagemaker:ListTags", "", "ACCESS_DENIED", "no"}};
  std::string lines;
  for (const Gap& gap : gaps) append_gap(lines, gap);
  const Read found = read(whole(lines, 0, gaps.size()));
  ASSERT_TRUE(found.result);
  EXPECT_EQ(found.found.gaps, gaps);
}

TEST(Inventory, OtherTypesAreCounted) {
  const Read found = read(whole("{\"type\":\"AWS::SageMaker::Domain\",\"properties\":{}}\n", 1, 0));
  ASSERT_TRUE(found.result);
  EXPECT_EQ(found.found.resources, 0U);
  EXPECT_EQ(found.found.passed, std::vector<std::string>{"other type AWS::SageMaker::Domain"});
  EXPECT_TRUE(found.found.gaps.empty());
}

constexpr std::string_view kModel = "{\"type\":\"AWS::SageMaker::Model\",\"properties\":{}}\n";

// Each row: the text, how many resources come out of it, and the code of its one gap.
TEST(Inventory, WhatIsNotWholeIsAGap) {
  const std::string header = inventory_header("", "");
  const std::string model(kModel);
  const struct {
    std::string_view why;
    std::string text;
    size_t resources;
    std::string_view code;
    uint32_t line;
  } cases[] = {
      {"whole", whole(model, 1, 0), 1, "", 0},
      {"blank lines do not count", whole("\n" + model + " \r\n", 1, 0), 1, "", 0},
      {"last line without its end", header + model + "{\"end\":{\"resources\":1,\"gaps\":0}}", 1,
       "", 0},
      {"no end", header + model, 1, "TRUNCATED", 2},
      {"nothing but a header", header, 0, "TRUNCATED", 1},
      {"cut in a line", header + model + "{\"type\":\"AWS::Sage", 1, "TRUNCATED", 3},
      {"cut in the end", header + model + "{\"end\":{\"resour", 1, "TRUNCATED", 3},
      {"resources missing", whole(model, 2, 0), 1, "TRUNCATED", 3},
      {"gaps missing", whole(model, 1, 1), 1, "TRUNCATED", 3},
      {"end without counts", header + model + "{\"end\":{}}\n", 1, "TRUNCATED", 3},
      {"joined", whole(model, 1, 0) + whole(model + model, 2, 0), 3, "", 0},
      {"joined, the first cut", header + model + whole(model, 1, 0), 2, "TRUNCATED", 3},
      {"more behind the end", whole(model, 1, 0) + model, 1, "INVALID", 4},
      {"a broken line", whole("{\"type\":\n" + model, 1, 0), 1, "PARSE_ERROR", 2},
      {"a name twice", whole("{\"type\":\"a\",\"type\":\"AWS::SageMaker::Model\"}\n", 0, 0), 0,
       "DUPLICATE_KEY", 2},
      {"no type", whole("{\"properties\":{}}\n", 1, 0), 0, "INVALID", 2},
      {"no object", whole("[]\n", 1, 0), 0, "INVALID", 2},
      {"no properties", whole("{\"type\":\"AWS::SageMaker::Model\"}\n", 1, 0), 0, "INVALID", 2},
      {"tags of another kind",
       whole("{\"type\":\"AWS::SageMaker::Model\",\"properties\":{},\"tags\":[]}\n", 1, 0), 0,
       "INVALID", 2},
      {"an empty gap", whole("{\"gap\":{}}\n", 0, 1), 0, "UNREADABLE", 2},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const Read found = read(c.text);
    ASSERT_TRUE(found.result) << found.result.error().message;
    EXPECT_EQ(found.found.resources, c.resources);
    if (c.code.empty()) {
      EXPECT_TRUE(found.found.gaps.empty()) << found.found.gaps[0].message;
      continue;
    }
    ASSERT_EQ(found.found.gaps.size(), 1U);
    EXPECT_EQ(found.found.gaps[0].code, c.code);
    EXPECT_EQ(found.found.gaps[0].location.file, "i.ndjson");
    EXPECT_EQ(found.found.gaps[0].location.line, c.line);
    EXPECT_FALSE(found.found.gaps[0].message.empty());
  }
}

TEST(Inventory, BrokenLinesAreBounded) {
  const auto broken = [](size_t count) {
    std::string lines;
    for (size_t i = 0; i < count; ++i) lines += "{]\n";
    return read(whole(lines, 0, 0)).found.gaps;
  };
  EXPECT_EQ(broken(1000).size(), 1000U);
  const std::vector<Gap> more = broken(1500);
  ASSERT_EQ(more.size(), 1001U);
  EXPECT_EQ(more.back().code, "TOO_MANY");
  EXPECT_NE(more.back().message.find("500 more broken lines"), std::string::npos);
}

// A place that is not known must never be taken for an absent one.
TEST(Inventory, UnknownPlacesAreReadStrictly) {
  const std::string good = R"({"at":["A"],"known":"SET","cause":"DENIED","reason":"r"})";
  const auto many = [&](size_t count) {
    std::string list;
    for (size_t i = 0; i < count; ++i) list += (i == 0 ? "" : ",") + good;
    return "[" + list + "]";
  };
  const struct {
    std::string unknown;
    bool accepted;
  } cases[] = {
      {"[" + good + "]", true},
      {"[]", true},
      {"{}", false},
      {"[3]", false},
      {R"([{"known":"SET","cause":"DENIED"}])", false},
      {R"([{"at":"A","known":"SET","cause":"DENIED"}])", false},
      {R"([{"at":[3],"known":"SET","cause":"DENIED"}])", false},
      {R"([{"at":["A"],"known":"PERHAPS","cause":"DENIED"}])", false},
      {R"([{"at":["A"],"known":"SET","cause":"OTHER"}])", false},
      {R"([{"at":["A"],"known":"SET"}])", false},
      {many(kMaxUnknownPlaces), true},
      {many(kMaxUnknownPlaces + 1), false},
  };
  for (const auto& c : cases) {
    for (const std::string_view member : {"unknown", "unknown_tags"}) {
      SCOPED_TRACE(c.unknown.substr(0, 80));
      const Read found = read(whole(
          fmt::format("{{\"type\":\"AWS::SageMaker::Model\",\"properties\":{{}},\"{}\":{}}}\n",
                      member, c.unknown),
          1, 0));
      EXPECT_EQ(found.found.resources, c.accepted ? 1U : 0U);
      EXPECT_EQ(found.found.gaps.size(), c.accepted ? 0U : 1U);
    }
  }
}

TEST(Inventory, HeadersThatAreNone) {
  const struct {
    std::string text;
    std::string_view want;
  } cases[] = {
      {"", "it has no header"},
      {"\n\n", "it has no header"},
      {"{\"sagewarden_inventory\":3}\n",
       "line 1: the inventory has version 3, and this program reads "
       "up to 2"},
      {"{\"sagewarden_inventory\":\"1\"}\n", "must be its version"},
      {"{\"sagewarden_inventory\":0}\n", "must be its version"},
      {"\n{\"type\":\"a\"}\n", "line 2: this is no inventory"},
      {"{\"sagewarden_\n", "line 1"},
      {whole("", 0, 0) + "{\"sagewarden_inventory\":9}\n", "line 3: the inventory has version 9"},
  };
  for (const auto& c : cases) {
    const Read found = read(c.text);
    ASSERT_FALSE(found.result) << c.text;
    EXPECT_EQ(found.result.error().code, Error::Code::Invalid);
    EXPECT_NE(found.result.error().message.find(c.want), std::string::npos)
        << found.result.error().message;
  }
}

}  // namespace
}  // namespace sagewarden
