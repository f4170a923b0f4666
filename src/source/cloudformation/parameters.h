// A template's parameters: what they are declared as, and the values given for them in files.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "source/cloudformation/nested.h"
#include "source/cloudformation/problems.h"
#include "source/cloudformation/value.h"

namespace sagewarden::cloudformation {

inline constexpr size_t kMaxParameterFileBytes = size_t{4} * 1024 * 1024;

// Parameter name → value; no value where the file says UsePreviousValue.
using GivenParameters =
    std::unordered_map<std::string, std::optional<std::string>, TextHash, std::equal_to<>>;

// The forms that the aws CLI and CodePipeline take, JSON or YAML:
//   [{ParameterKey: K, ParameterValue: V}]   ["K=V"]   {Parameters: {K: V}}   {K: V}
// Errors name line and column.
Result<GivenParameters> parse_parameters(std::string_view text);

// All files together; of two values of one parameter the later file's counts. Errors name the file.
Result<GivenParameters> read_parameter_files(std::span<const std::string> files);

// The files that a run is given, read once, and which templates take their values. Any number of
// threads at once.
class ParameterFiles {
 public:
  static Result<ParameterFiles> read(std::span<const std::string> files);

  const GivenParameters& values() const { return values_; }
  // A template that takes values from the files; `section` is its Parameters section, or null.
  void met(const Node* section) const;
  // After the run: a sentence about the values that no template takes; empty when there are none.
  std::string notice() const;

 private:
  struct Declared {
    std::mutex mutex;  // guards the others
    std::set<std::string, std::less<>> names;
    bool some_template = false;
  };

  GivenParameters values_;
  std::unique_ptr<Declared> declared_ = std::make_unique<Declared>();
};

// CloudFormation's own limit for one parameter's value.
inline constexpr size_t kMaxParameterBytes = 4096;

struct Parameter {
  Value value;        // what Ref gives; of a list the text, in which commas part the elements
  bool list = false;  // a list whose text is known
  std::vector<std::string> choices;
};

using Parameters = std::unordered_map<std::string, Parameter, TextHash, std::equal_to<>>;

// Where the values of one template's parameters come from.
struct ParameterValues {
  const GivenParameters* files = nullptr;  // null: none are given
  // Of a nested stack: what it is handed over is all that it is given.
  std::optional<HandedDown> handed = {};
};

// The template's Parameters section; null when there is none.
Parameters declare_parameters(const Node* section, const ParameterValues& values,
                              Problems& problems);

// What Ref gives, at that place. An empty text is a list of one empty text, as at CloudFormation.
Value value_at(const Parameter& parameter, Mark mark);

}  // namespace sagewarden::cloudformation
