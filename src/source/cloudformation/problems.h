// What is wrong with parts of a template, told to the sink as gaps: each once, and not endlessly.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

#include "base/node.h"
#include "model/resource.h"

namespace sagewarden::cloudformation {

inline constexpr size_t kMaxProblems = 1000;  // of one template; one more says that there are more

namespace code {
inline constexpr std::string_view kMalformed = "MALFORMED";
inline constexpr std::string_view kTransform = "TRANSFORM_NOT_APPLIED";
inline constexpr std::string_view kLoop = "LOOP_NOT_EXPANDED";
inline constexpr std::string_view kSuppression = "SUPPRESSION_INVALID";
inline constexpr std::string_view kNested = "NESTED_STACK_NOT_READ";
inline constexpr std::string_view kModule = "MODULE_NOT_READ";
inline constexpr std::string_view kLimit = "LIMIT";
}  // namespace code

class Problems {
 public:
  Problems(std::string_view file, Sink& sink) : file_(file), sink_(sink) {}

  // The resource that is being read, named in the gaps that follow; empty for the template itself.
  void about(std::string_view address, std::string_view type);
  // The message says what is wrong and what becomes of it; the place goes before it.
  void report(Mark mark, std::string_view code, const std::string& message);

 private:
  std::string file_;
  Sink& sink_;
  std::string address_;
  std::string type_;
  std::unordered_set<std::string> told_;
};

}  // namespace sagewarden::cloudformation
