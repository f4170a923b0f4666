#include "aws/call_error.h"

#include <gtest/gtest.h>

namespace sagewarden::aws {
namespace {

using Kind = CallError::Kind;

TEST(CallError, KindsByCode) {
  const struct {
    std::string_view code, message;
    int status;
    Kind want;
  } cases[] = {
      {"AccessDeniedException", "", 400, Kind::Denied},
      {"InvalidVpcEndpointId.NotFound", "", 400, Kind::NotFound},
      {"UnauthorizedOperation", "", 403, Kind::Denied},
      {"", "", 403, Kind::Denied},
      {"ResourceNotFound", "", 400, Kind::NotFound},
      {"ResourceNotFoundException", "", 400, Kind::NotFound},
      {"ValidationException", "RecordNotFound", 400, Kind::NotFound},
      {"ValidationException", "Could not find model \"m\".", 400, Kind::NotFound},
      {"ValidationException", "1 validation error detected", 400, Kind::Invalid},
      {"UnknownOperationException", "", 404, Kind::NotAvailable},
      {"InvalidAccessException", "", 401, Kind::NotAvailable},
      {"UnrecognizedClientException", "", 403, Kind::Credentials},
      {"ThrottlingException", "", 400, Kind::Throttled},
      {"", "", 429, Kind::Throttled},
      {"ResourceLimitExceeded", "", 400, Kind::Invalid},
      {"InternalFailure", "", 500, Kind::Failed},
      {"", "", 503, Kind::Failed},
      {"", "", 302, Kind::Failed},
  };
  for (const auto& c : cases)
    EXPECT_EQ(kind_of(c.code, c.message, c.status), c.want) << c.code << c.status;
}

TEST(CallError, InOneLine) {
  EXPECT_EQ(describe({.kind = Kind::Denied,
                      .service = "sagemaker",
                      .operation = "ListModels",
                      .region = "eu-west-1",
                      .account = "111122223333",
                      .code = "AccessDeniedException",
                      .message = "not\nyou",
                      .request_id = "r-1",
                      .http_status = 400,
                      .attempts = 1}),
            "sagemaker:ListModels in eu-west-1 of account 111122223333: AccessDeniedException: "
            "not\\x0ayou (HTTP status 400, request r-1)");
  EXPECT_EQ(describe({.service = "sts", .operation = "AssumeRole", .attempts = 3}),
            "sts:AssumeRole: no message (3 attempts)");
  EXPECT_EQ(describe({.service = "sts",
                      .operation = "AssumeRole",
                      .code = "ExpiredToken",
                      .message = "The token has expired",
                      .http_status = 403}),
            "sts:AssumeRole: ExpiredToken: The token has expired; log in again (HTTP status 403)");
  EXPECT_EQ(to_error({.kind = Kind::Throttled}).code, Error::Code::Throttled);
  EXPECT_EQ(to_error({.kind = Kind::Cancelled}).code, Error::Code::Interrupted);
}

}  // namespace
}  // namespace sagewarden::aws
