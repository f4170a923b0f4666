// The plan as a shell script.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/json_writer.h"
#include "base/text.h"
#include "remediate/family.h"
#include "remediate/images.h"
#include "remediate/render.h"

namespace sagewarden::remediate {
namespace {

// The AWS CLI's name of an operation: "UpdateMonitoringSchedule" is "update-monitoring-schedule".
std::string cli_name(std::string_view operation) {
  std::string out;
  for (const char c : operation) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    if (is_upper && !out.empty()) out += '-';
    out += is_upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

// The one answer of EC2 that steps look at has other names over the wire than in the AWS CLI.
std::string with_cli_names(std::string_view path) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"vpcEndpointSet", "VpcEndpoints"},
      {"routeTableIdSet", "RouteTableIds"},
      {"groupSet[groupId", "Groups[GroupId"},
      {".groupId", ".GroupId"},
      {".state", ".State"},
      {"[state", "[State"},
      {"privateDnsEnabled", "PrivateDnsEnabled"}};
  std::string out(path);
  if (!path.starts_with("vpcEndpointSet")) return out;
  for (const auto& [ours, theirs] : kNames)
    if (const size_t at = out.find(ours); at != std::string::npos)
      out.replace(at, ours.size(), theirs);
  return out;
}

// "[Key=Owner]", "[=rtb-1]": without their brackets.
std::string filter_of(std::string_view told) {
  const size_t equals = told.find('=');
  const std::string_view text = told.substr(equals + 1);
  // Over the wire it is a text.
  if (told == "PrivateDnsEnabled=true") return "[?PrivateDnsEnabled]|[0]";
  std::string quoted;
  json::append_quoted(quoted, text);
  return fmt::format("[?{}==`{}`]|[0]", equals == 0 ? "@" : told.substr(0, equals), quoted);
}

// A path of ours in JMESPath, for --query.
std::string query_of(std::string_view ours) {
  const std::string named = with_cli_names(ours);
  std::string_view path = named;
  std::string out;
  while (!path.empty()) {
    const size_t end = path.find(']');
    if (path.front() == '[' && path.find('=') < end) {
      // Of the lists that "[*]" gives, one.
      if (path[1] == '=' && out.find("[*]") != std::string::npos) out += "[]|";
      out += filter_of(path.substr(1, end - 1));
      path.remove_prefix(end + 1);
    } else {
      out += path.front();
      path.remove_prefix(1);
    }
  }
  return out;
}

// Both calls of skopeo; a look at an image gives its digest as --query of the AWS CLI would.
std::string skopeo_command(const PlannedCall& call) {
  const Result<json::Document> input = json::parse_document(call.input);
  const json::Value given = input ? input->root : json::Value();
  if (call.operation == kInspect)
    return "image_digest " + shell_quoted(given["image"].string_or(""));
  std::string out = "skopeo";
  for (const std::string& word : copy_words(given["from"].string_or(""), given["to"].string_or("")))
    out += " " + shell_quoted(word);
  return out;
}

// Plans name EC2's members as they go over the wire, where lists are in the singular; the AWS CLI
// does not.
void write_for_cli(json::Writer& out, json::Value value) {
  if (value.is_object()) {
    out.begin_object();
    for (const auto& [name, below] : value.members())
      write_for_cli(out.key(std::string(name) + (below.is_array() ? "s" : "")), below);
    out.end_object();
  } else if (value.is_array()) {
    out.begin_array();
    for (const json::Value element : value.elements()) write_for_cli(out, element);
    out.end_array();
  } else {
    out.value(value);
  }
}

std::string cli_input(const PlannedCall& call) {
  const Result<json::Document> input = json::parse_document(call.input);
  if (call.service != "ec2" || !input) return call.input;
  std::string text;
  json::Writer out(text);
  write_for_cli(out, input->root);
  return text;
}

std::string command(const PlannedCall& call, const Target& target) {
  if (is_skopeo_call(call)) return skopeo_command(call);
  // Of an object only the headers are of interest, and get-object wants a file for the rest.
  const bool is_object = call.service == "s3" && call.operation == "GetObject";
  return fmt::format("aws {} {} --region {} --cli-input-json {}",
                     is_object ? "s3api" : call.service,
                     is_object ? "head-object" : cli_name(call.operation),
                     shell_quoted(target.region), shell_quoted(cli_input(call)));
}

