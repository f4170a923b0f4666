// Which format a file is of, told from its content: names mislead, and exports have no extension of
// their own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sagewarden {

enum class InputFormat : uint8_t {
  None,
  ConfigList,   // AWS Config: an object with a list of items; read as a stream
  ConfigItems,  // AWS Config: items or their envelopes, one or many; read as a stream
  ConfigQuery,  // AWS Config: the answer to an advanced query
  ApiOutput,
  CloudFormation,
  Terraform,
  Inventory,
};

// What the formats are called, for messages about a file that is none of them.
inline constexpr std::string_view kKnownFormats =
    "AWS API output, an AWS Config export, a CloudFormation template, a Terraform plan or state "
    "(terraform show -json), or a Sagewarden inventory";

// How much of the file the text is.
enum class Extent : uint8_t { Start, Whole };

struct Recognised {
  InputFormat format = InputFormat::None;
  // With None. Whether the whole file may tell more than its start did.
  bool needs_more = false;
  // What it seems to be instead, for people: "a zip archive".
  std::string seems = {};
  // Whether, under a name that promises JSON, something went wrong: it is none, is cut off, or is
  // a message in the place of output.
  bool broken_json = false;
  // Whether it is plainly meant as input, and cannot be read as it is: it names SageMaker's
  // resources, as what a script has made of API output does, or is what Terraform saves and logs.
  bool evident = false;
  // Whether it names resources and is meant to hold none: policies, findings, exceptions, controls.
  bool only_names = false;
};

Recognised recognise(std::string_view text, Extent extent);

// A member of the outermost object, as far as the text goes.
struct OuterMember {
  std::string_view name;   // as written, without quotes
  std::string_view value;  // from its first character on, to the end of the text
};

struct OuterJson {
  std::vector<OuterMember> members;  // of the first object; of a list, those of its first element
  bool list = false;
  // Whether the brackets and quotes of the text balance, so that nothing is cut off.
  bool complete = false;
};

// Looks at brackets, quotes and outermost names only. For text that begins with '{' or '['.
OuterJson outer_json(std::string_view text);

}  // namespace sagewarden
