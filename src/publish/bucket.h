// Files into an S3 bucket.
#pragma once

#include <string>
#include <string_view>

#include "aws/credential_cache.h"
#include "base/result.h"
#include "publish/call.h"
#include "publish/files.h"

namespace sagewarden::publish {

struct Bucket {
  std::string name;
  std::string prefix;  // of the keys; empty, or ending in '/'
  std::string region;
  std::string kms_key = {};  // to encrypt with; empty: as the bucket is set
  std::string owner = {};    // the account that it must belong to; empty: any
  aws::CredentialCache* credentials = nullptr;
};

// "s3://bucket/prefix".
Result<Bucket> parse_bucket(std::string_view url);

// The manifest last, and not at all when one of the others could not be stored. What is there
// already is left as it is: a key names its content.
Result<FilesOutcome> store_files(const Bucket& bucket, const ReportFiles& files,
                                 const CallAws& call);

}  // namespace sagewarden::publish
