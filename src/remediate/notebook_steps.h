// Steps on notebook instances, which changing one in place and replacing one share.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "remediate/plan.h"

namespace sagewarden::remediate {

inline constexpr std::string_view kNotebookStatus = "NotebookInstanceStatus";
inline constexpr std::string_view kRootAccess = "RootAccess";
inline constexpr std::string_view kNotebookPlatform = "PlatformIdentifier";
inline constexpr std::string_view kNotebookScripts = "NotebookInstanceLifecycleConfigName";
inline constexpr std::string_view kCurrentPlatform = "notebook-al2023-v1";
// As AWS's own waiters: 60 looks, 30 seconds apart; we look more often.
inline constexpr std::chrono::seconds kNotebookPause{10};
inline constexpr std::chrono::seconds kNotebookWait{1800};

// Whether Amazon Linux 2023 runs on it.
bool supports_current(std::string_view instance_type);
// Why an instance cannot be stopped, changed and started again, by its status and platform; empty
// when it can.
std::string notebook_status_obstacle(json::Value described);
std::string notebook_platform_obstacle(json::Value described);

PlannedCall notebook_call(std::string_view name, std::string_view operation);
// Reads the instance; any status on the way is `moving`.
Check notebook_check(std::string_view name);
Step stop_notebook(std::string_view name);
Step start_notebook(std::string_view name);
// An update, which needs the instance stopped and leaves it so.
Step update_notebook(std::string_view name, std::string title,
                     std::span<const std::pair<std::string_view, std::string>> values);

}  // namespace sagewarden::remediate
