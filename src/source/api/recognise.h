// What one JSON value of API output is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "model/arn.h"
#include "source/types/shape.h"

namespace sagewarden::api {

struct Recognised {
  enum class Kind : uint8_t {
    Describe,  // the output of a Describe call: shape and arn are set
    Summary,   // an element of a List call's output: names, and no settings
    List,      // the output of List calls: what it holds say lists_in() and failure_in()
    Search,    // the output of `aws sagemaker search`: `list` is set
    Tags,      // list-tags output: {"Tags": […]}
    TagIndex,  // tags by ARN, in one of the forms of source/api/tags.h
    Failure,   // an error of the API: `code` and `message` are set
    Other,     // a SageMaker resource that cannot be read, as its type has no table or its members
               // go by other names than the API's: `type` and arn are set
    Nothing,
  };
  Kind kind = Kind::Nothing;
  const TypeShape* shape = nullptr;
  Arn arn = {};
  std::string_view arn_text = {};
  std::string type = {};
  json::Value list = {};
  bool goes_on = false;  // of Search and lists: there are further pages
  std::string_view code = {};
  std::string_view message = {};
};

// Whether the output is one page of several.
bool goes_on(json::Value output);

// Views into the value.
Recognised recognise(json::Value value);

// What stands in the output of a List call, or in that of several which a script has joined.
struct Lists {
  std::vector<Recognised> lists;  // `list` and `type` are set, and shape for elements that we know
  std::optional<Recognised> failure;
  bool more = false;  // a member that is none of an output's, and not empty
};
Lists lists_in(json::Value output);

}  // namespace sagewarden::api
