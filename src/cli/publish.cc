// `sagewarden publish …`: a report to where it is wanted.
#include "app/publish.h"

#include <fmt/core.h>
#include <unistd.h>

#include "base/terminal.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/verbs.h"
#include "cli/watch.h"
#include "publish/files.h"

namespace sagewarden {
namespace {

// The positional at that place, or standard input.
Result<LoadedReport> report_of(const Arguments& arguments, size_t place, Log& log) {
  if (arguments.has("quiet") && arguments.has("verbose"))
    return fail(Error::Code::Invalid, "--quiet and --verbose exclude each other");
  const std::vector<std::string>& given = arguments.positionals();
  const std::string file = given.size() > place ? given[place] : "-";
  if (given.size() <= place && is_terminal(STDIN_FILENO))
    return fail(Error::Code::Invalid,
                "FINDINGS is missing: say which report to publish, or give it on standard input");
  TRY_LET(LoadedReport loaded, load_report(file));
  if (loaded.report.input().shortened)
    log.warning(fmt::format(
        "{} is not whole: records were taken out of it, or its end is lost; what is left is "
        "published as a part",
        file == "-" ? "standard input" : printable(file)));
  else if (loaded.report.input().interrupted)
    log.warning(fmt::format("{} is of a run that was interrupted, and published as a part",
                            file == "-" ? "standard input" : printable(file)));
  return loaded;
}

// Of what the run would have found.
bool is_part(const ReportInput& report) {
  return report.shortened || report.interrupted;
}

EachFinding findings_of(const LoadedReport& loaded) {
  return [&loaded](const std::function<Result<void>(const Finding&)>& take) {
    return loaded.report.each(take);
  };
}

publish::RecordFormat record_format(const Arguments& arguments) {
  return arguments.value("format") == "ocsf" ? publish::RecordFormat::Ocsf
                                             : publish::RecordFormat::Ndjson;
}

Result<publish::ReportFiles> files_of(const LoadedReport& loaded, const Arguments& arguments) {
  return publish::files_of(loaded.report.input(), findings_of(loaded), record_format(arguments));
}

// "3 files written to DIR, 1 there already".
std::string files_text(const publish::FilesOutcome& outcome, std::string_view where) {
  std::string text =
      fmt::format("{} written to {}", count_of(outcome.written, "file"), printable(where));
  if (outcome.there > 0) text += fmt::format(", {} there already", outcome.there);
  return text;
}

// When everything has come there. A part of a report is not what the run found.
Result<int> done(const LoadedReport& loaded, const std::string& text, const Arguments& arguments,
                 Console& console) {
  if (!arguments.has("quiet")) TRY_DO(console.out.write(text + "\n"));
  return is_part(loaded.report.input()) ? kExitIncomplete : kExitPassed;
}

// What a signal has ended, ends with its status.
Result<int> failed(const Error& error, const Watch& watch, Log& log) {
  if (watch.signal() == 0) return tl::make_unexpected(error);
  log.error(error.message);
  return 128 + watch.signal();
}

Result<publish::Summary> summary_of(const LoadedReport& loaded, const Arguments& arguments) {
  const EachFinding each = findings_of(loaded);
  return summarize({loaded.report.input(), each, loaded.report.left_out()},
                   std::string(arguments.value("baseline")));
}

}  // namespace

Result<int> run_publish_securityhub(const Arguments& arguments, Console& console) {
  TRY_LET(const AwsOptions aws, access_options(arguments));
  TRY_LET(const LoadedReport loaded, report_of(arguments, 0, console.log));
  const publish::Send send = arguments.has("dry-run") ? publish::Send::DryRun : publish::Send::Yes;
  Progress progress;
  const Watch watch(progress, console.log, ShowProgress::No);
  const EachFinding each = findings_of(loaded);
  const Result<publish::HubOutcome> outcome = publish_to_hub(
      aws, {loaded.report.input(), each, loaded.report.left_out()}, send, progress, console.log);
  if (!outcome) return failed(outcome.error(), watch, console.log);
  const std::string text = hub_text(*outcome, send);
  if (outcome->is_complete)
    return done(loaded, text.substr(0, text.size() - 1), arguments, console);
  // What should have come somewhere and did not is an error, whatever the findings are.
  if (!arguments.has("quiet")) TRY_DO(console.out.write(text));
  return watch.signal() != 0 ? 128 + watch.signal() : kExitError;
}

Result<int> run_publish_folder(const Arguments& arguments, Console& console) {
  const std::string& folder = arguments.positionals().front();
  TRY_LET(const LoadedReport loaded, report_of(arguments, 1, console.log));
  TRY_LET(const publish::ReportFiles files, files_of(loaded, arguments));
  Progress progress;
  const Watch watch(progress, console.log, ShowProgress::No);
  const Result<publish::FilesOutcome> outcome = publish::write_files(folder, files, progress.stop);
  if (!outcome) return failed(outcome.error(), watch, console.log);
  return done(loaded, files_text(*outcome, folder), arguments, console);
}

Result<int> run_publish_s3(const Arguments& arguments, Console& console) {
  const std::string& url = arguments.positionals().front();
  TRY_LET(publish::Bucket bucket, publish::parse_bucket(url));
  bucket.kms_key = arguments.value("kms-key");
  bucket.owner = arguments.value("bucket-owner");
  TRY_LET(AwsOptions aws, access_options(arguments));
  TRY_LET(aws.regions, regions(arguments));
  TRY_LET(const LoadedReport loaded, report_of(arguments, 1, console.log));
  TRY_LET(const publish::ReportFiles files, files_of(loaded, arguments));
  Progress progress;
  const Watch watch(progress, console.log, ShowProgress::No);
  const Result<publish::FilesOutcome> outcome =
      publish_to_bucket(aws, std::move(bucket), files, progress, console.log);
  if (!outcome) return failed(outcome.error(), watch, console.log);
  return done(loaded, files_text(*outcome, url), arguments, console);
}

Result<int> run_publish_sns(const Arguments& arguments, Console& console) {
  TRY_LET(const publish::Topic topic, publish::parse_topic(arguments.positionals().front()));
  TRY_LET(const AwsOptions aws, access_options(arguments));
  TRY_LET(const LoadedReport loaded, report_of(arguments, 1, console.log));
  TRY_LET(const publish::Summary summary, summary_of(loaded, arguments));
  Progress progress;
  const Watch watch(progress, console.log, ShowProgress::No);
  const Result<void> sent = publish_to_topic(aws, topic, summary, progress, console.log);
  if (!sent) return failed(sent.error(), watch, console.log);
  return done(loaded, "Sent to " + topic.arn, arguments, console);
}

Result<int> run_publish_webhook(const Arguments& arguments, Console& console) {
  TRY_LET(const publish::Webhook webhook, publish::parse_webhook(arguments.positionals().front()));
  TRY_LET(const LoadedReport loaded, report_of(arguments, 1, console.log));
  TRY_LET(const publish::Summary summary, summary_of(loaded, arguments));
  Progress progress;
  const Watch watch(progress, console.log, ShowProgress::No);
  const Result<void> sent = publish_to_webhook(
      webhook, summary, std::string(arguments.value("ca-bundle")), progress, console.log);
  if (!sent) return failed(sent.error(), watch, console.log);
  return done(loaded, "Sent to " + webhook.origin, arguments, console);
}

}  // namespace sagewarden
