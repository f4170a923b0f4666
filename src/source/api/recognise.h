// What one JSON value of API output is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"
#include "model/arn.h"
#include "source/types/shape.h"

namespace sagewarden::api {

struct Recognised {
  enum class Kind : uint8_t {
    Describe,  // the output of a Describe call: shape and arn are set
    Summary,   // an element of a List call's output: names, and no settings
    List,      // the output of a List call: `list` is set, and shape for elements that we know
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
  bool goes_on = false;  // of List and Search: there are further pages
  std::string_view code = {};
  std::string_view message = {};
};

// Whether the output is one page of several.
bool goes_on(json::Value output);

// Views into the value.
Recognised recognise(json::Value value);

}  // namespace sagewarden::api
