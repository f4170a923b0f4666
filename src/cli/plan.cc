// `sagewarden plan` and `sagewarden show`.
#include "app/plan.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <thread>

#include "app/apply.h"
#include "base/file.h"
#include "base/terminal.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/options.h"
#include "cli/repair.h"
#include "cli/verbs.h"
#include "cli/watch.h"
#include "model/arn.h"
#include "publish/bucket.h"
#include "remediate/render.h"

namespace sagewarden {
namespace {

constexpr size_t kMaxPlanBytes = 500'000'000;
constexpr size_t kMaxMapBytes = 10'000'000;
constexpr size_t kMostCanary = 50;  // percent; of AWS
constexpr std::array<std::string_view, 4> kFormats = {"json", "markdown", "script", "text"};

struct PlanTarget {
  std::string format = "json";
  std::string file = {};  // empty: standard output
};

bool is_format(std::string_view text) {
  return std::ranges::find(kFormats, text) != kFormats.end();
}

// "json=FILE", "FILE" or "json".
Result<PlanTarget> plan_target(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos)
    return is_format(text) ? PlanTarget{text, ""} : PlanTarget{"json", text};
  const std::string_view format = std::string_view(text).substr(0, equals);
  const bool is_word = format.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos;
  if (!is_format(format) && is_word)
    return fail(Error::Code::Invalid,
                fmt::format("-o {}: the formats of a plan are text, markdown, script and json",
                            printable(text)));
  if (!is_format(format)) return PlanTarget{"json", text};
  PlanTarget target{text.substr(0, equals), text.substr(equals + 1)};
  if (target.file.empty())
    return fail(Error::Code::Invalid, fmt::format("-o {}: a file name is missing behind =", text));
  return target;
}

std::string rendered(const remediate::Plan& plan, std::string_view format,
                     const remediate::RenderStyle& style) {
  if (format == "json") return remediate::write_plan(plan);
  if (format == "markdown") return remediate::plan_markdown(plan);
  if (format == "script") return remediate::plan_script(plan);
  return remediate::plan_text(plan, style);
}

Result<std::pair<std::string, std::string>> tag_of(const std::string& text) {
  // SageMaker's limits of a tag; aws: is AWS's own.
  constexpr size_t kMaxKey = 128;
  constexpr size_t kMaxValue = 256;
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals > kMaxKey ||
      text.size() - equals - 1 > kMaxValue || text.starts_with("aws:"))
    return fail(
        Error::Code::Invalid,
        fmt::format("--tag: '{}' is not KEY=VALUE, such as Owner=ml-platform (keys that begin "
                    "with aws: are AWS's own)",
                    printable(text)));
  return std::pair(text.substr(0, equals), text.substr(equals + 1));
}

// Lines of IMAGE = PRIVATE-IMAGE; empty ones and those that begin with # say nothing.
Result<std::map<std::string, std::string>> read_registry_map(const std::string& file) {
  std::map<std::string, std::string> images;
  if (file.empty()) return images;
  TRY_LET(const std::string text, read_file(file, kMaxMapBytes));
  size_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    const std::string_view content = trim(line);
    if (content.empty() || content.starts_with('#')) continue;
    const size_t equals = content.find('=');
    const std::string_view image = trim(content.substr(0, equals));
    const std::string_view there =
        equals == std::string_view::npos ? "" : trim(content.substr(equals + 1));
    if (image.empty() || there.empty() || there.find_first_of(" \t=") != std::string_view::npos)
      return fail(Error::Code::Invalid,
                  fmt::format("{}:{}: this is not IMAGE = PRIVATE-IMAGE", file, number));
    if (!images.emplace(image, there).second)
      return fail(Error::Code::Invalid, fmt::format("{}:{}: the image {} is there twice", file,
                                                    number, printable(image)));
  }
  return images;
}

Result<void> check_arn(const Arguments& arguments, std::string_view option,
                       std::string_view service) {
  const std::string_view text = arguments.value(option);
  if (text.empty()) return {};
  const Result<Arn> arn = parse_arn(text);
  if (!arn || arn->service != service)
    return fail(Error::Code::Invalid,
                fmt::format("--{}: '{}' is no ARN of {}", option, printable(text), service));
  return {};
}

