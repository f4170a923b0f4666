// What a scan is given beside its inputs: tags and parameters. Read before everything else, so that
// a file that cannot be read is an error and never "nothing".
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "source/api/tags.h"
#include "source/cloudformation/parameters.h"
#include "source/source.h"

namespace sagewarden {

struct Given {
  TagIndex tags;
  cloudformation::ParameterFiles parameters;

  // The options with these in them; this object must outlive them.
  SourceOptions in(SourceOptions options) const;
  // After a run that was not cut short: what nothing in it used.
  std::vector<std::string> notices() const;
};

// The files that the options name. Errors name the file.
Result<Given> read_given(const SourceOptions& options);

}  // namespace sagewarden
