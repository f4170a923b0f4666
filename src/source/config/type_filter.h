// Tells from the bytes alone that an item is of no type that is asked for, so that it need not be
// parsed: most items of most exports are none of ours.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "source/config/scan.h"
#include "source/config/splitter.h"

namespace sagewarden::config {

// Belongs to one worker.
class TypeFilter {
 public:
  // The types must outlive the filter.
  explicit TypeFilter(std::span<const std::string_view> types,
                      const ScanKernel& kernel = scan_kernels().front());

  // False only when the object certainly has a resourceType, and certainly none of ours.
  bool may_be_wanted(const FoundItem& item);

 private:
  bool holds(std::string_view text, const Needle& needle) const;
  bool has_type(std::string_view text) const;
  bool names_service(std::string_view text);

  const ScanKernel& kernel_;
  // "AWS::SageMaker::": what the wanted types begin with.
  std::vector<Needle> services_;
  Needle type_name_;
  Needle escape_;
  // How far from its end an item last named a service. The next one mostly does so about there,
  // which saves searching it all.
  size_t last_from_end_ = 0;
};

}  // namespace sagewarden::config
