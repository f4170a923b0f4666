// Calls of Security Hub's API with many findings in each.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace sagewarden::publish {

// "up to 100 findings per batch, up to 240 KB per finding, and up to 6 MB per batch":
// https://docs.aws.amazon.com/securityhub/latest/partnerguide/guidelines-batchimportfindings.html
inline constexpr size_t kMaxBatch = 100;
inline constexpr size_t kMaxFindingBytes = 240'000;
inline constexpr size_t kMaxBatchBytes = 6'000'000;

// The input of one BatchImportFindings.
class ImportBatch {
 public:
  bool has_room_for(size_t bytes) const;
  void add(std::string_view id, std::string_view finding);
  bool is_empty() const { return ids_.empty(); }
  const std::vector<std::string>& ids() const { return ids_; }
  // {"Findings": […]}; the batch is empty after it.
  std::pair<std::string, std::vector<std::string>> take();

 private:
  std::string findings_;
  std::vector<std::string> ids_;
};

// A stored finding as it is imported again to be archived: what is ours of it. Errors: it lacks
// what an import must have.
Result<std::string> archived_finding(json::Value stored, std::string_view updated_at);

// Inputs of GetFindings. An empty token: the first page.
std::string get_product_input(std::string_view product, std::string_view token);
// A filter takes 20 values:
// https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_GetFindings.html
inline constexpr size_t kMaxFilterValues = 20;
std::string get_ids_input(std::string_view product, const std::vector<std::string>& ids,
                          std::string_view token);

// How many of the findings sent were not taken, by all that the answers to BatchImportFindings and
// BatchUpdateFindings say. What they do not say was taken was not.
size_t not_imported(json::Value answer, size_t sent);
size_t not_updated(json::Value answer, size_t sent);

// The input of BatchUpdateFindings; an empty note: it stays.
std::string update_input(std::string_view product, const std::vector<std::string>& ids,
                         std::string_view status, std::string_view note);

}  // namespace sagewarden::publish
