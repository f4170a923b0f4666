// AWS's shared files, ~/.aws/config and ~/.aws/credentials.
// https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "aws/environment.h"
#include "aws/secret.h"
#include "base/result.h"

namespace sagewarden::aws {

// The settings below one [heading]. Names are in lower case; values are all kept as secrets, since
// some of them are.
struct ConfigSection {
  std::string place;  // "FILE:LINE" of the heading, for errors
  std::map<std::string, Secret, std::less<>> values;
  // `name =` followed by indented lines: the settings of that name.
  std::map<std::string, std::map<std::string, Secret, std::less<>>, std::less<>> nested;

  // The value, or an empty text.
  std::string_view operator[](std::string_view name) const;
  std::string_view nested_value(std::string_view group, std::string_view name) const;
};

enum class ConfigFile { Config, Credentials };

// The sections of both files.
class SharedConfig {
 public:
  // Adds what stands in a file. Profiles have a heading "[profile NAME]" (or "[default]") in the
  // one, "[NAME]" in the other. Errors name file and line; they never repeat a value.
  Result<void> add(ConfigFile file, std::string_view text, const std::string& path);

  // Null when neither file has it.
  const ConfigSection* credentials(std::string_view profile) const;  // of the credentials file
  const ConfigSection* profile(std::string_view profile) const;      // of the config file
  const ConfigSection* sso_session(std::string_view name) const;
  const ConfigSection* services(std::string_view name) const;

  bool has_profile(std::string_view name) const;
  // The profile's setting: of the credentials file, else of the config file; else an empty text.
  std::string_view value(std::string_view profile, std::string_view name) const;

 private:
  const ConfigSection* find(std::string_view kind, std::string_view name) const;

  std::map<std::string, ConfigSection, std::less<>> sections_;  // "profile NAME", "services NAME"
};

// Reads both files from where the environment says or AWS's places in the home folder. A file that
// does not exist is empty.
Result<SharedConfig> read_shared_config(const Environment& environment);

// The path with a leading "~/" replaced by the home folder.
std::string expand_home(std::string_view path, const Environment& environment);

}  // namespace sagewarden::aws
