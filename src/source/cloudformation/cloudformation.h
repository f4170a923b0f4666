// CloudFormation templates, JSON and YAML: read_cloudformation() of source/source.h, and how such a
// template is told from other files.
#pragma once

#include <string_view>

#include "base/node.h"

namespace sagewarden {

// Whether a document is a CloudFormation template: it says so (AWSTemplateFormatVersion), or has
// Resources of which one has a type such as AWS::S3::Bucket.
bool is_cloudformation_template(const Node& root);

// The same from the text alone, without reading it in full: for whoever must find the format of
// many files. A text that is no well-formed JSON or YAML may pass; reading it tells.
bool looks_like_cloudformation(std::string_view text);

}  // namespace sagewarden
