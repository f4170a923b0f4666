#include "publish/bucket.h"

#include <fmt/format.h>

#include <mutex>
#include <optional>

#include "aws/s3.h"
#include "base/json_writer.h"
#include "base/pool.h"
#include "base/text.h"

namespace sagewarden::publish {
namespace {

constexpr size_t kThreads = 8;

std::string input_of(const Bucket& bucket, const std::string& name, std::string_view type) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().member("Bucket", bucket.name).member("Key", bucket.prefix + name);
  // Where the answer to a first attempt was lost, the second is told that it is there.
  writer.member("ContentType", type).member("IfNoneMatch", "*");
  if (!bucket.kms_key.empty())
    writer.member("ServerSideEncryption", "aws:kms").member("SSEKMSKeyId", bucket.kms_key);
  if (!bucket.owner.empty()) writer.member("ExpectedBucketOwner", bucket.owner);
  writer.end_object();
  return out;
}

std::string why(const Bucket& bucket, const aws::CallError& error) {
  std::string out = failure_text(error);
  if (error.kind == aws::CallError::Kind::Denied && !bucket.kms_key.empty())
    out += " and, with the key, kms:GenerateDataKey";
  if (error.message.find("the bucket is in ") != std::string::npos) out += "; say so with --region";
  return out;
}

class Store {
 public:
  Store(const Bucket& bucket, const CallAws& call) : bucket_(bucket), call_(call) {}

  void put(const ReportFile& file, std::string_view type) {
    aws::Call call{"s3", "PutObject", bucket_.region, "", input_of(bucket_, file.name, type)};
    call.body = file.content;
    call.credentials = bucket_.credentials;
    const aws::Answer answer = call_(std::move(call));
    const bool is_there = !answer && answer.error().code == "PreconditionFailed";
    const std::scoped_lock lock(mutex_);
    if (answer)
      ++outcome_.written;
    else if (is_there)
      ++outcome_.there;
    else if (!failure_)
      failure_ = Error{aws::to_error(answer.error()).code,
                       fmt::format("s3://{}/{}{} is not stored: {}", bucket_.name, bucket_.prefix,
                                   file.name, why(bucket_, answer.error()))};
  }

  bool has_failed() {
    const std::scoped_lock lock(mutex_);
    return failure_.has_value();
  }
  Result<FilesOutcome> outcome() {
    if (failure_) return tl::make_unexpected(*failure_);
    return outcome_;
  }

 private:
  const Bucket& bucket_;
  const CallAws& call_;
  std::mutex mutex_;
  FilesOutcome outcome_;
  std::optional<Error> failure_;  // the first
};

}  // namespace

Result<Bucket> parse_bucket(std::string_view url) {
  constexpr std::string_view kScheme = "s3://";
  Bucket bucket;
  const std::string_view rest = url.starts_with(kScheme) ? url.substr(kScheme.size()) : "";
  bucket.name = rest.substr(0, rest.find('/'));
  bucket.prefix = rest.substr(std::min(rest.size(), bucket.name.size() + 1));
  if (!aws::is_bucket(bucket.name))
    return fail(Error::Code::Invalid,
                fmt::format("'{}' is not s3://BUCKET or s3://BUCKET/PREFIX", printable(url)));
  if (!bucket.prefix.empty() && bucket.prefix.back() != '/') bucket.prefix += '/';
  return bucket;
}

Result<FilesOutcome> store_files(const Bucket& bucket, const ReportFiles& files,
                                 const CallAws& call) {
  Store store(bucket, call);
  {
    Pool pool(kThreads);
    for (const ReportFile& file : files.files) {
      if (store.has_failed()) break;
      pool.run([&store, &file] { store.put(file, "application/x-ndjson"); });
    }
  }
  if (!store.has_failed()) store.put(files.manifest, "application/json");
  return store.outcome();
}

}  // namespace sagewarden::publish
