#include "publish/call.h"

#include <fmt/format.h>

namespace sagewarden::publish {

std::string failure_text(const aws::CallError& error) {
  std::string out = aws::describe(error);
  if (error.kind == aws::CallError::Kind::Denied)
    out += fmt::format("; allow {}:{}", error.service, error.operation);
  return out;
}

}  // namespace sagewarden::publish
