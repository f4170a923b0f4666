// How fast AWS Config snapshots are read and evaluated, in how much memory, and beside it the
// limits measured in the same run: simdjson parsing the same items and doing nothing, and gunzip
// alone.
//   config_bench FOLDER [MEGABYTES]        inputs are made in FOLDER, once
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/input.h"
#include "base/json.h"
#include "config_items.h"
#include "control/control.h"
#include "evaluate/evaluator.h"
#include "source/source.h"

namespace sagewarden::bench {
namespace {

constexpr int kRounds = 3;  // the best of them counts: others use the machine too
constexpr uint64_t kMegabyte = 1'000'000;
constexpr uint64_t kItemsInMemory = 200 * kMegabyte;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// ---- what is measured, each in a process of its own ----

// Takes everything and does nothing.
class NullSink : public Sink {
 public:
  void resource(const Resource& /*resource*/) override {}
  void gap(Gap gap) override { fmt::print(stderr, "gap: {}\n", gap.message); }
  void passed_over(std::string_view /*reason*/, std::string_view /*type*/) override {}
};

class NullFindings : public FindingSink {
 public:
  void resource(const ResourceVerdicts& /*verdicts*/) override {}
  void finding(const ResourceVerdicts& /*of*/, const FindingView& /*finding*/) override {}
};

// Evaluates, and lets the findings go.
class EvaluatingSink final : public NullSink {
 public:
  explicit EvaluatingSink(const Evaluator& evaluator)
      : evaluator_(evaluator), bench_(evaluator.make_workbench()) {}
  void resource(const Resource& resource) override {
    evaluator_.evaluate(resource, bench_, findings_);
  }
  void deleted(const Resource& resource) override { evaluator_.deleted(resource, findings_); }

 private:
  const Evaluator& evaluator_;
  Workbench bench_;
  NullFindings findings_;
};

struct Measure {
  double seconds = 0;
  double gigabytes = 0;  // of text
  double megabytes_of_memory = 0;

