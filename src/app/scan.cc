#include "app/scan.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "app/live_scan.h"
#include "app/needs.h"
#include "app/version.h"
#include "app/worker.h"
#include "base/file.h"
#include "base/input.h"
#include "base/text.h"
#include "base/time.h"
#include "evaluate/baseline.h"
#include "evaluate/evaluator.h"
#include "evaluate/exception_use.h"
#include "evaluate/exceptions.h"
#include "evaluate/spool.h"
#include "report/words.h"
#include "source/api/tags.h"

namespace sagewarden {
namespace {

constexpr size_t kSpoolBytes = 12'000'000;
constexpr size_t kMaxExceptionsBytes = 16'000'000;
constexpr size_t kMaxBaselineBytes = 2'000'000'000;
constexpr size_t kMaxLoggedGaps = 20;  // the reports list them all

// Found out now and not after hours of reading.
Result<void> check_reports(std::span<const ReportTarget> reports) {
  for (size_t i = 0; i < reports.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (reports[i].file != reports[j].file) continue;
      const std::string_view file = reports[i].file;
      return fail(Error::Code::Invalid,
                  fmt::format("two reports to {}: give one of them another file",
                              file.empty() ? "standard output" : file));
    }
    if (!reports[i].file.empty()) TRY_DO(check_writable(reports[i].file));
  }
  return {};
}

Result<Exceptions> read_exceptions(const std::string& file) {
  if (file.empty()) return Exceptions{};
  TRY_LET(const std::string text, read_file(file, kMaxExceptionsBytes));
  return parse_exceptions(file, text);
}

Result<std::optional<Baseline>> read_baseline_file(const std::string& file) {
  if (file.empty()) return std::optional<Baseline>();
  // May be compressed: it is kept between runs and can be large.
  TRY_LET(InputStream stream, InputStream::open(file));
  TRY_LET(const Text text, read_text(stream, kMaxBaselineBytes));
  TRY_LET(Baseline baseline, read_baseline(file, text.view()));
  return std::optional<Baseline>(std::move(baseline));
}

KeepPassed keep_passed(std::span<const ReportTarget> reports) {
  const bool wanted = std::ranges::any_of(
      reports, [](const ReportTarget& report) { return report.format->wants_passed; });
  return wanted ? KeepPassed::Yes : KeepPassed::No;
}

// What a run works with.
struct Means {
  std::span<const Control> controls;
  const Exceptions& exceptions;
  const Evaluator& evaluator;
  Spool& spool;
  Progress& progress;
  Log& log;
};

Result<void> collect_from_files(const ScanOptions& options, const Means& means,
                                std::span<Sink* const> sinks) {
  // Once for all files, and a tag file that cannot be read is an error and not "no tags".
  TRY_LET(const TagIndex tags, read_tag_files(options.source.tag_files));
  SourceOptions source = options.source;
  source.tags = &tags;
  source.types = means.evaluator.types();
  return collect(options.inputs, source, sinks, means.progress);
}

// Reads all there is through the evaluation into the spool: files with one worker a thread, then
// AWS.
Result<void> collect_all(const ScanOptions& options, const Means& means, ReportInput& report) {
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<Sink*> sinks;
  for (size_t i = 0; i < options.threads; ++i) {
    workers.push_back(std::make_unique<Worker>(means.evaluator, means.spool.writer()));
    sinks.push_back(workers.back().get());
  }
  if (!options.inputs.empty()) TRY_DO(collect_from_files(options, means, sinks));
  if (options.aws) {
    const std::vector<live::TypeNeeds> needs = needs_of(means.controls, means.exceptions);
    TRY_LET(std::vector<std::string> scanned,
            collect_from_aws(*options.aws, needs, *sinks.front(), means.progress, means.log));
    std::ranges::move(scanned, std::back_inserter(report.run.inputs));
  }
  Coverage& coverage = report.coverage;
  size_t not_kept = 0;
  for (const std::unique_ptr<Worker>& worker : workers) {
    not_kept += worker->gaps_not_kept();
    std::move(*worker).add_to(coverage);
  }
  settle_gaps(coverage.gaps, not_kept);
  coverage.files = means.progress.files;
  coverage.bytes = means.progress.bytes_text;
  coverage.calls = means.progress.calls;
  return {};
}

// The gap's message with its place before it, unless it says that itself.
std::string named(const Gap& gap) {
  if (gap.kind == Gap::Kind::Call) return fmt::format("{}: {}", gap_place_text(gap), gap.message);
  const Location& at = gap.location;
  const std::string& where = at.file.empty() ? gap.operation : at.file;
  if (where.empty() || gap.message.find(where) != std::string::npos) return gap.message;
  if (at.line == 0 || gap.message.starts_with("line "))
    return fmt::format("{}: {}", where, gap.message);
  return fmt::format("{}:{}:{}: {}", where, at.line, at.column, gap.message);
}

void log_gaps(const Coverage& coverage, Log& log) {
  size_t left = kMaxLoggedGaps;
  for (const Gap& gap : coverage.gaps) {
    if (left-- == 0) {
      log.error(fmt::format("{} more could not be read", coverage.gaps.size() - kMaxLoggedGaps));
      return;
    }
    log.error(named(gap));
  }
}

// Counts one finding, for the report and for the verdict.
void count(const Finding& finding, std::optional<Severity> fail_on, ControlCounts& counts,
           ScanOutcome& outcome) {
  if (finding.suppressed) {
    ++counts.suppressed;
    return;
  }
  switch (finding.compliance) {
    case Compliance::Passed:
      ++counts.passed;
      return;
    case Compliance::Failed:
      ++counts.failed;
      if (fail_on && finding.severity >= *fail_on) ++outcome.failed;
      return;
    case Compliance::Warning:
      ++counts.warning;
      ++outcome.incomplete;
      return;
    case Compliance::NotAvailable:
      ++counts.not_available;
      ++outcome.incomplete;
      return;
  }
}

// One pass over the findings that are reported, before any report begins: all formats say the
// totals first.
Result<void> count_findings(const EachFinding& each, const ScanOptions& options,
                            std::span<const size_t> passed, ReportInput& report,
                            ScanOutcome& outcome) {
  for (size_t i = 0; i < report.controls.size(); ++i)
    report.counts[report.controls[i].id].passed = i < passed.size() ? passed[i] : 0;
  TRY_DO(each([&](const Finding& finding) -> Result<void> {
    count(finding, options.fail_on, report.counts[finding.control], outcome);
    return {};
  }));
  outcome.incomplete += report.coverage.gaps.size();
  return {};
}

// Standard output is given; a file is made, and appears when it is whole.
Result<void> write_report(const ReportTarget& target, const ReportInput& report,
                          const EachFinding& each, const TextStyle& style, Output& out) {
  if (target.file.empty()) return target.format->write(report, each, style, out);
  TRY_LET(const std::unique_ptr<Output> file, create_file_output(target.file));
  TRY_DO(target.format->write(report, each, TextStyle{}, *file));
  return file->commit();
}

// All reports, even when one cannot be written: the others are still worth having.
Result<void> write_reports(const ScanOptions& options, const ReportInput& report,
                           const EachFinding& each, ScanOutcome& outcome, Output& out) {
  Result<void> result;  // the first failure
  for (const ReportTarget& target : options.reports) {
    Result<void> written = write_report(target, report, each, options.style, out);
    if (written) continue;
    if (target.file.empty() && written.error().code == Error::Code::Interrupted) {
      outcome.reader_went_away = true;
    } else if (result) {
      result = std::move(written);
    }
  }
  return result;
}

// The findings that are reported: with a baseline, those that it does not know.
EachFinding reported(const Spool& spool, const std::optional<Baseline>& baseline) {
  return [&](const std::function<Result<void>(const Finding&)>& take) {
    return spool.each([&](const Finding& finding) -> Result<void> {
      if (baseline && baseline->is_known(finding)) return {};
      return take(finding);
    });
  };
}

Result<std::string> baseline_notice(const Spool& spool, const Baseline& baseline,
                                    const std::string& file) {
  size_t failed = 0;
  size_t others = 0;
  TRY_DO(spool.each([&](const Finding& finding) -> Result<void> {
    if (finding.compliance == Compliance::Passed || !baseline.is_known(finding)) return {};
    ++(finding.compliance == Compliance::Failed && !finding.suppressed ? failed : others);
    return {};
  }));
  return fmt::format("Compared with {}: {} that failed before and {} are left out", file,
                     count_of(failed, "finding"), count_of(others, "other"));
}

}  // namespace

