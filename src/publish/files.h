// A report as files, one for each account and Region, under names that say where and when: for
// folders and buckets that are read by programs.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "report/report.h"

namespace sagewarden::publish {

enum class RecordFormat : uint8_t { Ndjson, Ocsf };

struct ReportFile {
  // "region=eu-west-1/accountId=111122223333/eventDay=20260301/sagewarden-20260301T120000Z-….ndjson",
  // as Amazon Security Lake has it. The same content has the same name.
  std::string name;
  std::string content;
  size_t records = 0;
};

struct ReportFiles {
  std::vector<ReportFile> files;
  // What belongs together, to be written last: who finds it finds all of them.
  ReportFile manifest;
};

// In NDJSON each file is a whole report about its account and Region; in OCSF it is a line an
// event.
Result<ReportFiles> files_of(const ReportInput& report, const EachFinding& each,
                             RecordFormat format);

struct FilesOutcome {
  size_t written = 0;
  size_t there = 0;  // already, the same
};

// All of them or none, the folder being made where it is not there: what was written is taken back
// when a later one fails, or `stop` is set.
Result<FilesOutcome> write_files(const std::string& folder, const ReportFiles& files,
                                 const std::atomic<bool>& stop);

}  // namespace sagewarden::publish
