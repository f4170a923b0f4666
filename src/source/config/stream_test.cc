#include "source/config/stream.h"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <map>
#include <thread>

#include "base/gzip_for_tests.h"
#include "source/config/recording_sink.h"

namespace sagewarden::config {
namespace {

constexpr std::array<std::string_view, 5> kTypes = {
    "AWS::S3::Bucket", "AWS::SageMaker::Domain", "AWS::SageMaker::FeatureGroup",
    "AWS::SageMaker::Model", "AWS::SageMaker::ModelBiasJobDefinition"};

std::string write_file(std::string_view content) {
  std::string path = testing::TempDir() + "config_stream_" + std::to_string(::getpid());
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

// Reads the text with one worker for each sink.
void read(std::string_view content, Layout layout, std::span<RecordingSink> sinks,
          StreamLimits limits = {}) {
  SourceOptions options;
  options.types = kTypes;
  options.account = "999999999999";
  options.region = "eu-north-1";
  Progress progress;
  const std::string path = write_file(content);
  Result<InputStream> input = InputStream::open(path);
  ASSERT_TRUE(input);
  ConfigStream stream(std::move(*input), "export.json", layout, options, progress, limits);
  std::vector<std::thread> threads;
  for (RecordingSink& sink : sinks.subspan(1)) threads.emplace_back([&] { stream.work(sink); });
  stream.work(sinks.front());
  for (std::thread& thread : threads) thread.join();
  stream.finish(sinks.front());
  EXPECT_EQ(progress.bytes_read, content.size());
}

RecordingSink read(std::string_view content, Layout layout = Layout::Items) {
  RecordingSink sink;
  read(content, layout, {&sink, 1});
  return sink;
}

// An item with the members given besides, or instead of, the usual ones.
std::string item(const std::map<std::string, std::string>& members = {}) {
  std::map<std::string, std::string> all = {
      {"configurationItemStatus", R"("OK")"},
      {"configurationItemCaptureTime", R"("2026-03-01T10:20:30.456Z")"},
      {"resourceType", R"("AWS::SageMaker::Model")"},
      {"resourceId", R"("id")"},
      {"resourceName", R"("churn")"},
      {"ARN", R"("arn:aws:sagemaker:eu-west-1:111122223333:model/churn")"},
      {"awsAccountId", R"("111122223333")"},
      {"awsRegion", R"("eu-west-1")"},
      {"tags", R"({"Owner":"a"})"},
      {"configuration", R"({"ModelName":"churn","EnableNetworkIsolation":true})"},
  };
  for (const auto& [name, value] : members) all[name] = value;
  std::string text;
  for (const auto& [name, value] : all) {
    if (value.empty()) continue;  // left out
    text += (text.empty() ? "{\"" : ",\"") + name + "\":" + value;
  }
  return text + "}";
}

TEST(ConfigItem, BecomesAResource) {
  const RecordingSink sink = read(item());
  EXPECT_EQ(sink.gaps, std::vector<std::string>{});
  EXPECT_EQ(sink.resources, std::vector<std::string>{"AWS::SageMaker::Model churn"});
  EXPECT_EQ(sink.arn, "arn:aws:sagemaker:eu-west-1:111122223333:model/churn");
  EXPECT_EQ(sink.identity, "111122223333/eu-west-1/aws");
  EXPECT_EQ(sink.captured_at, "2026-03-01T10:20:30.456Z");
  EXPECT_EQ(sink.file, "export.json");
  EXPECT_EQ(sink.properties, R"({"ModelName":"churn","EnableNetworkIsolation":true})");
  EXPECT_EQ(sink.tags, R"({"Owner":"a"})");
  EXPECT_EQ(joined(sink.unknown), "ModelArn=AWS Config does not record ModelArn");
  EXPECT_EQ(sink.unknown_tags, std::vector<std::string>{});
}

TEST(ConfigItem, IsNamedByWhatItHolds) {
  const std::string arn = R"("arn:aws-cn:sagemaker:cn-north-1:222233334444:model/m")";
  const struct {
    std::string_view name;
    std::map<std::string, std::string> members;
    std::string resource, arn, identity;
  } cases[] = {
      {"the API's names",
       {{"ARN", ""}, {"awsAccountId", ""}, {"arn", arn}, {"accountId", R"("333344445555")"}},
       "churn",
       "arn:aws-cn:sagemaker:cn-north-1:222233334444:model/m",
       "333344445555/eu-west-1/aws-cn"},
      {"account and Region from the ARN",
       {{"ARN", arn}, {"awsAccountId", ""}, {"awsRegion", ""}},
       "churn",
       "arn:aws-cn:sagemaker:cn-north-1:222233334444:model/m",
       "222233334444/cn-north-1/aws-cn"},
      {"the id is an ARN",
       {{"ARN", ""}, {"resourceId", arn}, {"awsAccountId", ""}, {"awsRegion", ""}},
       "churn",
       "arn:aws-cn:sagemaker:cn-north-1:222233334444:model/m",
       "222233334444/cn-north-1/aws-cn"},
      {"the ARN is in the configuration",
       {{"ARN", ""}, {"configuration", R"({"Id":"arn:aws:sagemaker:x:1:model/y"})"}},
       "churn",
       "arn:aws:sagemaker:x:1:model/y",
       "111122223333/eu-west-1/aws"},
      {"no ARN",
       {{"ARN", ""}, {"awsAccountId", ""}, {"awsRegion", ""}},
       "churn",
       "",
       "999999999999/eu-north-1/aws"},
      {"partition from the Region",
       {{"ARN", ""}, {"awsRegion", R"("us-gov-west-1")"}},
       "churn",
       "arn:aws-us-gov:sagemaker:us-gov-west-1:111122223333:model/churn",
       "111122223333/us-gov-west-1/aws-us-gov"},
      {"name from the configuration",
       {{"resourceName", ""}, {"configuration", R"({"ModelName":"own"})"}},
       "own",
       "arn:aws:sagemaker:eu-west-1:111122223333:model/churn",
       "111122223333/eu-west-1/aws"},
      {"name from the id",
       {{"resourceName", "null"}, {"configuration", "{}"}},
       "id",
       "arn:aws:sagemaker:eu-west-1:111122223333:model/churn",
       "111122223333/eu-west-1/aws"},
      {"a name that is none",
       {{"ARN", ""}, {"resourceName", R"("a/b")"}, {"configuration", "{}"}},
       "a/b",
       "",
       "111122223333/eu-west-1/aws"},
      {"an ARN that ends in an id, which is not there",
       {{"resourceType", R"("AWS::SageMaker::Domain")"}, {"ARN", ""}},
       "churn",
       "",
       "111122223333/eu-west-1/aws"},
      {"an ARN that ends in an id",
       {{"resourceType", R"("AWS::SageMaker::Domain")"},
        {"ARN", ""},
        {"configuration", R"({"DomainId":"d-1"})"}},
       "churn",
       "arn:aws:sagemaker:eu-west-1:111122223333:domain/d-1",
       "111122223333/eu-west-1/aws"},
      {"a type without tables",
       {{"resourceType", R"("AWS::S3::Bucket")"}, {"ARN", ""}},
       "churn",
       "",
       "111122223333/eu-west-1/aws"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const RecordingSink sink = read(item(c.members));
    EXPECT_EQ(sink.gaps, std::vector<std::string>{});
    ASSERT_EQ(sink.resources.size(), 1U);
    EXPECT_EQ(sink.resources[0].substr(sink.resources[0].find(' ') + 1), c.resource);
    EXPECT_EQ(sink.arn, c.arn);
    EXPECT_EQ(sink.identity, c.identity);
  }
}

// Two resources under one identity would count as two states of one.
TEST(ConfigItem, IsToldFromOthersOfItsName) {
  const auto id_without = [](std::initializer_list<const char*> names) {
    std::map<std::string, std::string> bucket = {{"resourceType", R"("AWS::S3::Bucket")"}};
    for (const char* name : names) bucket[name] = "";
    return read(R"({"configurationItems":[)" + item() + "," + item(bucket) + "]}").id;
  };
  EXPECT_EQ(id_without({"ARN"}), "id");
  EXPECT_EQ(id_without({"ARN", "awsAccountId"}), "item-1.2");
  EXPECT_EQ(id_without({"ARN", "awsRegion"}), "item-1.2");
  EXPECT_EQ(id_without({"ARN", "resourceName", "resourceId"}), "item-1.2");
}

TEST(ConfigItem, OnlyWhatExistsIsJudged) {
  const struct {
    std::string status;
    std::string outcome;
  } cases[] = {
      {R"("OK")", "resource"},
      {R"("ResourceDiscovered")", "resource"},
      {R"("Ok")", "resource"},
      {R"("Discovered")", "resource"},
      {"", "resource"},
      {"null", "resource"},
      {R"("ResourceDeleted")", "deleted AWS::SageMaker::Model"},
      {R"("ResourceDeletedNotRecorded")", "deleted AWS::SageMaker::Model"},
      {R"("Deleted")", "deleted AWS::SageMaker::Model"},
      {R"("ResourceNotRecorded")", "not recorded AWS::SageMaker::Model"},
      {R"("Failed")",
       "UNKNOWN_STATUS: item 1, at byte 0: the configurationItemStatus \"Failed\" is not known"},
      {"7", "UNKNOWN_STATUS: item 1, at byte 0: the configurationItemStatus \"\" is not known"},
  };
  for (const auto& c : cases) {
    RecordingSink sink = read(item({{"configurationItemStatus", c.status}}));
    std::vector<std::string> all = sink.passed;
    all.insert(all.end(), sink.gaps.begin(), sink.gaps.end());
    if (!sink.resources.empty()) all.emplace_back("resource");
    EXPECT_EQ(joined(all), c.outcome) << c.status;
    // A later deletion supersedes earlier states, so it must say of what and when.
    const bool gone = c.outcome.starts_with("deleted");
    EXPECT_EQ(sink.arn.empty(), !gone && sink.resources.empty());
    EXPECT_EQ(sink.captured_at.empty(), !gone && sink.resources.empty());
  }
  const std::string status = R"({"NotebookInstanceStatus":"Deleting"})";
  EXPECT_EQ(joined(read(item({{"configuration", status}})).passed),
            "being deleted AWS::SageMaker::Model");
  const RecordingSink gone =
      read(item({{"configurationItemStatus", R"("ResourceDeleted")"}, {"configuration", "null"}}));
  EXPECT_EQ(gone.arn, "arn:aws:sagemaker:eu-west-1:111122223333:model/churn");
  EXPECT_EQ(gone.gaps.size(), 0U);
  EXPECT_EQ(joined(read(item({{"resourceType", R"("AWS::SageMaker::Image")"}})).passed),
            "other type");
  EXPECT_EQ(joined(read(item({{"resourceType", R"("AWS::EC2::Instance")"}})).passed), "other type");
}

TEST(ConfigItem, ConfigurationAsObjectOrText) {
  const struct {
    std::string configuration;
    std::string properties;
    std::string unknown;
    std::string gap;
  } cases[] = {
      {R"({"ModelArn":"a"})", R"({"ModelArn":"a"})", "", ""},
      {R"("{\"ModelArn\":\"a\"}")", R"({"ModelArn":"a"})", "", ""},
      {R"("{\"ModelArn\":\"\u00e4\"}")", R"({"ModelArn":"ä"})", "", ""},
      {"", "{}", "*=the item has no configuration", ""},
      {"null", "{}", "*=the item has no configuration", ""},
      {R"("")", "{}", "*=the item has no configuration", ""},
      {R"("null")", "{}", "*=the item has no configuration", ""},
      {R"("{")", "", "", "PARSE_ERROR: item 1, at byte 0: configuration: JSON:"},
      {"[]", "", "", "PARSE_ERROR: item 1, at byte 0: configuration is no object"},
      {"1", "", "", "PARSE_ERROR: item 1, at byte 0: configuration is no object"},
      {R"("[1]")", "", "", "PARSE_ERROR: item 1, at byte 0: configuration is no object"},
      {R"({"a":{"b":1,"b":2}})", "", "",
       "DUPLICATE_KEY: item 1, at byte 0: \"configuration.a.b\" is given twice"},
      {R"("{\"a\":1,\"a\":2}")", "", "",
       "DUPLICATE_KEY: item 1, at byte 0: \"configuration.a\" is given twice"},
      {R"({"a":18446744073709551616})", "", "", "does not fit 64 bits"},
      {R"({"a":18446744073709551615,"ModelArn":1})", R"({"a":18446744073709551615,"ModelArn":1})",
       "", ""},
      {"{\"a\":\"\xff\"}", "", "", "PARSE_ERROR: item 1, at byte 0: JSON:"},
      {std::string("{\"a\":\"\0\"}", 9), "", "", "PARSE_ERROR: item 1, at byte 0: JSON:"},
      {R"({"a":[}])", "", "", "PARSE_ERROR: item 1, at byte 0: JSON:"},
      {std::string(600, '[') + std::string(600, ']'), "", "", "nested more than 512 levels deep"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.configuration);
    const RecordingSink sink = read(item({{"configuration", c.configuration}}));
    EXPECT_EQ(sink.resources.size(), c.gap.empty() ? 1U : 0U);
    EXPECT_EQ(sink.properties, c.properties);
    EXPECT_EQ(joined(sink.unknown), c.unknown);
    EXPECT_EQ(sink.gaps.size(), c.gap.empty() ? 0U : 1U);
    EXPECT_NE(joined(sink.gaps).find(c.gap), std::string::npos) << joined(sink.gaps);
  }
}

TEST(ConfigItem, TagsThatAreNotThereAreUnknown) {
  const struct {
    std::string tags;
    std::string want;
    std::string unknown;
    std::string gap;
  } cases[] = {
      {"{}", "{}", "", ""},
      {R"({"a":"b"})", R"({"a":"b"})", "", ""},
      {"", "{}", "*=the item does not say which tags it has", ""},
      {"null", "{}", "*=the item does not say which tags it has", ""},
      {"7", "{}", "*=the item's tags are no object", ""},
      {R"([{"key":"a","value":"b","tag":"a=b"},{"key":"c","value":"d"}])", R"({"a":"b","c":"d"})",
       "", ""},
      {"[]", "{}", "", ""},
      {R"({"a":"b","a":"c"})", "", "", "\"tags.a\" is given twice"},
      {R"([{"key":"a","value":"b"},{"key":"a","value":"c"}])", "", "", "\"tags.a\" is given twice"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.tags);
    const RecordingSink sink = read(item({{"tags", c.tags}}));
    EXPECT_EQ(sink.tags, c.want);
    EXPECT_EQ(joined(sink.unknown_tags), c.unknown);
    EXPECT_EQ(sink.gaps.size(), c.gap.empty() ? 0U : 1U);
    EXPECT_NE(joined(sink.gaps).find(c.gap), std::string::npos) << joined(sink.gaps);
  }
}

TEST(ConfigItem, WhatConfigDoesNotRecordIsUnknown) {
  const RecordingSink group =
      read(item({{"resourceType", R"("AWS::SageMaker::FeatureGroup")"},
                 {"configuration", R"({"OnlineStoreConfig":{"EnableOnlineStore":true}})"}}));
  EXPECT_NE(joined(group.unknown).find("OnlineStoreConfig.StorageType=AWS Config does not record"),
            std::string::npos)
      << joined(group.unknown);
  // Its parent is recorded and absent, so that it cannot be set.
  EXPECT_EQ(joined(group.unknown).find("OfflineStoreConfig"), std::string::npos);
  const RecordingSink job =
      read(item({{"resourceType", R"("AWS::SageMaker::ModelBiasJobDefinition")"}}));
  EXPECT_EQ(joined(job.unknown),
            "?=AWS Config does not say what it records of AWS::SageMaker::ModelBiasJobDefinition");
}

TEST(ConfigItem, ANameGivenTwiceIsAGap) {
  std::string twice = item();
  twice.back() = ',';
  EXPECT_EQ(joined(read(twice + R"("awsRegion":"x"})").gaps),
            "DUPLICATE_KEY: item 1, at byte 0: \"awsRegion\" is given twice");
  EXPECT_EQ(joined(read(twice + R"("resourceType":"AWS::EC2::Instance"})").gaps),
            "DUPLICATE_KEY: item 1, at byte 0: \"resourceType\" is given twice");
  // Whichever comes first, and whatever else is given twice before it.
  for (const std::string_view type : {R"("AWS::EC2::Instance")", "7"}) {
    const std::string text =
        R"({"ARN":1,"ARN":2,"resourceType":)" + std::string(type) + "," + item().substr(1);
    EXPECT_EQ(joined(read(text).gaps),
              "DUPLICATE_KEY: item 1, at byte 0: \"resourceType\" is given twice");
  }
}

TEST(ConfigItem, CaptureTimeMayBeANumber) {
  const struct {
    std::string time;
    std::string want;
  } cases[] = {
      {"1772360430", "2026-03-01T10:20:30Z"},
      {"1772360430.789", "2026-03-01T10:20:30Z"},
      {"-1", ""},
      {"1e300", ""},
      {"null", ""},
      {"{}", ""},
      {"", ""},
      {R"("2026-03-01T10:20:30+01:00")", "2026-03-01T10:20:30+01:00"},
  };
  for (const auto& c : cases) {
    const RecordingSink sink = read(item({{"configurationItemCaptureTime", c.time}}));
    EXPECT_EQ(sink.captured_at, c.want) << c.time;
    EXPECT_EQ(sink.resources.size(), 1U);
  }
}

std::string as_text(std::string_view text) {
  std::string out;
  json::append_quoted(out, text);
  return out;
}

TEST(ConfigEnvelope, ItemsAreFoundInside) {
  const std::string notification = R"({"messageType":"ConfigurationItemChangeNotification",)"
                                   R"("configurationItemDiff":null,"configurationItem":)" +
                                   item() + "}";
  const std::string event = R"({"source":"aws.config","detail":)" + notification + "}";
  const std::string sns = R"({"Type":"Notification","Message":)" + as_text(notification) + "}";
  const std::string text_item = item({{"configuration", R"("{\"ModelArn\":1}")"}, {"ARN", ""}});
  const struct {
    std::string_view name;
    std::string text;
    size_t resources;
    std::string gap;
  } cases[] = {
      {"notification", notification, 1, ""},
      {"EventBridge", event, 1, ""},
      {"SNS", sns, 1, ""},
      {"SNS to Lambda", R"({"Records":[{"Sns":)" + sns + "},{\"Sns\":" + sns + "}]}", 2, ""},
      {"SNS to SQS to Lambda", R"({"Records":[{"body":)" + as_text(sns) + "}]}", 1, ""},
      {"SQS messages", R"({"Messages":[{"Body":)" + as_text(event) + "}]}", 1, ""},
      {"custom rule", R"({"version":"1.0","invokingEvent":)" + as_text(notification) + "}", 1, ""},
      {"Message as an object", R"({"Message":)" + notification + "}", 1, ""},
      {"batch-get-resource-config",
       R"({"baseConfigurationItems":[)" + text_item + "," + text_item +
           R"(],"unprocessedResourceKeys":[]})",
       2, ""},
      {"batch-get-aggregate-resource-config", R"({"BaseConfigurationItems":[)" + text_item + "]}",
       1, ""},
      {"get-aggregate-resource-config", R"({"ConfigurationItem":)" + text_item + "}", 1, ""},
      {"a list of items in a list", R"([{"configurationItems":[)" + item() + "]}]", 1, ""},
      {"not all answered",
       R"({"baseConfigurationItems":[],"unprocessedResourceKeys":[{"resourceType":"AWS::SageMaker::Model",)"
       R"("resourceId":"lost"},{"resourceType":"AWS::EC2::Instance","resourceId":"i"}]})",
       0,
       "UNPROCESSED: item 1, element 1, at byte 0: AWS Config gave no answer for "
       "AWS::SageMaker::Model lost"},
      {"not all answered, aggregate",
       R"({"UnprocessedResourceIdentifiers":[{"ResourceType":"AWS::SageMaker::Model","ResourceId":"lost"}]})",
       0, "AWS::SageMaker::Model lost"},
      {"a page of many", R"({"baseConfigurationItems":[],"nextToken":"x"})", 0, "INCOMPLETE"},
      {"SNS with other text", R"({"Type":"Notification","Message":"hello"})", 0,
       "PARSE_ERROR: item 1, at byte 0: the text inside: JSON:"},
      {"an event of something else", R"({"source":"aws.sagemaker","detail":{"EndpointName":"x"}})",
       0, "NOT_RECOGNISED: item 1, at byte 0: neither a configuration item"},
      {"no object inside", R"({"detail":7})", 0, "NOT_RECOGNISED"},
      {"no list inside", R"({"Records":7})", 0, "PARSE_ERROR"},
      {"nothing", "{}", 0, "NOT_RECOGNISED"},
      {"type is no text", R"({"resourceType":7})", 0, "NOT_RECOGNISED"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const RecordingSink sink = read(c.text);
    EXPECT_EQ(sink.resources.size(), c.resources);
    EXPECT_EQ(sink.gaps.size(), c.gap.empty() ? 0U : 1U) << joined(sink.gaps);
    EXPECT_NE(joined(sink.gaps).find(c.gap), std::string::npos) << joined(sink.gaps);
  }
}

TEST(ConfigEnvelope, EnvelopesInEnvelopesEnd) {
  std::string text = item();
  for (size_t level = 1; level <= 12; ++level) {
    text = R"({"detail":)" + text + "}";
    const RecordingSink sink = read(text);
    EXPECT_EQ(sink.resources.size(), level <= 8 ? 1U : 0U) << level;
    EXPECT_EQ(sink.gaps.size(), level <= 8 ? 0U : 1U) << level;
  }
}

TEST(ConfigEnvelope, NotificationsWithoutItem) {
  const std::string oversized =
      R"({"messageType":"OversizedConfigurationItemChangeNotification","configurationItemSummary":)"
      R"({"changeType":"UPDATE","resourceType":"AWS::SageMaker::Model","ARN":"arn:x"},)"
      R"("s3DeliverySummary":{"s3BucketLocation":"bucket/key.json.gz"}})";
  const auto replaced = [&](std::string_view from, std::string_view to) {
    std::string text = oversized;
    return text.replace(text.find(from), from.size(), to);
  };
  const struct {
    std::string text;
    std::string outcome;
  } cases[] = {
      {oversized,
       "OVERSIZED: item 1, at byte 0: the item of arn:x was too large for its notification; read "
       "it "
       "from bucket/key.json.gz"},
      {replaced("s3BucketLocation", "none"),
       "OVERSIZED: item 1, at byte 0: the item of arn:x was too large for its "
       "notification; read it with batch-get-resource-config"},
      {replaced("UPDATE", "DELETE"), "deleted AWS::SageMaker::Model"},
      {replaced("SageMaker", "EC2"), "other type"},
      {R"({"messageType":"ConfigurationSnapshotDeliveryCompleted","configSnapshotId":"x"})",
       "notification without an item"},
  };
  for (const auto& c : cases) {
    const RecordingSink sink = read(c.text);
    std::vector<std::string> all = sink.gaps;
    all.insert(all.end(), sink.passed.begin(), sink.passed.end());
    EXPECT_EQ(joined(all), c.outcome);
    EXPECT_EQ(sink.resources.size(), 0U);
  }
}

TEST(ConfigQuery, PartsOfAConfigurationDoNotTellWhatIsNotSet) {
  const auto query = [](std::string_view results, std::string_view field) {
    return R"({"Results":[)" + std::string(results) +
           R"(],"QueryInfo":{"SelectFields":[{"Name":"resourceType"},{"Name":")" +
           std::string(field) + "\"}]}}";
  };
  const std::string result = as_text(
      R"({"resourceType":"AWS::SageMaker::Model","resourceId":"m","tags":[{"key":"a","value":"b"}],)"
      R"("configuration":{"ModelName":"m"}})");
  const RecordingSink whole = read(query(result + "," + result, "configuration"));
  EXPECT_EQ(whole.resources.size(), 2U);
  EXPECT_EQ(joined(whole.unknown), "ModelArn=AWS Config does not record ModelArn");
  EXPECT_EQ(whole.tags, R"({"a":"b"})");
  const RecordingSink part = read(query(result, "configuration.ModelName"));
  EXPECT_EQ(joined(part.unknown), "?=the query may not have asked for it");
  const std::string bucket =
      as_text(R"({"resourceType":"AWS::S3::Bucket","configuration":{"a":1}})");
  EXPECT_EQ(joined(read(query(bucket, "configuration.a")).unknown),
            "?=the query asked for a part of the configuration only");
  EXPECT_EQ(joined(read(query(R"("{\"COUNT(*)\":5}")", "COUNT(*)")).gaps).substr(0, 14),
            "NOT_RECOGNISED");
  EXPECT_EQ(joined(read(R"({"Results":7})").gaps),
            "PARSE_ERROR: item 1, at byte 0: Results is no list");
  EXPECT_EQ(joined(read(query("7", "configuration")).gaps).substr(0, 11), "PARSE_ERROR");
}

TEST(ConfigStream, BrokenItemsAreGapsAndTheOthersGoOn) {
  const std::string broken = R"({"resourceType":"AWS::SageMaker::Model","ARN":})";
  const std::string other = R"({"resourceType":"AWS::EC2::Instance","ARN":})";
  const std::string text =
      R"({"configurationItems":[)" + item() + "," + broken + "," + other + "," + item() + "]}";
  const RecordingSink sink = read(text, Layout::Wrapped);
  EXPECT_EQ(sink.resources.size(), 2U);
  ASSERT_EQ(sink.gap_list.size(), 1U);
  const Gap& gap = sink.gap_list[0];
  EXPECT_EQ(gap.kind, Gap::Kind::Item);
  EXPECT_EQ(gap.code, "PARSE_ERROR");
  EXPECT_EQ(gap.location.file, "export.json");
  EXPECT_EQ(gap.location.address, "item 2");
  const std::string where =
      "item 2, at byte " + std::to_string(text.find(broken)) + ": JSON: line 1, column ";
  EXPECT_EQ(gap.message.substr(0, where.size()), where);
  // What is broken in something that nobody asked for is no gap.
  EXPECT_EQ(joined(sink.passed), "other type");
}

TEST(ConfigStream, AFileOfNothingButErrorsFillsNoMemory) {
  std::string text = R"({"configurationItems":[1)";
  for (int i = 1; i < 5000; ++i) text += ",1";
  const RecordingSink sink = read(text + "]}", Layout::Wrapped);
  ASSERT_EQ(sink.gaps.size(), kMaxFileGaps + 1);
  EXPECT_NE(sink.gaps.back().find("4000 more parts"), std::string::npos) << sink.gaps.back();
}

TEST(ConfigStream, TruncatedFilesGiveWhatIsWhole) {
  std::string text = R"({"configurationItems":[)";
  for (int i = 0; i < 2000; ++i)
    text += item({{"resourceId", "\"" + std::to_string(i * 7919) + "\""}}) + ",";
  const RecordingSink cut = read(text, Layout::Wrapped);
  EXPECT_EQ(cut.resources.size(), 2000U);
  EXPECT_EQ(joined(cut.gaps).substr(0, 10), "TRUNCATED:");
  const std::string packed = gzip(text);
  const RecordingSink cut_gzip = read(packed.substr(0, packed.size() / 2), Layout::Wrapped);
  EXPECT_GT(cut_gzip.resources.size(), 500U);
  ASSERT_EQ(cut_gzip.gaps.size(), 1U);
  EXPECT_NE(cut_gzip.gaps[0].find("gzip: the file is truncated"), std::string::npos);
  std::string damaged = gzip(text + "{}]}");
  damaged[damaged.size() - 5] = static_cast<char>(damaged[damaged.size() - 5] ^ 1);
  const RecordingSink bad = read(damaged, Layout::Wrapped);
  ASSERT_EQ(bad.gaps.size(), 1U) << joined(bad.gaps);
  EXPECT_EQ(bad.gaps[0].substr(0, 11), "UNREADABLE:");
}

RecordingSink together(std::span<const RecordingSink> sinks) {
  RecordingSink all;
  for (const RecordingSink& sink : sinks) {
    all.resources.insert(all.resources.end(), sink.resources.begin(), sink.resources.end());
    all.gaps.insert(all.gaps.end(), sink.gaps.begin(), sink.gaps.end());
  }
  return all;
}

TEST(ConfigStream, WorkersShareAFile) {
  std::string text = R"({"configurationItems":[)";
  std::vector<std::string> want;
  for (int i = 0; i < 3000; ++i) {
    const std::string name = "m" + std::to_string(i);
    text += (i > 0 ? "," : "") + item({{"resourceName", "\"" + name + "\""}});
    if (i % 500 == 0) text += ",7";
    want.push_back("AWS::SageMaker::Model " + name);
  }
  text += "]}";
  for (const size_t workers : {size_t{1}, size_t{2}, size_t{5}}) {
    for (const size_t block : {size_t{64}, size_t{1000}, size_t{256} * 1024}) {
      for (const std::string& content : {text, gzip(text)}) {
        std::vector<RecordingSink> sinks(workers);
        read(content, Layout::Wrapped, sinks, {.block_bytes = block});
        const RecordingSink all = together(sinks);
        EXPECT_EQ(joined(all.resources), joined(want)) << workers << " " << block;
        EXPECT_EQ(all.gaps.size(), 6U);
      }
    }
  }
}

TEST(ConfigStream, ItemsBeyondTheLimitAreGaps) {
  const std::string large = item({{"resourceName", "\"" + std::string(5000, 'x') + "\""}});
  RecordingSink sink;
  read(item() + "\n" + large + "\n" + item(), Layout::Items, {&sink, 1},
       {.block_bytes = 512, .max_item_bytes = large.size() - 1});
  EXPECT_EQ(sink.resources.size(), 2U);
  ASSERT_EQ(sink.gaps.size(), 1U);
  EXPECT_EQ(sink.gaps[0].substr(0, 18), "OVERSIZED: item 2,");
  RecordingSink fits;
  read(large, Layout::Items, {&fits, 1}, {.block_bytes = 512, .max_item_bytes = large.size()});
  EXPECT_EQ(fits.resources.size(), 1U);
}

// Asks to stop as soon as the first resource comes.
class StoppingSink final : public RecordingSink {
 public:
  explicit StoppingSink(Progress& progress) : progress_(progress) {}
  void resource(const Resource& resource) override {
    RecordingSink::resource(resource);
    progress_.stop = true;
  }

 private:
  Progress& progress_;
};

TEST(ConfigStream, StopsWithinAnItem) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += item() + "\n";
  SourceOptions options;
  options.types = kTypes;
  Progress progress;
  Result<InputStream> input = InputStream::open(write_file(text));
  ConfigStream stream(std::move(*input), "x", Layout::Items, options, progress);
  StoppingSink sink(progress);
  stream.work(sink);
  EXPECT_EQ(sink.resources.size(), 1U);
  EXPECT_EQ(sink.gaps.size(), 0U);
}

}  // namespace
}  // namespace sagewarden::config
