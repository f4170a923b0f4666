// Says in the log what could not be read: the first of it one by one, of the rest the number.
#pragma once

#include <cstddef>

#include "base/log.h"
#include "model/resource.h"

namespace sagewarden {

class GapLog {
 public:
  explicit GapLog(Log& log) : log_(log) {}

  void note(const Gap& gap);
  void end();  // after the last

 private:
  Log& log_;
  size_t count_ = 0;
};

}  // namespace sagewarden
