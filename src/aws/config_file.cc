#include "aws/config_file.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <utility>

#include "base/file.h"
#include "base/text.h"

namespace sagewarden::aws {
namespace {

constexpr size_t kMaxFileBytes = 4'000'000;
// How sections of the credentials file are kept apart from the profiles of the other.
constexpr std::string_view kCredentials = "credentials ";

// "profile NAME", "profile \"NAME\"", "default" → how the section is known here; empty for a
// heading that is none of ours (which AWS's tools, too, pass over).
std::string section_name(ConfigFile file, std::string_view heading) {
  if (file == ConfigFile::Credentials) return std::string(kCredentials) + std::string(heading);
  if (heading == "default") return "profile default";
  for (const std::string_view kind : {"profile", "sso-session", "services"}) {
    if (!heading.starts_with(kind)) continue;
    std::string_view name = heading.substr(kind.size());
    if (name.empty() || (name[0] != ' ' && name[0] != '\t')) continue;
    name = trim(name);
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"')
      name = name.substr(1, name.size() - 2);
    return std::string(kind) + " " + std::string(name);
  }
  return {};
}

struct Setting {
  std::string name;
  std::string_view value;
};

// Reads a file line by line into sections.
class FileReader {
 public:
  FileReader(ConfigFile file, const std::string& path,
             std::map<std::string, ConfigSection, std::less<>>& sections)
      : file_(file), path_(path), sections_(sections) {}

  Result<void> line(std::string_view text) {
    ++number_;
    const std::string_view content = trim(text);
    if (content.empty() || content[0] == '#' || content[0] == ';') return {};
    if (content[0] == '[') return heading(content);
    if (section_ == nullptr && !skipping_) return error("is not below a [heading]");
    if (skipping_) return {};
    const bool indented = text[0] == ' ' || text[0] == '\t';
    return indented && !last_.empty() ? continuation(content) : setting(content);
  }

 private:
  tl::unexpected<Error> error(std::string_view what) const {
    return fail(Error::Code::Invalid, fmt::format("{}:{}: this line {}", path_, number_, what));
  }

  Result<void> heading(std::string_view content) {
    if (!content.ends_with(']')) return error("begins with '[' but does not end with ']'");
    const std::string name = section_name(file_, trim(content.substr(1, content.size() - 2)));
    last_.clear();
    skipping_ = name.empty();
    section_ = nullptr;
    if (skipping_) return {};
    const auto [at, is_new] = sections_.try_emplace(name);
    if (!is_new)
      return error(fmt::format("begins {} a second time; the first is at {}", printable(content),
                               at->second.place));
    section_ = &at->second;
    section_->place = fmt::format("{}:{}", path_, number_);
    return {};
  }

  Result<Setting> split_setting(std::string_view content) const {
    const size_t equals = content.find('=');
    if (equals == std::string_view::npos || trim(content.substr(0, equals)).empty())
      return error("is no setting; one is NAME = VALUE");
    return Setting{lower(trim(content.substr(0, equals))), trim(content.substr(equals + 1))};
  }

  Result<void> setting(std::string_view content) {
    TRY_LET(Setting found, split_setting(content));
    const bool is_new = section_->values.try_emplace(found.name, Secret(found.value)).second;
    if (!is_new) return error(fmt::format("sets '{}' a second time", printable(found.name)));
    last_ = std::move(found.name);
    return {};
  }

  // An indented line goes on with the value above it, or is one of its settings.
  Result<void> continuation(std::string_view content) {
    Secret& above = section_->values[last_];
    const auto group = section_->nested.find(last_);
    if (!above.empty()) {
      above = Secret(std::string(above.reveal()) + "\n" + std::string(content));
      return {};
    }
    TRY_LET(Setting found, split_setting(content));
    auto& settings = group == section_->nested.end() ? section_->nested[last_] : group->second;
    if (!settings.try_emplace(found.name, Secret(found.value)).second)
      return error(
          fmt::format("sets '{}' of '{}' a second time", printable(found.name), printable(last_)));
    return {};
  }

  ConfigFile file_;
  const std::string& path_;
  std::map<std::string, ConfigSection, std::less<>>& sections_;
  ConfigSection* section_ = nullptr;
  bool skipping_ = false;  // below a heading that is none of ours
  std::string last_;       // the setting that an indented line belongs to
  size_t number_ = 0;
};

std::string_view value_of(const std::map<std::string, Secret, std::less<>>& values,
                          std::string_view name) {
  const auto found = values.find(name);
  return found == values.end() ? std::string_view() : found->second.reveal();
}

Result<void> add_file(SharedConfig& config, ConfigFile file, const std::string& path) {
  if (path.empty()) return {};
  Result<std::string> read = read_file(path, kMaxFileBytes);
  if (!read && read.error().code == Error::Code::NotFound) return {};
  if (!read) return tl::make_unexpected(read.error());
  std::string text = std::move(*read);
  Result<void> added = config.add(file, text, path);
  OPENSSL_cleanse(text.data(), text.size());  // the keys are in it
  return added;
}

}  // namespace

std::string_view ConfigSection::operator[](std::string_view name) const {
  return value_of(values, name);
}

std::string_view ConfigSection::nested_value(std::string_view group, std::string_view name) const {
  const auto found = nested.find(group);
  return found == nested.end() ? std::string_view() : value_of(found->second, name);
}

Result<void> SharedConfig::add(ConfigFile file, std::string_view text, const std::string& path) {
  FileReader reader(file, path, sections_);
  for (const std::string_view line : split(text, '\n')) TRY_DO(reader.line(line));
  return {};
}

const ConfigSection* SharedConfig::find(std::string_view kind, std::string_view name) const {
  const auto found = sections_.find(std::string(kind) + std::string(name));
  return found == sections_.end() ? nullptr : &found->second;
}

const ConfigSection* SharedConfig::credentials(std::string_view profile) const {
  return find(kCredentials, profile);
}
const ConfigSection* SharedConfig::profile(std::string_view profile) const {
  return find("profile ", profile);
}
const ConfigSection* SharedConfig::sso_session(std::string_view name) const {
  return find("sso-session ", name);
}
const ConfigSection* SharedConfig::services(std::string_view name) const {
  return find("services ", name);
}

bool SharedConfig::has_profile(std::string_view name) const {
  return credentials(name) != nullptr || profile(name) != nullptr;
}

std::string_view SharedConfig::value(std::string_view profile_name, std::string_view name) const {
  for (const ConfigSection* section : {credentials(profile_name), profile(profile_name)}) {
    if (section != nullptr && !(*section)[name].empty()) return (*section)[name];
  }
  return {};
}

std::string expand_home(std::string_view path, const Environment& environment) {
  if (!path.starts_with("~/")) return std::string(path);
  const std::string home = environment("HOME");
  return home.empty() ? std::string() : home + std::string(path.substr(1));
}

Result<SharedConfig> read_shared_config(const Environment& environment) {
  const struct {
    ConfigFile file;
    const char* variable;
    std::string_view otherwise;
  } files[] = {{ConfigFile::Config, "AWS_CONFIG_FILE", "~/.aws/config"},
               {ConfigFile::Credentials, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"}};
  SharedConfig config;
  for (const auto& file : files) {
    const std::string set = environment(file.variable);
    TRY_DO(
        add_file(config, file.file, expand_home(set.empty() ? file.otherwise : set, environment)));
  }
  return config;
}

}  // namespace sagewarden::aws
