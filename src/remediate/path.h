// Places in an answer of AWS: "VpcConfig.Subnets[0]", "Tags[Key=Owner].Value" (the first element
// whose member is that text), "Subnets[=subnet-1]" (the first that is that text),
// "endpoints[*].tables[=rtb-1]" (in the first element where the rest leads to something).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/json.h"

namespace sagewarden::remediate {

// Missing where there is nothing.
json::Value at_path(json::Value root, std::string_view path);

// One change to a document. An empty `json` takes the value away; otherwise it is put there, with
// the objects that the way to it lacks. Elements of lists are changed, never added.
struct Edit {
  std::string path;  // of names and positions: "PrimaryContainer.Image", "Containers[1].Image"
  std::string json;
};

// The object as compact JSON with the edits made, in their order of paths given. Members that no
// edit is about stay as they are, whatever they mean.
std::string edited(json::Value object, std::span<const Edit> edits);

// The same value written one way: members sorted by name, so that equal documents are equal texts.
std::string canonical(json::Value value);

// The first path at which the two differ, paths of `ignore` and what lies below them left out;
// empty when nothing does. An index in an ignored path may be `[*]`.
std::string difference(json::Value a, json::Value b, std::span<const std::string> ignore);

}  // namespace sagewarden::remediate
