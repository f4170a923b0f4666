#include "evaluate/exceptions.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <span>

#include "base/text.h"
#include "base/time.h"

namespace sagewarden {
namespace {

constexpr std::array<std::string_view, 2> kTopNames = {"exceptions", "version"};
constexpr std::array<std::string_view, 7> kEntryNames = {
    "accounts", "controls", "expires", "owner", "reason", "resources", "tags"};

// Two resources that have nothing in common but the service: a pattern that takes both takes all.
constexpr std::array<std::string_view, 2> kUnlikeArns = {
    "arn:aws:sagemaker:eu-west-1:000000000000:model/q",
    "arn:aws:sagemaker:us-east-2:999999999999:domain/z"};

// An empty file has no place to point at.
tl::unexpected<Error> error_at(std::string_view file, Mark mark, std::string_view what) {
  const std::string place =
      mark.line > 0 ? fmt::format(": line {}, column {}", mark.line, mark.column) : "";
  return fail(Error::Code::Invalid, fmt::format("{}{}: {}", file, place, what));
}

bool has_wildcard(std::string_view pattern) {
  return pattern.find_first_of("*?") != std::string_view::npos;
}
bool takes_every_resource(std::string_view pattern) {
  return std::all_of(kUnlikeArns.begin(), kUnlikeArns.end(),
                     [&](std::string_view arn) { return glob_match(pattern, arn); });
}

bool is_account(std::string_view text) {
  return text.size() == 12 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Reads one exceptions file; keeps its name for the messages.
class Reader {
 public:
  explicit Reader(std::string_view file) : file_(file) {}

  Result<Exceptions> document(std::string_view text) const {
    Result<Node> root = read_yaml_or_json(text);
    if (!root) return fail(root.error().code, std::string(file_) + ": " + root.error().message);
    if (!root->is_mapping())
      return error_at(file_, root->mark, "the file must be a mapping with the name \"exceptions\"");
    TRY_DO(only_known_names(*root, kTopNames));
    if (const Node* version = root->find("version"); version != nullptr && version->text != "1")
      return error_at(file_, version->mark,
                      "version \"" + printable(version->text) +
                          "\" of the exceptions file is not known to this program, which reads "
                          "version 1");
    const Node* list = root->find("exceptions");
    if (list == nullptr) return error_at(file_, root->mark, "the list \"exceptions\" is missing");
    if (!list->is_sequence())
      return error_at(file_, list->mark, "\"exceptions\" must be a list of entries");
    if (list->items.size() > kMaxExceptions)
      return error_at(file_, list->mark,
                      "more than " + std::to_string(kMaxExceptions) + " exceptions");
    Exceptions out;
    out.file = file_;
    for (const Node& item : list->items) {
      TRY_LET(PostureException read, entry(item));
      out.entries.push_back(std::move(read));
    }
    return out;
  }

 private:
  Result<void> only_known_names(const Node& node, std::span<const std::string_view> known) const {
    for (const Node::Entry& entry : node.entries) {
      if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
      std::string message = "\"" + printable(entry.key) + "\" is not known here";
      const std::string_view meant = nearest(entry.key, known);
      if (!meant.empty()) message += "; did you mean \"" + std::string(meant) + "\"?";
      return error_at(file_, entry.key_mark, message);
    }
    return {};
  }

  Result<PostureException> entry(const Node& node) const {
    if (!node.is_mapping())
      return error_at(file_, node.mark,
                      "an exception must be a mapping with a reason and an owner");
    TRY_DO(only_known_names(node, kEntryNames));
    PostureException out;
    out.mark = node.mark;
    TRY_LET(out.controls, patterns(node, "controls"));
    TRY_LET(out.resources, patterns(node, "resources"));
    TRY_LET(out.accounts, accounts(node));
    TRY_LET(out.tags, tags(node));
    TRY_LET(out.reason, required(node, "reason"));
    TRY_LET(out.owner, required(node, "owner"));
    TRY_LET(out.expires, expiry(node));
    TRY_DO(narrows(out));
    return out;
  }

  // One scalar that is neither null nor blank.
  Result<std::string> text_of(const Node& node, std::string_view name) const {
    if (!node.is_scalar() || node.kind == Node::Kind::Null || trim(node.text).empty())
      return error_at(file_, node.mark, "\"" + std::string(name) + "\" must be a text");
    if (!node.tag.empty())
      return error_at(file_, node.mark, "the tag " + printable(node.tag) + " means nothing here");
    return std::string(trim(node.text));
  }

  Result<std::string> required(const Node& node, std::string_view name) const {
    const Node* value = node.find(name);
    if (value == nullptr)
      return error_at(file_, node.mark, "the exception has no \"" + std::string(name) + "\"");
    return text_of(*value, name);
  }

  // A list of patterns, or one pattern alone; nothing when the name is not there.
  Result<std::vector<std::string>> patterns(const Node& node, std::string_view name) const {
    std::vector<std::string> out;
    const Node* value = node.find(name);
    if (value == nullptr) return out;
    if (value->is_mapping() || (value->is_sequence() && value->items.empty()))
      return error_at(file_, value->mark,
                      "\"" + std::string(name) + "\" must be a text or a list of texts");
    const std::span<const Node> items =
        value->is_sequence() ? std::span<const Node>(value->items) : std::span(value, 1);
    for (const Node& item : items) {
      TRY_LET(std::string pattern, text_of(item, name));
      if (pattern.size() > kMaxPatternBytes)
        return error_at(
            file_, item.mark,
            "the pattern is longer than " + std::to_string(kMaxPatternBytes) + " bytes");
      out.push_back(std::move(pattern));
    }
    return out;
  }

  Result<std::vector<std::string>> accounts(const Node& node) const {
    TRY_LET(std::vector<std::string> out, patterns(node, "accounts"));
    for (const std::string& account : out) {
      if (!is_account(account))
        return error_at(file_, node.find("accounts")->mark,
                        "\"" + printable(account) + "\" is no account: it must be 12 digits");
    }
    return out;
  }

  Result<std::map<std::string, std::string>> tags(const Node& node) const {
    std::map<std::string, std::string> out;
    const Node* value = node.find("tags");
    if (value == nullptr) return out;
    if (!value->is_mapping() || value->entries.empty())
      return error_at(file_, value->mark, "\"tags\" must be a mapping from key to pattern");
    for (const Node::Entry& entry : value->entries) {
      if (entry.value.text.size() > kMaxPatternBytes)
        return error_at(
            file_, entry.value.mark,
            "the pattern is longer than " + std::to_string(kMaxPatternBytes) + " bytes");
      if (!entry.value.is_scalar() || entry.value.kind == Node::Kind::Null)
        return error_at(file_, entry.value.mark,
                        "a tag's pattern must be a text; \"*\" takes every value");
      out.emplace(entry.key, entry.value.text);
    }
    return out;
  }

  Result<std::string> expiry(const Node& node) const {
    const Node* value = node.find("expires");
    if (value == nullptr) return std::string();
    TRY_LET(std::string date, text_of(*value, "expires"));
    if (!is_date(date))
      return error_at(file_, value->mark,
                      "\"" + printable(date) + "\" is no date: write it as YYYY-MM-DD");
    return date;
  }

  // An entry that accepts everything, or a whole set of controls everywhere, is a mistake or worse.
  Result<void> narrows(const PostureException& entry) const {
    const auto& controls = entry.controls;
    const auto& resources = entry.resources;
    const bool by_control =
        !controls.empty() && std::none_of(controls.begin(), controls.end(), has_wildcard);
    const bool by_resource = !resources.empty() &&
                             std::none_of(resources.begin(), resources.end(), takes_every_resource);
    if (by_control || by_resource || !entry.accounts.empty() || !entry.tags.empty()) return {};
    return error_at(file_, entry.mark,
                    "the exception accepts everything: name a control in full, or narrow it by "
                    "resources, accounts or tags");
  }

  std::string_view file_;
};

}  // namespace

Result<Exceptions> parse_exceptions(std::string_view file, std::string_view text) {
  return Reader(file).document(text);
}

}  // namespace sagewarden
