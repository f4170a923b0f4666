// What each command does; one file a verb. commands.cc lists them.
#pragma once

#include "base/result.h"
#include "cli/arguments.h"
#include "cli/command.h"

namespace sagewarden {

Result<int> run_apply(const Arguments& arguments, Console& console);
Result<int> run_collect(const Arguments& arguments, Console& console);
Result<int> run_completion(const Arguments& arguments, Console& console);
Result<int> run_controls_list(const Arguments& arguments, Console& console);
Result<int> run_controls_reference(const Arguments& arguments, Console& console);
Result<int> run_controls_show(const Arguments& arguments, Console& console);
Result<int> run_controls_test(const Arguments& arguments, Console& console);
Result<int> run_diff(const Arguments& arguments, Console& console);
Result<int> run_doctor(const Arguments& arguments, Console& console);
Result<int> run_explain(const Arguments& arguments, Console& console);
Result<int> run_help(const Arguments& arguments, Console& console);
Result<int> run_man(const Arguments& arguments, Console& console);
Result<int> run_plan(const Arguments& arguments, Console& console);
Result<int> run_policy_audit(const Arguments& arguments, Console& console);
Result<int> run_policy_publish(const Arguments& arguments, Console& console);
Result<int> run_policy_remediate(const Arguments& arguments, Console& console);
Result<int> run_prevent_admission(const Arguments& arguments, Console& console);
Result<int> run_prevent_ci(const Arguments& arguments, Console& console);
Result<int> run_prevent_coverage(const Arguments& arguments, Console& console);
Result<int> run_prevent_guard(const Arguments& arguments, Console& console);
Result<int> run_prevent_scp(const Arguments& arguments, Console& console);
Result<int> run_publish_folder(const Arguments& arguments, Console& console);
Result<int> run_publish_s3(const Arguments& arguments, Console& console);
Result<int> run_publish_securityhub(const Arguments& arguments, Console& console);
Result<int> run_publish_sns(const Arguments& arguments, Console& console);
Result<int> run_publish_webhook(const Arguments& arguments, Console& console);
Result<int> run_resume(const Arguments& arguments, Console& console);
Result<int> run_scan(const Arguments& arguments, Console& console);
Result<int> run_show(const Arguments& arguments, Console& console);
Result<int> run_status(const Arguments& arguments, Console& console);
Result<int> run_undo(const Arguments& arguments, Console& console);

}  // namespace sagewarden
