// Terraform and OpenTofu: plans and states as `show -json` prints them, and state files.
#include "base/json.h"
#include "source/source.h"
#include "source/terraform/documents.h"
#include "source/terraform/lookup.h"

namespace sagewarden {
namespace {

Result<void> invalid(const TextInput& input, const std::string& message) {
  return fail(Error::Code::Invalid, input.name + ": " + message);
}

// "1.2" and "0.1" are formats that we know; a later first number is one that breaks with them.
bool is_known_format(std::string_view version) {
  return version.starts_with("0.") || version.starts_with("1.");
}

Result<void> read_document(json::Value document, terraform::Emitter& emitter) {
  using terraform::read_plan;
  using terraform::read_state;
  using terraform::read_state_file;
  if (const std::string_view twice = terraform::repeated_name(document); !twice.empty())
    return fail(Error::Code::Invalid, "`" + std::string(twice) + "` is given twice");
  const json::Value format = document["format_version"];
  if (format.is_string()) {
    if (!is_known_format(format.string()))
      return fail(Error::Code::Invalid, "format_version " + std::string(format.string()) +
                                            " is none that this program reads (0.x and 1.x)");
    const bool plan = document["planned_values"].exists() ||
                      document["resource_changes"].exists() || document["configuration"].exists();
    return plan ? read_plan(document, emitter) : read_state(document, emitter);
  }
  const json::Value version = document["version"];
  if (version.kind() == json::Kind::Int && document["lineage"].exists()) {
    if (version.integer() == 4) return read_state_file(document, emitter);
    return fail(Error::Code::Invalid,
                "a state file of version " + std::to_string(version.integer()) +
                    ": only version 4 can be read; run `terraform show -json` and scan its output");
  }
  return fail(Error::Code::Invalid,
              "neither a plan nor a state: run `terraform show -json PLANFILE` for a plan, "
              "`terraform show -json` for the state, and scan its output");
}

}  // namespace

Result<void> read_terraform(const TextInput& input, const SourceOptions& options, Sink& sink) {
  json::Parser parser;
  const Result<json::Value> document = parser.parse_padded(input.text);
  if (!document) return invalid(input, document.error().message);
  terraform::Emitter emitter(input, options, sink);
  const Result<void> read = read_document(*document, emitter);
  emitter.finish();
  if (!read) return invalid(input, read.error().message);
  return {};
}

}  // namespace sagewarden
