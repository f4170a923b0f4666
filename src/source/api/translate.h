// From the Describe output's names to CloudFormation's, by the tables of source/types.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/json.h"
#include "model/unknown.h"
#include "source/types/shape.h"

namespace sagewarden::api {

// Appends the JSON object of the resource's properties. Members without a row keep their names, so
// that users' controls can be about them; what is null is left out, as some SDKs write what is not
// set that way; Tags and ResponseMetadata are no properties.
void append_properties(std::string& out, json::Value describe, const TypeShape& shape);

// So many places are marked; beyond that the whole resource is unknown.
inline constexpr size_t kMostLeftOut = 4096;

// Marks what Describe always returns and these properties do not have: whoever made the export left
// it out.
void mark_left_out(UnknownNode& unknown, json::Value properties, const TypeShape& shape);

}  // namespace sagewarden::api
