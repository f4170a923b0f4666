// Plans and journals: any bytes are read without harm, and what was read as a plan is written,
// shown and taken back without harm too.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/sha256.h"
#include "base/text.h"
#include "remediate/execute.h"
#include "remediate/journal.h"
#include "remediate/path.h"
#include "remediate/plan.h"
#include "remediate/plan_permissions.h"
#include "remediate/render.h"

namespace sagewarden::remediate {
namespace {

constexpr size_t kIdDigits = 16;
constexpr size_t kCheckDigits = 8;

std::string digits_of(std::string_view text, size_t count) {
  Sha256 hash;
  hash.update(text);
  return hash.hex().substr(0, count);
}

// The plan with the id that it must have: otherwise nothing but the hash would be tested.
std::string stamped(json::Value plan) {
  const Edit without[] = {{"id", ""}};
  const Result<json::Document> rest = json::parse_document(edited(plan, without));
  if (!rest) return {};
  const Edit with[] = {{"id", '"' + digits_of(canonical(rest->root), kIdDigits) + '"'}};
  return edited(plan, with);
}

// The records with the plan's id and each line's check.
std::string sealed(std::string_view records) {
  std::string journal;
  for (const std::string_view line : split(records, '\n')) {
    const Result<json::Document> record = json::parse_document(line);
    if (!record || !record->root.is_object()) {
      (journal += line) += '\n';
      continue;
    }
    std::string text(line);
    if (const json::Value plan = record->root["plan"]; plan.is_object()) {
      const Edit with[] = {{"plan", stamped(plan)}};
      text = edited(record->root, with);
    }
    while (!text.empty() && text.back() != '}') text.pop_back();
    if (!text.empty()) text.pop_back();
    journal += text + R"(,"check":")" + digits_of(text, kCheckDigits) + "\"}\n";
  }
  return journal;
}

void check_plan(const Plan& plan) {
  const std::string text = write_plan(plan);
  const Result<Plan> again = read_plan("fuzz", text);
  if (!again || *again != plan || write_plan(*again) != text) std::abort();
  (void)plan_text(plan, {.width = 80, .colour = true, .calls = true});
  (void)plan_markdown(plan);
  (void)plan_script(plan);
  (void)permissions_of(plan);
}

void check(std::string_view text) {
  const Result<json::Document> document = json::parse_document(text);
  if (!document || !document->root.is_object()) return;
  const Result<Plan> plan = read_plan("fuzz", stamped(document->root));
  if (plan) check_plan(*plan);
}

void check_journal(std::string_view text) {
  const Result<Execution> execution = read_journal("fuzz", sealed(text));
  if (execution) check_plan(undo_plan(*execution, "2026-03-01T12:00:00Z"));
}

}  // namespace
}  // namespace sagewarden::remediate

// The first byte says whether the rest is a plan or the records of a journal.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 0)
    sagewarden::remediate::check(text);
  else
    sagewarden::remediate::check_journal(text);
  return 0;
}
