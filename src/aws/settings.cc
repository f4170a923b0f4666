#include "aws/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.h"

namespace sagewarden::aws {
namespace {

// A value and where it was set.
struct Found {
  std::string value;
  std::string from;
};

// Looks a setting up in the environment first, then in the profile.
class Lookup {
 public:
  Lookup(const Environment& environment, const SharedConfig& config, std::string_view profile)
      : environment_(environment), config_(config), profile_(profile) {}

  Found find(const char* variable, std::string_view setting) const {
    if (std::string value = environment_(variable); !value.empty())
      return {std::move(value), variable};
    return in_profile(setting);
  }

  Found in_profile(std::string_view setting) const {
    return {std::string(config_.value(profile_, setting)),
            fmt::format("{} of the profile {}", setting, printable(profile_))};
  }

  Result<bool> flag(const char* variable, std::string_view setting) const {
    const Found found = find(variable, setting);
    const std::string word = lower(found.value);
    if (word.empty() || word == "false") return false;
    if (word == "true") return true;
    return fail(Error::Code::Invalid, fmt::format("{} is '{}', but must be true or false",
                                                  found.from, printable(found.value)));
  }

 private:
  const Environment& environment_;
  const SharedConfig& config_;
  std::string_view profile_;
};

Result<RetrySettings> read_retries(const Lookup& lookup) {
  RetrySettings retries;
  const Found mode = lookup.find("AWS_RETRY_MODE", "retry_mode");
  const std::string word = lower(mode.value);
  // "legacy" is how older SDKs waited; none of it is worth having.
  if (word == "standard" || word == "legacy") {
    retries.mode = RetryMode::Standard;
  } else if (!word.empty() && word != "adaptive") {
    return fail(Error::Code::Invalid, fmt::format("{} is '{}', but must be standard or adaptive",
                                                  mode.from, printable(mode.value)));
  }
  const Found attempts = lookup.find("AWS_MAX_ATTEMPTS", "max_attempts");
  if (attempts.value.empty()) return retries;
  const char* end = attempts.value.data() + attempts.value.size();
  const auto [stop, error] = std::from_chars(attempts.value.data(), end, retries.max_attempts);
  constexpr int kMost = 100;
  if (error != std::errc() || stop != end || retries.max_attempts < 1 ||
      retries.max_attempts > kMost)
    return fail(Error::Code::Invalid, fmt::format("{} is '{}', but must be a number from 1 to {}",
                                                  attempts.from, printable(attempts.value), kMost));
  return retries;
}

// What is most specific and nearest to the user comes first.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
Result<std::vector<EndpointSettings::Override>> read_overrides(const SettingsOptions& options,
                                                               const Environment& environment,
                                                               const SharedConfig& config,
                                                               const Settings& settings) {
  std::vector<EndpointSettings::Override> found;
  const auto add = [&](std::string key, std::string url, std::string from) {
    if (!url.empty()) found.push_back({std::move(key), std::move(url), std::move(from)});
  };
  add("", options.endpoint_url, "--endpoint-url");
  const Lookup lookup(environment, config, settings.profile);
  TRY_LET(const bool ignored,
          lookup.flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls"));
  if (ignored) return found;

  for (const Service& service : services()) {
    std::string variable = "AWS_ENDPOINT_URL_" + std::string(service.key);
    std::ranges::transform(variable, variable.begin(), [](char c) {
      return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    add(std::string(service.key), environment(variable.c_str()), variable);
  }
  add("", environment("AWS_ENDPOINT_URL"), "AWS_ENDPOINT_URL");
  const Found name = lookup.in_profile("services");
  if (!name.value.empty()) {
    const ConfigSection* section = config.services(name.value);
    if (section == nullptr)
      return fail(Error::Code::NotFound,
                  fmt::format("{} is '{}', but there is no section [services {}]", name.from,
                              printable(name.value), printable(name.value)));
    for (const Service& service : services())
      add(std::string(service.key), std::string(section->nested_value(service.key, "endpoint_url")),
          fmt::format("{} of [services {}]", service.key, printable(name.value)));
  }
  const Found general = lookup.in_profile("endpoint_url");
  add("", general.value, general.from);
  return found;
}

}  // namespace

Result<Settings> read_settings(const SettingsOptions& options, const Environment& environment,
                               const SharedConfig& config) {
  Settings settings;
  std::string named = options.profile;
  std::string_view from = "--profile";
  if (named.empty()) {
    named = environment("AWS_PROFILE");
    from = "AWS_PROFILE";
  }
  if (!named.empty() && named != "default" && !config.has_profile(named))
    return fail(
        Error::Code::NotFound,
        fmt::format("{} names the profile '{}', which is neither in the AWS config file nor "
                    "in the credentials file",
                    from, printable(named)));
  if (!named.empty()) settings.profile = named;
  settings.profile_was_given = !options.profile.empty();

  const Lookup lookup(environment, config, settings.profile);
  settings.region = options.region;
  if (settings.region.empty()) settings.region = environment("AWS_REGION");
  if (settings.region.empty()) settings.region = lookup.find("AWS_DEFAULT_REGION", "region").value;
  settings.ca_bundle = options.ca_bundle.empty() ? lookup.find("AWS_CA_BUNDLE", "ca_bundle").value
                                                 : options.ca_bundle;
  TRY_LET(settings.endpoints.fips, lookup.flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"));
  TRY_LET(settings.endpoints.dual_stack,
          lookup.flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"));
  TRY_LET(settings.retries, read_retries(lookup));
  TRY_LET(settings.endpoints.overrides, read_overrides(options, environment, config, settings));
  return settings;
}

}  // namespace sagewarden::aws
