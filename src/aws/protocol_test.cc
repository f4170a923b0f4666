#include "aws/protocol.h"

#include <gtest/gtest.h>

#include "base/json_writer.h"

namespace sagewarden::aws {
namespace {

TEST(Protocol, Requests) {
  constexpr std::string_view kForm = "application/x-www-form-urlencoded; charset=utf-8";
  const struct {
    std::string_view service, operation, input, line, type, target, body;
  } cases[] = {
      {"sagemaker", "ListModels", R"({"MaxResults":100})", "POST /base/",
       "application/x-amz-json-1.1", "SageMaker.ListModels", R"({"MaxResults":100})"},
      {"sqs", "ReceiveMessage", "{}", "POST /base/", "application/x-amz-json-1.0",
       "AmazonSQS.ReceiveMessage", "{}"},
      {"organizations", "ListAccounts", "{}", "POST /base/", "application/x-amz-json-1.1",
       "AWSOrganizationsV20161128.ListAccounts", "{}"},
      {"application-autoscaling", "DescribeScalableTargets", "{}", "POST /base/",
       "application/x-amz-json-1.1", "AnyScaleFrontendService.DescribeScalableTargets", "{}"},
      {"securityhub", "BatchImportFindings", R"({"Findings":[]})", "POST /base/findings/import",
       "application/json", "", R"({"Findings":[]})"},
      {"sso", "GetRoleCredentials", R"({"role_name":"a b","account_id":"1"})",
       "GET /base/federation/credentials?role_name=a%20b&account_id=1", "", "", ""},
      {"lambda", "GetFunctionConfiguration", R"({"Qualifier":"1","FunctionName":"a/b"})",
       "GET /base/2015-03-31/functions/a%2Fb/configuration?Qualifier=1", "", "", ""},
      {"sts", "GetCallerIdentity", "{}", "POST /base/", kForm, "",
       "Action=GetCallerIdentity&Version=2011-06-15"},
      {"sts", "AssumeRole",
       R"({"RoleArn":"arn:aws:iam::1:role/r","DurationSeconds":900,"Tags":[{"Key":"a&b","Value":""}],
           "PolicyArns":[],"SerialNumber":null})",
       "POST /base/", kForm, "",
       "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&"
       "DurationSeconds=900&Tags.member.1.Key=a%26b&Tags.member.1.Value="},
      {"ec2", "DescribeRegions", R"({"AllRegions":true,"RegionName":["eu-west-1","x"]})",
       "POST /base/", kForm, "",
       "Action=DescribeRegions&Version=2016-11-15&AllRegions=true&RegionName.1=eu-west-1&"
       "RegionName.2=x"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.operation);
    const Result<HttpRequest> got = encode(*find_service(c.service), c.operation, c.input,
                                           {"https://host", "/base", "eu-west-1", ""});
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ(got->method + " " + got->path + (got->query.empty() ? "" : "?" + got->query), c.line);
    HttpResponse headers;  // for its look-up
    headers.headers = got->headers;
    EXPECT_EQ(headers.header("content-type"), c.type);
    EXPECT_EQ(headers.header("x-amz-target"), c.target);
    EXPECT_EQ(got->body, c.body);
  }
}

TEST(Protocol, RequestsThatCannotBe) {
  const Endpoint endpoint{"https://host", "", "eu-west-1", ""};
  EXPECT_FALSE(encode(*find_service("sagemaker"), "ListModels", "[]", endpoint));
  EXPECT_FALSE(encode(*find_service("sagemaker"), "ListModels", "{", endpoint));
  EXPECT_FALSE(encode(*find_service("securityhub"), "ListModels", "{}", endpoint));
  EXPECT_FALSE(encode(*find_service("lambda"), "GetFunctionConfiguration", "{}", endpoint));
}

TEST(Protocol, Answers) {
  const struct {
    std::string_view service, operation, body, want;
  } cases[] = {
      {"sagemaker", "ListModels", R"({"Models":[]})", R"({"Models":[]})"},
      {"securityhub", "DescribeHub", R"({"HubArn":"x"})", R"({"HubArn":"x"})"},
      {"sts", "GetCallerIdentity",
       "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n"
       "  <GetCallerIdentityResult><Arn>arn:aws:sts::1:x</Arn><Account>1</Account>"
       "</GetCallerIdentityResult>\n"
       "  <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>\n"
       "</GetCallerIdentityResponse>",
       R"({"Arn":"arn:aws:sts::1:x","Account":"1"})"},
      {"ec2", "DescribeRegions",
       "<?xml version=\"1.0\"?><DescribeRegionsResponse><requestId>r</requestId><regionInfo>"
       "<item><regionName>eu-west-1</regionName></item></regionInfo></DescribeRegionsResponse>",
       R"({"requestId":"r","regionInfo":[{"regionName":"eu-west-1"}]})"},
  };
  for (const auto& c : cases) {
    HttpResponse response{.status = 200, .headers = {}, .body = std::string(c.body)};
    const auto got = decode(*find_service(c.service), c.operation, response);
    ASSERT_TRUE(got) << got.error().message;
    std::string text;
    json::Writer(text).value(got->root);
    EXPECT_EQ(text, c.want);
  }
}

