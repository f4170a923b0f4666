// What AWS Config's recorders record.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace sagewarden::live {

// Whether AWS Config can record the type at all. Of other services' types nothing is known here,
// and it is taken that it can.
bool is_recordable(std::string_view type);

// One recorder, as DescribeConfigurationRecorders says it, or its own item in AWS Config, whose
// names are CloudFormation's.
struct Recorder {
  std::string name;
  bool recording = false;
  bool all = false;                // all types but those below
  std::vector<std::string> types;  // otherwise these; with `all`, those that are left out

  bool records(std::string_view type) const;
};
Recorder read_recorder(json::Value value);

// Whether one of them records the type.
bool is_recorded(std::span<const Recorder> recorders, std::string_view type);

}  // namespace sagewarden::live
