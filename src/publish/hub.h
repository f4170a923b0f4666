// Findings into AWS Security Hub, so that it shows what the last run found: new ones are added,
// changed ones updated, those of resources that are gone archived. What did not change is left
// alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "aws/credential_cache.h"
#include "base/log.h"
#include "base/result.h"
#include "publish/call.h"
#include "publish/hub_plan.h"
#include "report/report.h"

namespace sagewarden::publish {

// An account's Security Hub in a Region. It takes findings from its own account only.
struct HubScope {
  std::string account;
  std::string region;
  std::string partition;
  aws::CredentialCache* credentials = nullptr;
  std::string refused = {};  // why nothing can be published there; empty: it can
};

enum class Send : uint8_t { Yes, DryRun };

struct HubOptions {
  std::span<const HubScope> scopes;  // those of places_of(), with credentials
  Send send = Send::Yes;
  RunTimes run;
  size_t left_out = 0;  // findings that a baseline took out of the report
  std::string version;  // of the program that made it
  size_t threads = 8;   // that call AWS
};

struct HubCounts {
  size_t created = 0;
  size_t changed = 0;
  size_t refreshed = 0;
  size_t same = 0;
  size_t newer = 0;  // what Security Hub has was seen later than the report's
  size_t archived = 0;
  size_t workflow = 0;  // workflow statuses that were changed
  size_t failed = 0;    // what should have come to Security Hub and did not
};

struct HubRow {
  std::string account;
  std::string region;
  HubCounts counts;
};

struct HubOutcome {
  std::vector<HubRow> rows;  // by account and Region, those where there is anything to say
  size_t homeless = 0;       // findings without account and Region: of no use to Security Hub
  bool is_complete = true;   // everything is where it should be
};

// The places that a report is about, sorted: those of its findings, and those that were scanned.
// Without credentials yet.
Result<std::vector<HubScope>> places_of(const ReportInput& report, const EachFinding& each);

// What did not work is said in the log, by name; an error is only what stops everything.
Result<HubOutcome> publish_to_hub(const ReportInput& report, const EachFinding& each,
                                  const HubOptions& options, const CallAws& call, Log& log);

}  // namespace sagewarden::publish
