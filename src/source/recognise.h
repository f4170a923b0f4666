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
  // Whether it claims to be JSON and is not: cut off, or something else under that name.
  bool broken_json = false;
};

// Whether a text of no known format names SageMaker's resources all the same, as what a script has
// put together from API output does; policies and reports of findings, which name them too, hold
// none.
bool may_hold_resources(std::string_view json);

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
