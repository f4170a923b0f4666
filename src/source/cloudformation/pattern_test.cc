#include "source/cloudformation/pattern.h"

#include <gtest/gtest.h>

#include <string>

namespace sagewarden::cloudformation {
namespace {

std::string nested(size_t depth) {
  return std::string(depth, '(') + "a" + std::string(depth, ')');
}

TEST(Pattern, WhatRefusesTheEmptyText) {
  for (const std::string& pattern : {std::string("a"),
                                     std::string("."),
                                     std::string(".+"),
                                     std::string("^[a-z]+$"),
                                     std::string("^arn:aws[a-z-]*:kms:.*$"),
                                     std::string("[^a]"),
                                     std::string("a|b"),
                                     std::string("(a|b)"),
                                     std::string("(?:a|b){1,3}"),
                                     std::string("a{2}"),
                                     std::string("a{1,}?"),
                                     std::string("a*b"),
                                     std::string(R"(\d+)"),
                                     std::string(R"(\.)"),
                                     std::string(R"(\p{L}{3})"),
                                     std::string(R"([a-z&&[^bc]])"),
                                     std::string(R"([\]])"),
                                     std::string("(?!x$).+"),
                                     std::string("(?<name>a)"),
                                     std::string("a++"),
                                     nested(100)}) {
    EXPECT_TRUE(refuses_empty_text(pattern)) << pattern;
  }
}

TEST(Pattern, WhatMayTakeIt) {
  for (const std::string& pattern :
       {std::string(), std::string(".*"), std::string("^$"), std::string("^$|a"), std::string("a|"),
        std::string("|a"), std::string("(a|)"), std::string("a?"), std::string("a*+"),
        std::string("a{0,5}"), std::string("a{0}"), std::string("a{00,}"), std::string("(a)?"),
        std::string("(?:a+)*"), std::string("(?=a)"), std::string("(?!a)"), std::string("(?<!a)"),
        std::string(R"(\b)"), std::string(R"((a?)\1)"),
        // What is not understood.
        std::string("(?x) #a"), std::string("(?i)a"), std::string(R"(\Q\E)"), std::string("a)"),
        std::string("(a"), std::string("[a"), std::string("a{"), std::string("a{x}"),
        std::string(R"([\Q]\E]*)"), std::string("a\\"), std::string("+a"), std::string("é*"),
        std::string("\\é*"), std::string(R"(\012*)"), std::string("[]a]"), nested(101)}) {
    EXPECT_FALSE(refuses_empty_text(pattern)) << pattern;
  }
}

}  // namespace
}  // namespace sagewarden::cloudformation
