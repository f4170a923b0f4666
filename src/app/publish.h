// Publishing what a run found: from its report, now or later.
#pragma once

#include <string>

#include "app/aws_session.h"
#include "base/input.h"
#include "base/log.h"
#include "base/result.h"
#include "publish/bucket.h"
#include "publish/hub.h"
#include "publish/notify.h"
#include "report/saved_report.h"
#include "source/source.h"

namespace sagewarden {

// A report read from a file, with the text that it is a view of.
struct LoadedReport {
  Text text;
  SavedReport report;
};
// "-" is standard input. Controls that come without their texts get those of the catalogue.
Result<LoadedReport> load_report(const std::string& file);

// What is published, and when its run was.
struct Publication {
  const ReportInput& report;
  const EachFinding& each;
  size_t left_out = 0;  // findings that a baseline took out of it
};

// To the Security Hub of each account and Region that the report is about.
Result<publish::HubOutcome> publish_to_hub(const AwsOptions& options, const Publication& what,
                                           publish::Send send, Progress& progress, Log& log);

// To the bucket, in the Region of the settings.
Result<publish::FilesOutcome> publish_to_bucket(const AwsOptions& options, publish::Bucket bucket,
                                                const publish::ReportFiles& files,
                                                Progress& progress, Log& log);

// What a report comes to; `baseline_file` (may be empty) says what is new.
Result<publish::Summary> summarize(const Publication& what, const std::string& baseline_file);
Result<void> publish_to_topic(const AwsOptions& options, const publish::Topic& topic,
                              const publish::Summary& summary, Progress& progress, Log& log);
// Signed when the environment has a secret. Error: it has an empty one.
Result<void> publish_to_webhook(const publish::Webhook& webhook, const publish::Summary& summary,
                                const std::string& ca_bundle, Progress& progress, Log& log);

// What came of it, as a table.
std::string hub_text(const publish::HubOutcome& outcome, publish::Send send);

}  // namespace sagewarden
