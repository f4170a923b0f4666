// One resource as a Describe call says it, made the one shape: the same whether the output was
// saved to a file or has just come from AWS.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "model/arn.h"
#include "model/resource.h"
#include "source/types/shape.h"

namespace sagewarden::api {

struct ResourceTags {
  std::string object = "{}";     // JSON, key → value
  std::string why_unknown = {};  // empty: they are known
  UnknownCause cause = UnknownCause::NotExported;
};

// Makes one resource after the other, and reuses its memory.
class Described {
 public:
  // Valid until the next call, and as long as what is given here. The caller adds the location.
  Result<Resource> make(json::Value describe, const TypeShape& shape, const Arn& arn,
                        std::string_view arn_text, const ResourceTags& tags);

 private:
  json::Parser parser_;
  std::string text_;
  UnknownNode unknown_;
  UnknownNode unknown_tags_;
};

}  // namespace sagewarden::api