Result<void> take_backup(std::string_view url, remediate::PlanOptions& options) {
  if (url.empty()) return {};
  // So long that account, Region, names and paths fit into a key, too; and no key is hard to type.
  constexpr size_t kMaxPrefix = 200;
  constexpr std::string_view kLegal =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./";
  TRY_LET(publish::Bucket bucket, publish::parse_bucket(url));
  const std::string& prefix = bucket.prefix;
  if (prefix.size() > kMaxPrefix || prefix.find_first_not_of(kLegal) != std::string::npos ||
      prefix.starts_with('/') || prefix.find("//") != std::string::npos)
    return fail(Error::Code::Invalid,
                fmt::format("--notebook-backup: '{}' is not s3://BUCKET/PREFIX with a prefix of "
                            "letters, digits, '-', '_', '.' and '/', {} at most",
                            printable(url), kMaxPrefix));
  options.backup_bucket = std::move(bucket.name);
  options.backup_prefix = std::move(bucket.prefix);
  return {};
}

Result<remediate::PlanOptions> plan_options(const Arguments& arguments) {
  remediate::PlanOptions options;
  for (const std::string& text : arguments.all("tag")) {
    TRY_LET(auto tag, tag_of(text));
    if (!options.tags.insert(tag).second)
      return fail(Error::Code::Invalid,
                  fmt::format("--tag: the key {} is given twice", printable(tag.first)));
  }
  TRY_DO(check_arn(arguments, "kms-key", "kms"));
  TRY_DO(check_arn(arguments, "credentials-lambda", "lambda"));
  options.kms_key = arguments.value("kms-key");
  options.credentials_lambda = arguments.value("credentials-lambda");
  options.subnets = arguments.all("subnet");
  options.security_groups = arguments.all("security-group");
  if (options.subnets.empty() != options.security_groups.empty())
    return fail(Error::Code::Invalid, "--subnet and --security-group go together");
  options.alarms = arguments.all("alarm");
  TRY_LET(options.registry, read_registry_map(std::string(arguments.value("registry-map"))));
  TRY_LET(const size_t canary, number(arguments, "canary", kMostCanary, 0));
  options.canary_percent = static_cast<uint32_t>(canary);
  options.isolate_clarify = arguments.has("isolate-clarify");
  TRY_DO(take_backup(arguments.value("notebook-backup"), options));
  options.copy_images = arguments.has("copy-images");
  if (options.copy_images && options.registry.empty())
    return fail(Error::Code::Invalid, "--copy-images needs a --registry-map with images");
  options.create_endpoints = arguments.has("create-endpoints");
  options.canary_endpoint = !arguments.has("no-canary-endpoint");
  return options;
}

Result<PlanRequest> plan_request(const Arguments& arguments) {
  if (arguments.has("quiet") && arguments.has("verbose"))
    return fail(Error::Code::Invalid, "--quiet and --verbose exclude each other");
  PlanRequest request;
  request.inputs = arguments.positionals();
  // A report says itself which accounts and Regions it is about.
  if (request.inputs.empty()) {
    TRY_LET(request.aws, live_options(arguments));
  } else {
    for (const std::string_view option : {"region", "account", "organization", "concurrency"})
      if (arguments.has(option))
        return fail(
            Error::Code::Invalid,
            fmt::format("--{} is for scanning AWS: an input says itself what it is about", option));
    TRY_LET(request.aws, access_options(arguments));
  }
  request.controls = selection(arguments);
  request.exceptions_file = arguments.value("exceptions");
  request.resources = arguments.all("resource");
  TRY_LET(request.options, plan_options(arguments));
  request.clock = seconds_now;
  TRY_LET(request.threads, number(arguments, "threads", kMaxThreads,
                                  std::max<size_t>(1, std::thread::hardware_concurrency())));
  return request;
}

// It holds whole configurations, environment variables too.
Result<void> write_plan_file(const std::string& file, const std::string& text) {
  TRY_LET(const std::unique_ptr<Output> out, create_file_output(file, Readers::Owner));
  TRY_DO(out->write(text));
  return out->commit();
}

// What -o asks for, and that it can be written.
Result<std::vector<PlanTarget>> plan_targets(const Arguments& arguments) {
  std::vector<PlanTarget> targets;
  size_t printed = 0;
  for (const std::string& text : arguments.all("output")) {
    TRY_LET(PlanTarget target, plan_target(text));
    if (target.file.empty() && ++printed > 1)
      return fail(Error::Code::Invalid,
                  fmt::format("-o {0}: another format goes to standard output already: name a file "
                              "({0}=FILE)",
                              text));
    if (!target.file.empty()) TRY_DO(check_writable(target.file));
    if (!target.file.empty() && std::ranges::count(targets, target.file, &PlanTarget::file) > 0)
      return fail(Error::Code::Invalid,
                  fmt::format("-o {}: another format is written there", printable(text)));
    targets.push_back(std::move(target));
  }
  return targets;
}

