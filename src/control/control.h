// A control: metadata, two CEL expressions and its own tests, read from one YAML file. Pure: texts
// come in, no file is opened here.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/node.h"
#include "cel/cel.h"
#include "model/control_info.h"
#include "model/resource.h"

namespace sagewarden {

// What applying a control to a resource gives. NotApplicable makes no finding.
enum class Verdict : uint8_t { NotApplicable, Passed, Failed, Warning, NotAvailable };

struct ControlTest {
  std::string name;
  std::string given;   // JSON: the resource's properties
  std::string tags;    // JSON object
  std::string params;  // JSON object: parameters that differ from the defaults
  std::string account, region;
  // Places: property paths, "tags" or "tags.Owner".
  std::vector<std::string> unknown;          // the source does not know them
  std::vector<std::string> set_but_unknown;  // known to be set, to a value that is not known
  std::vector<std::string> denied;           // the call that reads them was denied
  Verdict expect = Verdict::NotApplicable;
  Mark mark;
};

struct Control {
  ControlInfo info;
  std::string file;  // where it was read from, for messages
  cel::Program applies;
  cel::Program passes;
  json::Document parameters;  // the `params` variable: name → value in force
  std::vector<ControlTest> tests;
  // What `account` and `region` are where the source does not know them.
  UnknownNode unknown_account;
  UnknownNode unknown_region;
};

// A control file that is larger is no control file.
inline constexpr size_t kMaxControlBytes = size_t{256} * 1024;
// A place in a control's test ("A.B[0].C") that is longer is an error.
inline constexpr size_t kMaxTestPathBytes = 512;

// Whether a control's tests are read: they are most of a file, and a scan by the catalogue, whose
// tests have been run when it was built, needs none.
enum class ReadTests : uint8_t { No, Yes };

// Reads one control file. Errors name file, line and column: a missing or unknown field, an
// expression that does not compile (with the caret), a parameter that is used and not declared, or
// declared and not used, an id of the catalogue's in the set "user".
Result<Control> parse_control(std::string_view file, std::string_view text, std::string_view set,
                              ReadTests tests = ReadTests::Yes);

// Reads the controls compiled into the program, in the order of their numbers; only those of one
// set, or of all sets when it is empty.
Result<std::vector<Control>> load_builtin_controls(std::string_view set = {},
                                                   ReadTests tests = ReadTests::Yes);

// Errors when two controls have the same id (whatever the case of its letters), naming both files.
Result<void> check_unique_ids(std::span<const Control> controls);

// Sets a parameter's value from the command line's text. Errors: no such parameter, not of its
// type.
Result<void> set_parameter(Control& control, std::string_view name, std::string_view value);

// The control files compiled into the program.
struct BuiltinControl {
  std::string_view file;  // "controls/SageMaker.16.yaml"
  std::string_view set;   // "security-hub" or "sagewarden"
  std::string_view text;
};
std::span<const BuiltinControl> builtin_controls();

// Applies a control to a resource of its type: PASSED only if `passes` is the value true. Two
// threads may judge by the same control at once, each with its scratch.
Verdict judge(const Control& control, const Resource& resource, cel::Scratch& scratch);

// Why: for a verdict of Failed, Warning or NotAvailable. Reasons (with the control's note) and
// evidence, paths without the leading "resource.".
struct Grounds {
  std::vector<Reason> reasons;
  std::vector<Evidence> evidence;
};
Grounds explain(const Control& control, const Resource& resource, Verdict verdict,
                cel::Scratch& scratch);

// Runs the tests inside a control's file.
struct TestOutcome {
  const ControlTest* test = nullptr;
  Verdict got = Verdict::NotApplicable;
  std::string message;  // empty when as expected
};
std::vector<TestOutcome> run_tests(const Control& control);

}  // namespace sagewarden