Result<ScanOutcome> scan(const ScanOptions& options, Progress& progress, Log& log, Output& out) {
  ReportInput report;
  report.run = {std::string(program_version()), iso_time(options.clock()), "", options.inputs};
  TRY_DO(check_reports(options.reports));
  TRY_LET(const std::vector<Control> controls, select_controls(options.controls));
  TRY_LET(const Exceptions exceptions, read_exceptions(options.exceptions_file));
  TRY_LET(const std::optional<Baseline> baseline, read_baseline_file(options.baseline_file));
  log.info(fmt::format("applying {}", count_of(controls.size(), "control")));

  ExceptionUse exception_use(exceptions, options.today);
  const Evaluator evaluator(controls, exception_use, keep_passed(options.reports));
  Spool spool(evaluator, kSpoolBytes, std::filesystem::temp_directory_path().string());
  const Means means{controls, exceptions, evaluator, spool, progress, log};
  TRY_DO(collect_all(options, means, report));
  TRY_DO(spool.finish());

  // Beyond this point, findings no longer change.
  ScanOutcome outcome;
  outcome.interrupted = report.interrupted = progress.stop;
  log_gaps(report.coverage, log);
  report.controls = infos_of(controls);
  report.coverage.evaluated = spool.counts().evaluated;
  report.coverage.superseded = spool.counts().superseded;
  report.notices = exception_use.notices();
  if (baseline) {
    TRY_LET(std::string notice, baseline_notice(spool, *baseline, options.baseline_file));
    report.notices.push_back(std::move(notice));
  }
  for (const std::string& notice : report.notices) log.info(notice);
  const EachFinding each = reported(spool, baseline);
  TRY_DO(count_findings(each, options, spool.counts().passed, report, outcome));
  report.run.finished = iso_time(options.clock());
  TRY_DO(write_reports(options, report, each, outcome, out));
  return outcome;
}

}  // namespace sagewarden
