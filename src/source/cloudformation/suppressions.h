// Suppressions that stand in the template, beside the resource that they are about:
//   Metadata: {sagewarden: {suppress: [{control: SageMaker.3, reason: …, expires: 2027-01-31}]}}
#pragma once

#include <vector>

#include "base/node.h"
#include "model/resource.h"
#include "source/cloudformation/problems.h"

namespace sagewarden::cloudformation {

inline constexpr size_t kMaxPatternBytes = 1024;  // as in a file of exceptions

// Those of one resource. One that is not written in full suppresses nothing and is told.
std::vector<InlineSuppression> read_suppressions(const Node& resource, Problems& problems);

}  // namespace sagewarden::cloudformation