// Whatever this is, it does not say that there are no models.
TEST(Protocol, AnswersThatAreNone) {
  const struct {
    std::string_view service, operation, body, want;
  } cases[] = {
      {"sagemaker", "ListModels", "", "it is empty"},
      {"sagemaker", "ListModels", "  \n", "it is empty"},
      {"sagemaker", "ListModels", "[]", "it is JSON, but no object"},
      {"sagemaker", "ListModels", "null", "it is JSON, but no object"},
      {"sagemaker", "ListModels", "{\"Models\":[{\"Mod", "it begins with '{\"Models\":[{\"Mod'"},
      {"sagemaker", "ListModels", "<html>Please log in</html>", "it begins with '<html>Please"},
      {"sts", "GetCallerIdentity", "", "it is empty"},
      {"sts", "GetCallerIdentity", "{}", "it begins with '{}'"},
      {"sts", "GetCallerIdentity", "<html><body>Hi</body></html>", "it is a <html>"},
      {"sts", "GetCallerIdentity", "<GetCallerIdentityResponse><GetCallerId", "begins with '<Get"},
      {"sts", "GetCallerIdentity", "<GetCallerIdentityResponse/>", "its result is missing"},
      {"ec2", "DescribeRegions", "<DescribeRegionsResponse/>", "its result is missing"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.body);
    HttpResponse response{.status = 200, .headers = {}, .body = std::string(c.body)};
    const auto got = decode(*find_service(c.service), c.operation, response);
    ASSERT_FALSE(got);
    EXPECT_TRUE(got.error().malformed);
    EXPECT_NE(got.error().message.find(c.want), std::string::npos) << got.error().message;
  }
}

TEST(Protocol, Errors) {
  const struct {
    int status;
    std::string_view type, body, code, message;
  } cases[] = {
      {400, "", R"({"__type":"ThrottlingException","message":"Rate exceeded"})",
       "ThrottlingException", "Rate exceeded"},
      {400, "ValidationException", R"({"__type":"x","Message":"Wrong"})", "ValidationException",
       "Wrong"},
      {400, "", R"({"__type":"com.amazonaws.sqs#QueueDoesNotExist"})", "QueueDoesNotExist", ""},
      {403, "AccessDeniedException:http://internal.amazon.com/coral/", "{\"Message\":\"No\"}",
       "AccessDeniedException", "No"},
      {500, "InternalFailure", "", "InternalFailure", ""},
      {401, "", R"({"error":"invalid_grant","error_description":"expired"})", "invalid_grant",
       "expired"},
      {403, "",
       "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>Not "
       "you</Message></Error><RequestId>r</RequestId></ErrorResponse>",
       "AccessDenied", "Not you"},
      {401, "",
       "<?xml version=\"1.0\"?>\n<Response><Errors><Error><Code>AuthFailure</Code><Message>m"
       "</Message></Error></Errors><RequestID>r</RequestID></Response>",
       "AuthFailure", "m"},
  };
  for (const auto& c : cases) {
    HttpResponse response{.status = c.status, .headers = {}, .body = std::string(c.body)};
    if (!c.type.empty()) response.headers.push_back({"X-Amzn-ErrorType", std::string(c.type)});
    const auto got = decode(*find_service("sagemaker"), "ListModels", response);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, c.code);
    EXPECT_EQ(got.error().message, c.message);
    EXPECT_FALSE(got.error().malformed);
  }
}

TEST(Protocol, ErrorsThatAreNone) {
  const struct {
    int status;
    std::string_view body, want;
  } cases[] = {
      {500, "<!doctype html><h1>Internal Server Error</h1>",
       "HTTP status 500, and it begins with '<!doctype html>"},
      {502, "", "HTTP status 502, and it is empty"},
      {403, "{}", "HTTP status 403, and it begins with '{}'"},
      {302, "<a href='https://portal.example'/>", "HTTP status 302"},
      {500, "{\"__type\":\"Thrott", "HTTP status 500, and it begins with"},
      {403, "<ErrorResponse><Error></Error></ErrorResponse>", "HTTP status 403"},
  };
  for (const auto& c : cases) {
    HttpResponse response{.status = c.status, .headers = {}, .body = std::string(c.body)};
    const auto got = decode(*find_service("sagemaker"), "ListModels", response);
    ASSERT_FALSE(got);
    EXPECT_TRUE(got.error().malformed);
    EXPECT_NE(got.error().message.find(c.want), std::string::npos) << got.error().message;
  }
}

}  // namespace
}  // namespace sagewarden::aws