// `wanted` are JSON values; the CLI prints them as JSON too.
std::string pattern_of(const Expectation& expected) {
  std::vector<std::string> values;
  for (const std::string& value : expected.values) values.push_back(shell_quoted(value));
  if (values.empty()) values.emplace_back("null");
  return fmt::format("{}", fmt::join(values, "|"));
}

void write_step(std::string& out, const Step& step, const Target& target) {
  out += fmt::format("\n# {} {}\n", step.id, printable(step.title));
  out += fmt::format("echo {}\n", shell_quoted(step.id + " " + printable(step.title)));
  if (!only_waits(step)) out += command(step.call, target) + " > /dev/null\n";
  const long tries =
      std::max<long>(1, step.check.most.count() / std::max<long>(1, step.check.every.count()));
  if (step.check.reached.empty()) {
    out += fmt::format("wait_gone {} {} {}\n", tries, step.check.every.count(),
                       command(step.check.read, target));
    return;
  }
  for (const Expectation& expected : step.check.reached)
    out += fmt::format("wait_for {} {} {} {}\n", tries, step.check.every.count(),
                       shell_quoted(pattern_of(expected)),
                       is_skopeo_call(step.check.read)
                           ? command(step.check.read, target)
                           : command(step.check.read, target) + " --output json --query " +
                                 shell_quoted(query_of(expected.path)));
}

constexpr std::string_view kScriptHead = R"(set -euo pipefail

# wait_for TRIES SECONDS PATTERN COMMAND...: until the command prints what the pattern of `case` matches.
wait_for() {
  local tries=$1 seconds=$2 pattern=$3 found=
  shift 3
  while ((tries-- > 0)); do
    found=$("$@" 2> /dev/null || true)
    eval "case \$found in $pattern) return 0 ;; esac"
    sleep "$seconds"
  done
  echo "not reached: wanted $pattern, found $found" >&2
  return 1
}

# wait_gone TRIES SECONDS COMMAND...: until AWS no longer finds it.
wait_gone() {
  local tries=$1 seconds=$2 said=
  shift 2
  while ((tries-- > 0)); do
    if ! said=$("$@" 2>&1 > /dev/null); then
      case $said in *ResourceNotFound* | *RecordNotFound* | *"Could not find"*) return 0 ;; esac
    fi
    sleep "$seconds"
  done
  echo "still there" >&2
  return 1
}

# image_digest IMAGE: as JSON.
image_digest() {
  skopeo inspect --raw "docker://$1" | sha256sum | sed 's/\([0-9a-f]*\).*/"sha256:\1"/'
}

own=$(aws sts get-caller-identity --query Account --output text)
)";

}  // namespace

std::string plan_script(const Plan& plan) {
  std::string out = fmt::format(
      "#!/usr/bin/env bash\n"
      "# Repairs what plan {} repairs, made {}. It holds the whole configuration of resources, "
      "environment\n"
      "# variables too: keep it to yourself. Unlike `sagewarden apply` it does not look whether a "
      "resource has changed\n"
      "# since, keeps no journal and takes nothing back.\n",
      plan_id(plan), printable(plan.made));
  out += kScriptHead;
  for (const Action& action : plan.actions) {
    const Target& first = action.resources.front();
    if (action.way == Way::ByHand) {
      out += fmt::format("\n# By hand: {}: {}\n", printable(target_text(first)),
                         printable(fmt::format("{}", fmt::join(action.advice, "; "))));
      continue;
    }
    out += fmt::format("\n# ---- {} {}: {}\n", action.id, printable(target_text(first)),
                       printable(action.summary));
    out += fmt::format(
        "[[ $own == {} ]] || {{ echo \"these credentials are of account $own, not \"{} >&2; "
        "exit 1; }}\n",
        shell_quoted(first.account), shell_quoted(first.account));
    for (const Step& step : action.steps) write_step(out, step, first);
    if (action.cleanup.empty()) continue;
    out += "\n# What was replaced. Take the marks away when nothing needs it any more.\n";
    for (const Step& step : action.cleanup)
      out += fmt::format("# {} {}\n# {}\n", step.id, printable(step.title),
                         printable(command(step.call, first)));
  }
  return out;
}

}  // namespace sagewarden::remediate
