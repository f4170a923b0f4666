#include "source/given.h"

#include <utility>

namespace sagewarden {

SourceOptions Given::in(SourceOptions options) const {
  options.tags = &tags;
  options.parameters = &parameters;
  return options;
}

std::vector<std::string> Given::notices() const {
  std::vector<std::string> out;
  for (std::string notice : {parameters.notice(), tags.notice()}) {
    if (!notice.empty()) out.push_back(std::move(notice));
  }
  return out;
}

Result<Given> read_given(const SourceOptions& options) {
  TRY_LET(TagIndex tags, read_tag_files(options.tag_files));
  TRY_LET(cloudformation::ParameterFiles parameters,
          cloudformation::ParameterFiles::read(options.parameter_files));
  return Given{std::move(tags), std::move(parameters)};
}

}  // namespace sagewarden
