#include "aws/xml.h"

#include <gtest/gtest.h>

namespace sagewarden::aws {
namespace {

TEST(Xml, BecomesJson) {
  const struct {
    std::string_view xml, want;
  } cases[] = {
      {"<a>text</a>", R"("text")"},
      {"<a/>", R"("")"},
      {"<a></a >", R"("")"},
      {"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- c --><a x='>' y = \"<\"><b>1</b></a>\n",
       R"({"b":"1"})"},
      {"<a><b>1</b>\n  <c>2</c><b>3</b></a>", R"({"b":["1","3"],"c":"2"})"},
      {"<a><l><member>1</member></l></a>", R"({"l":["1"]})"},
      {"<a><s><item><n>eu-west-1</n></item><item><n>x</n></item></s></a>",
       R"({"s":[{"n":"eu-west-1"},{"n":"x"}]})"},
      {"<a><l/></a>", R"({"l":""})"},
      {"<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x2603;&#x1F600;</a>", R"("<&>\"'A☃😀")"},
      {"<a>x<![CDATA[<b>&amp;]]>y<!-- c --></a>", R"("x<b>&amp;y")"},
  };
  for (const auto& c : cases) {
    const Result<XmlAnswer> got = read_xml(c.xml);
    ASSERT_TRUE(got) << c.xml << ": " << got.error().message;
    EXPECT_EQ(got->json, c.want);
    EXPECT_EQ(got->name, "a");
  }
}

TEST(Xml, AnswersThatAreNone) {
  std::string deep;
  for (int i = 0; i < 65; ++i) deep += "<a>";
  const struct {
    std::string_view xml, want;
  } cases[] = {
      {"", "there is no element at byte 0"},
      {"plain", "there is no element at byte 0"},
      {"<a>", "'</a>' is missing at byte 3"},
      {"<a><b></a>", "'</b>' is missing at byte 9"},
      {"<a></a><b/>", "there is more behind the last element at byte 7"},
      {"<a", "a name is missing"},
      {"<a x>", "'=' is missing"},
      {"<a x=1>", "a quote is missing"},
      {"<a x='1>", "''' is missing"},
      {"<>", "a name is missing"},
      {"<!DOCTYPE html><html></html>", "a document type at byte 0"},
      {"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "a document type"},
      {"<a>&b;</a>", "an entity that is not known at byte 3"},
      {"<a>&#0;</a>", "a character that does not exist"},
      {"<a>&#xD800;</a>", "a character that does not exist"},
      {"<a>&#x110000;</a>", "a character that does not exist"},
      {"<a>&#12x;</a>", "a character that does not exist"},
      {"<a><!ELEMENT b></a>", "markup that no answer has"},
      {"<a><?php ?></a>", "markup that no answer has"},
      {deep, "elements are nested too deeply"},
  };
  for (const auto& c : cases) {
    const Result<XmlAnswer> got = read_xml(c.xml);
    ASSERT_FALSE(got) << c.xml;
    EXPECT_NE(got.error().message.find(c.want), std::string::npos) << got.error().message;
  }
  std::string allowed = "x";
  for (int i = 0; i < 64; ++i) allowed = "<a>" + allowed + "</a>";
  EXPECT_TRUE(read_xml(allowed));
  std::string many;
  for (int i = 1; i < 50'000; ++i) many += "<b/>";
  EXPECT_TRUE(read_xml("<a>" + many + "</a>"));
  EXPECT_FALSE(read_xml("<a>" + many + "<b/></a>"));
}

}  // namespace
}  // namespace sagewarden::aws
