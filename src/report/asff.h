// One finding as Security Hub takes it, for the format `asff` and for publishing.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/control_info.h"
#include "model/finding.h"

namespace sagewarden {

// GeneratorId is this and the control.
inline constexpr std::string_view kAsffGenerator = "sagewarden/";
// The product field with the time at which the source saw the resource.
inline constexpr std::string_view kAsffCapturedAt = "sagewarden/CapturedAt";
// Who wrote a finding's note.
inline constexpr std::string_view kAsffUpdatedBy = "sagewarden";

// What stands in a finding beside itself and its control.
struct AsffRecord {
  std::string created_at = {};
  std::string updated_at = {};
  // With workflow status and note, which Security Hub takes from a new finding only: later they are
  // its users'.
  bool is_new = true;
  bool brief = false;  // without what can be long: tags, evidence, further reasons
  std::vector<std::pair<std::string, std::string>> product_fields = {};  // name and value
};

// Whether it has an account and a Region: Security Hub takes no other.
bool can_be_imported(const Finding& finding);

// The finding's id, cut to what Security Hub takes; then a digest tells it from others that begin
// alike.
std::string asff_id(const Finding& finding);
// The ARN of an account's default product, under which everyone imports own findings.
std::string asff_product(std::string_view partition, std::string_view account,
                         std::string_view region);
// "NEW", "RESOLVED" or "SUPPRESSED".
std::string_view asff_workflow(const Finding& finding);
std::string asff_note(const Suppression& suppression);

// `control` may be null.
void append_asff(std::string& out, const Finding& finding, const ControlInfo* control,
                 const AsffRecord& record);

}  // namespace sagewarden
