#include <fmt/format.h>

#include "aws/digest.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "model/arn.h"
#include "publish/notify.h"

namespace sagewarden::publish {

Result<Topic> parse_topic(std::string_view text) {
  const Result<Arn> arn = parse_arn(text);
  const bool is_topic = arn && arn->service == "sns" && !arn->region.empty() &&
                        arn->account_id.size() == 12 && !arn->resource.empty() &&
                        arn->resource.find(':') == std::string_view::npos;
  if (!is_topic)
    return fail(Error::Code::Invalid, fmt::format("'{}' is no ARN of an SNS topic, such as "
                                                  "arn:aws:sns:eu-west-1:111122223333:findings",
                                                  printable(text)));
  return Topic{std::string(text), std::string(arn->region), std::string(arn->account_id)};
}

Result<void> send_to_topic(const Topic& topic, const Summary& summary,
                           aws::CredentialCache* credentials, const CallAws& call) {
  // SNS picks the message by what subscribes; those for which there is none get the default.
  std::string message;
  json::Writer(message)
      .begin_object()
      .member("default", summary_json(summary))
      .member("email", summary_text(summary))
      .member("sms", summary_line(summary))
      .end_object();
  std::string input;
  json::Writer writer(input);
  writer.begin_object().member("TopicArn", topic.arn).member("Subject", summary_line(summary));
  writer.member("Message", message).member("MessageStructure", "json");
  if (topic.arn.ends_with(".fifo"))
    writer.member("MessageGroupId", "sagewarden")
        .member("MessageDeduplicationId", aws::sha256_hex(message));
  writer.end_object();
  aws::Call made{"sns", "Publish", topic.region, topic.account, std::move(input)};
  made.credentials = credentials;
  const aws::Answer answer = call(std::move(made));
  if (!answer)
    return fail(aws::to_error(answer.error()).code,
                fmt::format("the summary is not published: {}", failure_text(answer.error())));
  if (answer->root["MessageId"].string_or("").empty())
    return fail(Error::Code::Io,
                "the summary is perhaps not published: sns:Publish answers without a MessageId");
  return {};
}

}  // namespace sagewarden::publish
