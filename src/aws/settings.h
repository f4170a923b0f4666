// What the user set for all of our calls: on the command line, in the environment, in AWS's files.
#pragma once

#include <string>

#include "aws/config_file.h"
#include "aws/endpoint.h"
#include "aws/environment.h"
#include "aws/retry.h"
#include "base/result.h"

namespace sagewarden::aws {

// The command line's share; empty where nothing was given.
struct SettingsOptions {
  std::string profile = {};
  std::string region = {};
  std::string endpoint_url = {};  // for every service
  std::string ca_bundle = {};
};

struct Settings {
  std::string profile = "default";
  // Named on the command line: then the keys in the environment are not meant.
  bool profile_was_given = false;
  std::string region;  // empty when nothing says it
  EndpointSettings endpoints;
  RetrySettings retries;
  std::string ca_bundle;  // empty: the system's
};

// Errors name the variable or the file's setting. A profile that was asked for must exist.
Result<Settings> read_settings(const SettingsOptions& options, const Environment& environment,
                               const SharedConfig& config);

}  // namespace sagewarden::aws