  double rate() const { return seconds > 0 ? gigabytes / seconds : 0; }
};

double peak_memory() {
  const Result<std::string> status = read_file("/proc/self/status", 1'000'000);
  const size_t line = status ? status->find("VmHWM:") : std::string::npos;
  return line == std::string::npos ? 0 : std::atof(status->c_str() + line + 6) / 1024;
}

Result<Measure> collect_file(const std::string& path, size_t workers, bool evaluate) {
  TRY_LET(const std::vector<Control> controls, load_builtin_controls());
  const Exceptions exceptions;
  ExceptionUse use(exceptions, "2026-03-01");
  const Evaluator evaluator(controls, use, KeepPassed::No);
  SourceOptions options;
  options.types = evaluator.types();
  std::vector<std::unique_ptr<Sink>> sinks;
  std::vector<Sink*> pointers;
  for (size_t i = 0; i < workers; ++i) {
    if (evaluate) {
      sinks.push_back(std::make_unique<EvaluatingSink>(evaluator));
    } else {
      sinks.push_back(std::make_unique<NullSink>());
    }
    pointers.push_back(sinks.back().get());
  }
  Progress progress;
  const std::string inputs[] = {path};
  Measure measure;
  const double start = now();
  TRY_DO(collect(inputs, options, pointers, progress));
  measure.seconds = now() - start;
  measure.gigabytes = static_cast<double>(progress.bytes_text) / 1e9;
  return measure;
}

Result<Measure> gunzip_file(const std::string& path) {
  TRY_LET(InputStream input, InputStream::open(path));
  constexpr size_t kBlockBytes = size_t{256} * 1024;
  const auto buffer = std::make_unique<char[]>(kBlockBytes);
  Measure measure;
  const double start = now();
  for (size_t count = 1; count > 0;) {
    TRY_LET(count, input.read({buffer.get(), kBlockBytes}));
  }
  measure.seconds = now() - start;
  measure.gigabytes = static_cast<double>(input.bytes_text()) / 1e9;
  return measure;
}

// The items of a mix in memory, each parsed alone by one parser; nothing is done with them.
Result<Measure> parse_items(unsigned percent) {
  ConfigItems items(1, percent);
  std::string text;
  std::vector<std::pair<size_t, size_t>> places;
  text.reserve(kItemsInMemory + kMegabyte);
  while (text.size() < kItemsInMemory) {
    const size_t begin = text.size();
    items.append(text);
    places.emplace_back(begin, text.size() - begin);
  }
  json::Parser parser;
  Measure measure;
  const double start = now();
  for (const auto& [begin, size] : places)
    TRY_DO(parser.parse_padded(std::string_view(text).substr(begin, size)));
  measure.seconds = now() - start;
  measure.gigabytes = static_cast<double>(text.size()) / 1e9;
  return measure;
}

// ---- running them ----

// One measure in a fresh process, so that its memory is its own.
std::optional<Measure> run_once(const std::string& program, std::vector<std::string> arguments) {
  int ends[2] = {};
  if (::pipe(ends) != 0) return std::nullopt;
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    std::vector<char*> pointers = {const_cast<char*>(program.c_str())};
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    ::execv(program.c_str(), pointers.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  std::string text;
  std::array<char, 256> buffer = {};
  for (ssize_t count = 1; count > 0;) {
    count = ::read(ends[0], buffer.data(), buffer.size());
    if (count > 0) text.append(buffer.data(), static_cast<size_t>(count));
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  Measure measure;
  const char* at = text.c_str();
  char* end = nullptr;
  for (double* field : {&measure.seconds, &measure.gigabytes, &measure.megabytes_of_memory}) {
    *field = std::strtod(at, &end);
    if (end == at) return std::nullopt;
    at = end;
  }
  return measure;
}

// What a child process does: one measure, printed as three numbers.
int measure_once(std::span<char* const> arguments) {
  const std::string what = arguments[2];
  const std::string of = arguments[3];
  Result<Measure> measure = fail(Error::Code::Invalid, "unknown measure");
  if (what == "parse") measure = parse_items(of == "100" ? 100 : 5);
  if (what == "gunzip") measure = gunzip_file(of);
  if (what == "read1") measure = collect_file(of, 1, false);
  if (what == "read2") measure = collect_file(of, 2, false);
  if (what == "evaluate1") measure = collect_file(of, 1, true);
  if (what == "evaluate2") measure = collect_file(of, 2, true);
  if (!measure) {
    fmt::print(stderr, "{}\n", measure.error().message);
    return 1;
  }
  fmt::print("{} {} {}\n", measure->seconds, measure->gigabytes, peak_memory());
  return 0;
}

class Bench {
 public:
  Bench(std::string program, std::string folder, uint64_t megabytes)
      : program_(std::move(program)), folder_(std::move(folder)), megabytes_(megabytes) {}

  int run();

 private:
  struct Mix {
    unsigned percent;
    double wanted;  // of simdjson's rate
  };

  bool make_inputs(const Mix& mix, const std::string& plain, const std::string& packed) const;
  bool measure_mix(const Mix& mix);
  // Best of several rounds of all the named measures, taken in turn, so that a slow spell of the
  // machine meets them alike.
  bool measure_all(const std::vector<std::pair<std::vector<std::string>, Measure*>>& measures);
  void row(std::string_view what, double rate, std::string_view limit, double limit_rate,
           double wanted);
  void memory_row(std::string_view what, double megabytes);

  std::string program_;
  std::string folder_;
  uint64_t megabytes_;
  bool met_ = true;
};

bool Bench::make_inputs(const Mix& mix, const std::string& plain, const std::string& packed) const {
  if (::access(packed.c_str(), R_OK) == 0) return true;
  ConfigItems items(1, mix.percent);
  const std::string unfinished = packed + ".part";
  std::FILE* const file = std::fopen(plain.c_str(), "wb");
  const gzFile gzip = ::gzopen(unfinished.c_str(), "wb6");
  if (file == nullptr || gzip == nullptr) return false;
  bool good = true;
  write_snapshot(items, megabytes_ * kMegabyte, [&](std::string_view piece) {
    good = good && std::fwrite(piece.data(), 1, piece.size(), file) == piece.size() &&
           ::gzwrite(gzip, piece.data(), static_cast<unsigned>(piece.size())) > 0;
  });
  good = std::fclose(file) == 0 && good;
  good = ::gzclose(gzip) == Z_OK && good;
  return good && std::rename(unfinished.c_str(), packed.c_str()) == 0;
}

bool Bench::measure_all(
    const std::vector<std::pair<std::vector<std::string>, Measure*>>& measures) {
  for (int round = 0; round < kRounds; ++round) {
    for (const auto& [arguments, best] : measures) {
      const std::optional<Measure> measure = run_once(program_, arguments);
      if (!measure) return false;
      const double memory = std::max(best->megabytes_of_memory, measure->megabytes_of_memory);
      if (measure->rate() > best->rate()) *best = *measure;
      best->megabytes_of_memory = memory;
    }
  }
  return true;
}

void Bench::row(std::string_view what, double rate, std::string_view limit, double limit_rate,
                double wanted) {
  const double ratio = rate / limit_rate;
  const bool good = ratio >= wanted;
  met_ = met_ && good;
  fmt::print("| {} | {:.2f} GB/s | {}: {:.2f} GB/s | {:.0f} % | ≥ {:.0f} %{} |\n", what, rate,
             limit, limit_rate, ratio * 100, wanted * 100, good ? "" : " (missed)");
}

void Bench::memory_row(std::string_view what, double megabytes) {
  constexpr double kWanted = 48;
  met_ = met_ && megabytes <= kWanted;
  fmt::print("| {} | {:.1f} MB | | | ≤ {:.0f} MB{} |\n", what, megabytes, kWanted,
             megabytes <= kWanted ? "" : " (missed)");
}

bool Bench::measure_mix(const Mix& mix) {
  const std::string base = fmt::format("{}/config-{}-{}mb.json", folder_, mix.percent, megabytes_);
  const std::string packed = base + ".gz";
  if (!make_inputs(mix, base, packed)) return false;
  Measure limit;
  Measure read1;
  Measure one;
  Measure two;
  Measure gunzip;
  Measure packed1;
  Measure packed2;
  const auto child = [](std::string_view what, const std::string& of) {
    return std::vector<std::string>{"--measure", std::string(what), of};
  };
  if (!measure_all({{child("parse", std::to_string(mix.percent)), &limit},
                    {child("read1", base), &read1},
                    {child("evaluate1", base), &one},
                    {child("evaluate2", base), &two},
                    {child("gunzip", packed), &gunzip},
                    {child("evaluate1", packed), &packed1},
                    {child("evaluate2", packed), &packed2}}))
    return false;
  const std::string name = fmt::format("{} % SageMaker", mix.percent);
  row(name + ", reading alone, one worker", read1.rate(), "simdjson", limit.rate(), mix.wanted);
  row(name + ", evaluated, one worker", one.rate(), "simdjson", limit.rate(), mix.wanted);
  row(name + ", evaluated, two workers", two.rate(), "one worker", one.rate(), 1.7);
  const double slower = std::min(gunzip.rate(), two.rate());
  row(name + ", gzip, two workers", packed2.rate(),
      slower < two.rate() ? "gunzip alone" : "not compressed", slower, 0.8);
  memory_row(name + ", peak memory", std::max(one.megabytes_of_memory, two.megabytes_of_memory));
  memory_row(name + ", gzip, peak memory",
             std::max(packed1.megabytes_of_memory, packed2.megabytes_of_memory));
  return true;
}

int Bench::run() {
  fmt::print("AWS Config snapshots of {} MB, best of {} rounds\n\n", megabytes_, kRounds);
  fmt::print("| what | figure | limit, same run | ratio | target |\n|---|---|---|---|---|\n");
  constexpr std::array<Mix, 2> kMixes = {{{100, 0.60}, {5, 0.85}}};
  for (const Mix& mix : kMixes) {
    if (measure_mix(mix)) continue;
    fmt::print(stderr, "config_bench: a measure failed, or {} cannot be written\n", folder_);
    return 1;
  }
  return met_ ? 0 : 3;
}

}  // namespace
}  // namespace sagewarden::bench

int main(int argc, char** argv) {
  const std::span<char* const> arguments(argv, static_cast<size_t>(argc));
  if (argc == 4 && std::string_view(arguments[1]) == "--measure")
    return sagewarden::bench::measure_once(arguments);
  uint64_t megabytes = 500;
  if (argc == 3) {
    const std::string_view text = arguments[2];
    std::from_chars(text.data(), text.data() + text.size(), megabytes);
  }
  if (argc < 2 || argc > 3 || megabytes == 0) {
    fmt::print(stderr, "usage: config_bench FOLDER [MEGABYTES]\n");
    return 2;
  }
  return sagewarden::bench::Bench("/proc/self/exe", arguments[1], megabytes).run();
}
