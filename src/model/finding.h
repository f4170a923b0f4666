// A finding: the lasting record of one control applied to one resource. Words and states are
// Security Hub's (ASFF):
// https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/resource.h"

namespace sagewarden {

// ASFF Compliance.Status. Not applicable is no compliance status: there is no finding then.
enum class Compliance : uint8_t { Passed, Failed, Warning, NotAvailable };
std::string_view name_of(Compliance compliance);  // "PASSED", "FAILED", "WARNING", "NOT_AVAILABLE"

// ASFF Severity.Label, in rising order.
enum class Severity : uint8_t { Informational, Low, Medium, High, Critical };
std::string_view name_of(Severity severity);                    // "INFORMATIONAL", …
std::optional<Severity> parse_severity(std::string_view text);  // any case

// Why a verdict is what it is: a code for machines, words for people (ASFF
// Compliance.StatusReasons).
struct Reason {
  std::string code;  // e.g. "SETTING_INSECURE", "SETTING_MISSING", "NOT_RECORDED", "ACCESS_DENIED"
  std::string message;

  friend bool operator==(const Reason&, const Reason&) = default;
};

// One value that was read and justifies the verdict. Never a secret.
struct Evidence {
  std::string path;  // below the resource: "PrimaryContainer.ImageConfig.RepositoryAccessMode",
                     // "tags.Owner"
  std::string
      found;  // JSON of the value found; "not set"; "not set (default \"Enabled\")"; "not known"
  std::string wanted;  // what would pass: "\"Vpc\"", "set", "> 1"
  uint32_t line = 0;   // in the finding's file; 0 when the source has no lines
  uint32_t column = 0;

  friend bool operator==(const Evidence&, const Evidence&) = default;
};

// Why a finding counts as accepted (ASFF Workflow SUPPRESSED): from the exceptions file or from the
// template itself.
struct Suppression {
  enum class Kind : uint8_t { External, InSource };
  Kind kind = Kind::External;
  std::string reason;
  std::string owner;
  std::string expires;  // YYYY-MM-DD or empty

  friend bool operator==(const Suppression&, const Suppression&) = default;
};

struct Finding {
  std::string id;  // stable: the same control and resource give the same id in every run
  std::string control;
  Compliance compliance = Compliance::NotAvailable;
  Severity severity = Severity::Medium;
  std::string type;
  std::string arn;
  std::string name;
  std::string account;
  std::string region;
  std::string partition;
  std::vector<std::pair<std::string, std::string>> tags;
  std::vector<Reason> reasons;     // at least one unless Passed
  std::vector<Evidence> evidence;  // at least one when Failed
  Location location;
  std::optional<Suppression> suppressed;
  std::string captured_at;  // ISO 8601 or empty

  friend bool operator==(const Finding&, const Finding&) = default;
};

// The same as a view of what others hold, for those who only read it once: millions of findings
// pass by, and few are kept as they are.
struct FindingView {
  std::string_view id;
  std::string_view control;
  Compliance compliance = Compliance::NotAvailable;
  Severity severity = Severity::Medium;
  std::string_view type;
  std::string_view arn;
  std::string_view name;
  std::string_view account;
  std::string_view region;
  std::string_view partition;
  std::span<const std::pair<std::string, std::string>> tags;
  std::span<const Reason> reasons;
  std::span<const Evidence> evidence;
  const Location* location = nullptr;  // never null when given to others
  const Suppression* suppressed = nullptr;
  std::string_view captured_at;
};
FindingView view_of(const Finding& finding);
Finding copy_of(const FindingView& view);

// The defined order of every report: account, Region, type, name, ARN or address, control number.
bool report_order(const Finding& a, const Finding& b);

}  // namespace sagewarden
