// Findings as bytes, for as long as a run lasts: what the spool keeps in memory and in its
// temporary files. Not a format on disk: nothing reads it but the process that wrote it.
#pragma once

#include <string>
#include <string_view>

#include "model/finding.h"

namespace sagewarden {

// Appends the finding.
void append_encoded(std::string& out, const FindingView& finding);
// Reads what append_encoded() wrote; the bytes are trusted.
Finding decode_finding(std::string_view encoded);
// The order of report_order() over encoded findings, and after it by line, column and time, so that
// the order does not depend on which thread was first. Negative when `a` comes first.
int encoded_order(std::string_view a, std::string_view b);

}  // namespace sagewarden
