// Writes every format of every sample into a folder, for the validators beside this file:
// report_samples FOLDER
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "report/sample.h"

namespace sagewarden {
namespace {

Result<void> write_sample(const std::filesystem::path& folder, const Sample& sample) {
  for (const Format& format : formats()) {
    // So many are hard for a browser alone, which is told by the JSON what it should show.
    const bool for_browser = format.name == "html" || format.name.ends_with("json");
    if (sample.name == "large" && !for_browser) continue;
    if (sample.name == "many" && format.name == "html") continue;
    // Security Hub takes no finding without an account: the samples with templates have no ASFF.
    const bool no_account = sample.name == "usual";
    if (format.name == "asff" && no_account) continue;
    const std::string path = (folder / fmt::format("{}.{}", sample.name, format.name)).string();
    TRY_LET(const auto out, create_file_output(path));
    TRY_DO(format.write(sample.input, each_of(sample.findings), TextStyle{}, *out));
    TRY_DO(out->commit());
  }
  return {};
}

Result<void> write_samples(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  constexpr size_t kLarge = 10'000;  // what a page must stay usable with
  constexpr size_t kMany = 1'000;
  Sample many = large_sample(kMany);
  many.name = "many";
  for (const Sample& sample :
       {usual_sample(), clean_sample(), empty_sample(), account_sample(), aws_sample(),
        baseline_sample(), hostile_sample(), large_sample(kLarge), many}) {
    TRY_DO(write_sample(folder, sample));
  }
  return {};
}

}  // namespace
}  // namespace sagewarden

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: report_samples FOLDER\n");
    return 2;
  }
  const auto done = sagewarden::write_samples(argv[1]);
  if (!done) fmt::print(stderr, "report_samples: {}\n", done.error().message);
  return done ? 0 : 1;
}
