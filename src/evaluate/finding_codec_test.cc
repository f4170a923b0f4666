#include "evaluate/finding_codec.h"

#include <gtest/gtest.h>

#include <vector>

namespace sagewarden {
namespace {

Finding full() {
  Finding f;
  f.id = "SageMaker.5/arn";
  f.control = "SageMaker.5";
  f.compliance = Compliance::Warning;
  f.severity = Severity::Critical;
  f.type = "AWS::SageMaker::Model";
  f.arn = "arn:aws:sagemaker:eu-west-1:111122223333:model/churn";
  f.name = "churn";
  f.account = "111122223333";
  f.region = "eu-west-1";
  f.partition = "aws";
  f.tags = {{"Owner", "ml"}, {"", std::string("nul\0inside", 10)}};
  f.reasons = {{"SETTING_MISSING", "m"}, {"NOT_RECORDED", ""}};
  f.evidence = {{"A.B", "not set", "true", 3, 4}, {"tags", "{}", "set"}};
  f.location = {"a.json", 12, 5, "Nested/Model"};
  f.suppressed = Suppression{Suppression::Kind::InSource, "r", "o", "2027-01-01"};
  f.captured_at = "2026-03-01T12:00:00Z";
  return f;
}

TEST(FindingCodec, NothingIsLost) {
  Finding special = full();
  special.name = std::string("\0\1\2\1\1a\0", 7);
  special.location.address = "\1";
  for (const Finding& finding : {full(), Finding(), special}) {
    std::string bytes;
    append_encoded(bytes, view_of(finding));
    EXPECT_EQ(decode_finding(bytes), finding);
  }
}

TEST(FindingCodec, OrderIsTheReports) {
  std::vector<Finding> findings;
  const auto add = [&](auto change) {
    Finding finding = full();
    change(finding);
    findings.push_back(std::move(finding));
  };
  add([](Finding&) {});
  add([](Finding& f) { f.account = "000000000000"; });
  add([](Finding& f) { f.account = ""; });
  add([](Finding& f) { f.region = "eu-west-10"; });
  add([](Finding& f) { f.type = "AWS::SageMaker::Image"; });
  add([](Finding& f) { f.name = "churn-2"; });
  add([](Finding& f) { f.name = "\xC3\xA9"; });
  // Bytes that the key of the order writes otherwise.
  for (const char* name : {"", "a", "\1", "\2", "a\1", "a\1b", "a\2", "\1\1", "\1\2", "\xFF"})
    add([&](Finding& f) { f.name = name; });
  add([](Finding& f) { f.name = std::string("\0", 1); });
  add([](Finding& f) { f.name = std::string("a\0", 2); });
  add([](Finding& f) { f.name = std::string("a\0b", 3); });
  add([](Finding& f) { f.arn = ""; });
  add([](Finding& f) { f.location.file = "b"; });
  add([](Finding& f) { f.location.address = "A"; });
  add([](Finding& f) { f.control = "SageMaker.16"; });
  add([](Finding& f) { f.control = "SageMaker.2"; });
  for (const Finding& a : findings) {
    for (const Finding& b : findings) {
      std::string left;
      std::string right;
      append_encoded(left, view_of(a));
      append_encoded(right, view_of(b));
      EXPECT_EQ(encoded_order(left, right) < 0, report_order(a, b)) << a.name << ' ' << b.name;
    }
  }
}

TEST(FindingCodec, TiesAreBroken) {
  Finding later = full();
  const auto less = [](const Finding& a, const Finding& b) {
    std::string left;
    std::string right;
    append_encoded(left, view_of(a));
    append_encoded(right, view_of(b));
    return encoded_order(left, right) < 0 && encoded_order(right, left) > 0;
  };
  later.location.line = 300;
  EXPECT_TRUE(less(full(), later));
  later = full();
  later.location.column = 300;
  EXPECT_TRUE(less(full(), later));
  later = full();
  later.captured_at = "2026-03-01T12:00:01Z";
  EXPECT_TRUE(less(full(), later));
  EXPECT_FALSE(less(full(), full()));
}

}  // namespace
}  // namespace sagewarden
