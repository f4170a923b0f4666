// Any bytes as an exceptions file: refused with an error that names the file, or entries that keep
// what they promise when they are applied to findings.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "evaluate/exception_use.h"

namespace {

using sagewarden::Compliance;
using sagewarden::Finding;
using sagewarden::PostureException;

constexpr std::string_view kToday = "2026-11-23";

Finding finding(Compliance compliance, std::string_view name) {
  Finding out;
  out.control = "SageMaker.5";
  out.compliance = compliance;
  out.name = name;
  out.arn = "arn:aws:sagemaker:eu-west-1:111122223333:model/" + std::string(name);
  out.account = "111122223333";
  out.tags = {{"Stage", "sandbox"}, {"", ""}};
  out.location = {"stacks/app.yaml", 3, 5, "Nested/" + std::string(name)};
  return out;
}

void check(bool holds) {
  if (!holds) std::abort();
}

void check_entry(const PostureException& entry) {
  check(!entry.reason.empty() && !entry.owner.empty() && entry.mark.line > 0);
  const auto is_short = [](const std::string& text) {
    return text.size() <= sagewarden::kMaxPatternBytes;
  };
  check(std::all_of(entry.controls.begin(), entry.controls.end(), is_short));
  check(std::all_of(entry.resources.begin(), entry.resources.end(), is_short));
  check(std::all_of(entry.accounts.begin(), entry.accounts.end(),
                    [](const std::string& account) { return account.size() == 12; }));
  check(!entry.controls.empty() || !entry.resources.empty() || !entry.accounts.empty() ||
        !entry.tags.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto exceptions = sagewarden::parse_exceptions("fuzz.yaml", text);
  if (!exceptions) {
    check(exceptions.error().message.rfind("fuzz.yaml: ", 0) == 0);
    return 0;
  }
  for (const PostureException& entry : exceptions->entries) check_entry(entry);

  sagewarden::ExceptionUse use(*exceptions, kToday);
  // Suppressions of a template are texts that nobody has checked.
  const std::string anything(text.substr(0, 64));
  const std::vector<sagewarden::InlineSuppression> inside = {{anything, anything, anything, 1}};
  for (const Compliance compliance :
       {Compliance::Passed, Compliance::Failed, Compliance::Warning, Compliance::NotAvailable}) {
    for (const std::string_view name : {"churn-v3", "", "\xFF*?"}) {
      Finding subject = finding(compliance, name);
      use.apply(subject, &inside);
      if (!subject.suppressed) continue;
      check(compliance != Compliance::Passed);
      check(subject.suppressed->expires.empty() || subject.suppressed->expires >= kToday);
    }
  }
  check(use.notices({}).size() <= exceptions->entries.size());
  return 0;
}
