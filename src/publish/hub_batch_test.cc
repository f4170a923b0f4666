#include "publish/hub_batch.h"

#include <gtest/gtest.h>

#include "base/json_writer.h"

namespace sagewarden::publish {
namespace {

TEST(ImportBatch, HoldsAHundred) {
  ImportBatch batch;
  for (size_t i = 0; i < kMaxBatch; ++i) {
    ASSERT_TRUE(batch.has_room_for(2));
    batch.add("i" + std::to_string(i), "{}");
  }
  EXPECT_FALSE(batch.has_room_for(2));
  const auto [input, ids] = batch.take();
  const auto document = json::parse_document(input);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root["Findings"].size(), kMaxBatch);
  EXPECT_EQ(ids.size(), kMaxBatch);
  EXPECT_TRUE(batch.is_empty());
  EXPECT_TRUE(batch.has_room_for(kMaxFindingBytes));
}

TEST(ImportBatch, HoldsSixMegabytes) {
  ImportBatch batch;
  const std::string finding(kMaxFindingBytes, 'x');
  size_t count = 0;
  for (; batch.has_room_for(finding.size()); ++count) batch.add("i", finding);
  EXPECT_EQ(count, 24U);  // the 25th would make it 6 MB and some brackets
  EXPECT_LE(batch.take().first.size(), kMaxBatchBytes);
}

TEST(HubBatch, ArchivedIsWhatIsOurs) {
  const auto stored = json::parse_document(R"({
    "SchemaVersion": "2018-10-08", "Id": "i", "ProductArn": "p", "GeneratorId": "g",
    "AwsAccountId": "a", "CreatedAt": "c", "UpdatedAt": "u", "Title": "t", "Description": "d",
    "Resources": [{"Id": "r"}], "Region": "eu-west-1", "RecordState": "ACTIVE",
    "Workflow": {"Status": "NOTIFIED"}, "WorkflowState": "NEW", "Note": {"Text": "n"},
    "ProductFields": {"aws/securityhub/FindingId": "f", "sagewarden/Digest": "x"}, "ProcessedAt": "later", "CompanyName": "Personal",
    "Severity": {"Label": "HIGH"}, "FindingProviderFields": {"Types": ["T"]}})");
  ASSERT_TRUE(stored);
  const auto got = archived_finding(stored->root, "now");
  ASSERT_TRUE(got);
  EXPECT_EQ(
      *got,
      R"({"SchemaVersion":"2018-10-08","Id":"i","ProductArn":"p","GeneratorId":"g",)"
      R"("AwsAccountId":"a","CreatedAt":"c","Title":"t","Description":"d",)"
      R"("Resources":[{"Id":"r"}],"Region":"eu-west-1","FindingProviderFields":{"Types":["T"]},)"
      R"("ProductFields":{"sagewarden/Digest":"x"},"UpdatedAt":"now","RecordState":"ARCHIVED"})");
  const auto broken = json::parse_document(R"({"Id": "i"})");
  ASSERT_TRUE(broken);
  EXPECT_FALSE(archived_finding(broken->root, "now"));
}

TEST(HubBatch, Inputs) {
  EXPECT_EQ(get_product_input("p", ""),
            R"({"Filters":{"ProductArn":[{"Value":"p","Comparison":"EQUALS"}],)"
            R"("GeneratorId":[{"Value":"sagewarden/","Comparison":"PREFIX"}]},"MaxResults":100})");
  EXPECT_EQ(get_product_input("p", "t"),
            R"({"Filters":{"ProductArn":[{"Value":"p","Comparison":"EQUALS"}],)"
            R"("GeneratorId":[{"Value":"sagewarden/","Comparison":"PREFIX"}]},"MaxResults":100,)"
            R"("NextToken":"t"})");
  EXPECT_EQ(get_ids_input("p", {"a", "b"}, ""),
            R"({"Filters":{"ProductArn":[{"Value":"p","Comparison":"EQUALS"}],)"
            R"("Id":[{"Value":"a","Comparison":"EQUALS"},{"Value":"b","Comparison":"EQUALS"}]},)"
            R"("MaxResults":100})");
  EXPECT_EQ(get_ids_input("p", {"a"}, "t"),
            R"({"Filters":{"ProductArn":[{"Value":"p","Comparison":"EQUALS"}],)"
            R"("Id":[{"Value":"a","Comparison":"EQUALS"}]},"MaxResults":100,"NextToken":"t"})");
  EXPECT_EQ(update_input("p", {"a"}, "RESOLVED", ""),
            R"({"FindingIdentifiers":[{"Id":"a","ProductArn":"p"}],)"
            R"("Workflow":{"Status":"RESOLVED"}})");
  EXPECT_EQ(
      update_input("p", {"a"}, "SUPPRESSED", "why"),
      R"({"FindingIdentifiers":[{"Id":"a","ProductArn":"p"}],)"
      R"("Workflow":{"Status":"SUPPRESSED"},"Note":{"Text":"why","UpdatedBy":"sagewarden"}})");
}

}  // namespace
}  // namespace sagewarden::publish