Result<void> write_targets(const remediate::Plan& plan, const std::vector<PlanTarget>& targets,
                           const remediate::RenderStyle& style, Console& console) {
  for (const PlanTarget& target : targets) {
    if (target.file.empty())
      TRY_DO(console.out.write(rendered(plan, target.format, style)));
    else
      TRY_DO(write_plan_file(target.file, rendered(plan, target.format, {.calls = style.calls})));
  }
  return {};
}

bool has_by_hand(const remediate::Plan& plan) {
  return std::ranges::any_of(plan.actions, [](const remediate::Action& action) {
    return action.way == remediate::Way::ByHand;
  });
}

std::string next_steps(const remediate::Plan& plan, const std::string& file) {
  size_t changed = 0;
  for (const remediate::Action& action : plan.actions)
    if (action.way != remediate::Way::ByHand) changed += action.resources.size();
  if (changed == 0) return fmt::format("\n{}: nothing in it that can be applied\n", file);
  std::string out = fmt::format(
      "\nNothing was changed yet. To see all of it: sagewarden show {0}\n"
      "To carry it out: sagewarden apply {0}\n",
      file);
  if (const size_t most = ApplyRequest{}.max_resources; changed > most)
    out += fmt::format(
        "It changes {}, and apply refuses more than {}: choose with --only, or say "
        "--max-resources {}.\n",
        count_of(changed, "resource"), most, changed);
  return out;
}

}  // namespace

remediate::RenderStyle render_style(const Arguments& arguments, const Console& console) {
  return {console.width, wants_colour(console.colour, STDOUT_FILENO), arguments.has("calls")};
}

Result<remediate::Plan> load_plan(const std::string& file) {
  TRY_LET(const std::string text, read_file(file, kMaxPlanBytes));
  return remediate::read_plan(file, text);
}

Result<int> run_plan(const Arguments& arguments, Console& console) {
  TRY_LET(const PlanRequest request, plan_request(arguments));
  TRY_LET(const std::vector<PlanTarget> targets, plan_targets(arguments));
  std::string plan_file;
  for (const PlanTarget& target : targets)
    if (target.format == "json") plan_file = target.file;
  Progress progress;
  const Watch watch(progress, console.log, show_progress(arguments));
  TRY_LET(const MadePlan made, make_plan(request, progress, console.log));
  if (made.interrupted && watch.signal() != 0) {
    console.log.error("no plan is written: it was stopped before everything was read");
    return 128 + watch.signal();
  }
  const remediate::RenderStyle style = render_style(arguments, console);
  TRY_DO(write_targets(made.plan, targets, style, console));
  const bool printed = std::ranges::any_of(targets, &std::string::empty, &PlanTarget::file);
  // That nothing is to be repaired would be untrue of findings of files.
  const bool is_of_files = made.homeless > 0 && made.plan.actions.empty();
  if (!printed && !arguments.has("quiet") && !is_of_files) {
    TRY_DO(console.out.write(targets.empty() ? remediate::plan_text(made.plan, style)
                                             : remediate::plan_summary(made.plan)));
    if (!plan_file.empty()) TRY_DO(console.out.write(next_steps(made.plan, plan_file)));
  }
  if (made.homeless > 0)
    console.log.warning(
        fmt::format("{} of a file and not of a resource in AWS: mend the template ('sagewarden "
                    "scan' says where)",
                    count_of(made.homeless, "finding is", "findings are")));
  if (made.incomplete > 0)
    console.log.warning(fmt::format(
        "{} not read or not judged: the plan may lack repairs; see the report of a scan",
        count_of(made.incomplete, "thing was", "things were")));
  return made.incomplete > 0 || made.homeless > 0 || has_by_hand(made.plan) ? kExitIncomplete
                                                                            : kExitPassed;
}

Result<int> run_show(const Arguments& arguments, Console& console) {
  const std::string& file = arguments.positionals().front();
  for (const std::string& text : arguments.all("output"))
    if (!is_format(text.substr(0, text.find('='))))
      return fail(Error::Code::Invalid,
                  fmt::format("-o {}: say in which format, such as markdown={}: text, markdown, "
                              "script or json",
                              printable(text), printable(text.substr(text.find('=') + 1))));
  TRY_LET(std::vector<PlanTarget> targets, plan_targets(arguments));
  if (targets.empty()) targets.push_back({.format = "text"});
  std::error_code error;
  for (const PlanTarget& target : targets)
    if (std::filesystem::equivalent(file, target.file, error))
      return fail(Error::Code::Invalid,
                  fmt::format("-o {}: that is the plan itself", printable(target.file)));
  TRY_LET(const remediate::Plan plan, load_plan(file));
  TRY_DO(write_targets(plan, targets, render_style(arguments, console), console));
  return kExitPassed;
}

}  // namespace sagewarden
