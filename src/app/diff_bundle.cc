// Bundles, and inventories, as a side of a comparison.
#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "app/diff_side.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "control/secrets.h"
#include "model/resource_type.h"
#include "source/inventory/inventory.h"

namespace sagewarden {
namespace {

constexpr std::string_view kNotSet = "not set";
constexpr std::string_view kNotKnown = "not known";

// ---- what differs between two states of a resource ----

// A value, and what is not known of it.
struct Known {
  json::Value value;
  const UnknownNode* unknown = nullptr;

  bool is_unknown() const {
    if (unknown == nullptr) return false;
    return unknown->unknown || (unknown->is_open() && !value.exists());
  }
  Known member(std::string_view name) const {
    return {value[name], unknown == nullptr ? nullptr : unknown->below(name)};
  }
};

std::string text_of(std::string_view path, const Known& side) {
  if (side.is_unknown()) return std::string(kNotKnown);
  return side.value.exists() ? shown(path, side.value) : std::string(kNotSet);
}

std::string json_of(json::Value value) {
  std::string out;
  json::Writer(out).value(value);
  return out;
}

class Comparison {
 public:
  explicit Comparison(std::vector<ValueChange>& changes) : changes_(changes) {}

  // Recursion is bounded by the JSON reader's limit on nesting.
  void compare(const std::string& path, const Known& a,
               const Known& b) {  // NOLINT(misc-no-recursion)
    const bool is_unclear = a.is_unknown() != b.is_unknown();
    if (a.is_unknown() && b.is_unknown()) return;
    if (!is_unclear && a.value.is_object() && b.value.is_object()) return members(path, a, b);
    if (!is_unclear && a.value.is_array() && b.value.is_array()) return elements(path, a, b);
    const bool is_same = a.value.exists() == b.value.exists() &&
                         (!a.value.exists() || json_of(a.value) == json_of(b.value));
    if (is_unclear || !is_same)
      changes_.push_back({path, text_of(path, a), text_of(path, b), is_unclear});
  }

 private:
  static void add_names(const Known& of, std::set<std::string, std::less<>>& names) {
    for (const auto& [name, value] : of.value.members()) names.emplace(name);
    if (of.unknown == nullptr) return;
    for (const auto& [name, node] : of.unknown->children()) names.insert(name);
  }

  void members(const std::string& path, const Known& a,
               const Known& b) {  // NOLINT(misc-no-recursion)
    std::set<std::string, std::less<>> names;
    add_names(a, names);
    add_names(b, names);
    for (const std::string& name : names)
      compare(path.empty() ? name : fmt::format("{}.{}", path, name), a.member(name),
              b.member(name));
  }

  void elements(const std::string& path, const Known& a,
                const Known& b) {  // NOLINT(misc-no-recursion)
    std::vector<json::Value> before, after;
    for (const json::Value element : a.value.elements()) before.push_back(element);
    for (const json::Value element : b.value.elements()) after.push_back(element);
    for (size_t i = 0; i < std::max(before.size(), after.size()); ++i) {
      const auto side = [&](const std::vector<json::Value>& list, const Known& of) {
        return Known{i < list.size() ? list[i] : json::Value(),
                     of.unknown == nullptr ? nullptr : of.unknown->below(i)};
      };
      compare(fmt::format("{}[{}]", path, i), side(before, a), side(after, b));
    }
  }

  std::vector<ValueChange>& changes_;
};

// Hands one resource on.
class OneResource : public Sink {
 public:
  explicit OneResource(const std::function<void(const Resource&)>& take) : take_(take) {}
  void resource(const Resource& resource) override { take_(resource); }
  void gap(Gap /*gap*/) override {}
  void passed_over(std::string_view /*reason*/, std::string_view /*type*/) override {}

 private:
  const std::function<void(const Resource&)>& take_;
};

// The resource that an item's text holds.
void with_resource(const DiffItem& item, const std::function<void(const Resource&)>& take) {
  std::string text = "{\"sagewarden_inventory\":1}\n" + item.text;
  const size_t size = text.size();
  text.append(json::kPadding, '\0');
  const std::string_view type = item.type;
  SourceOptions options;
  options.types = {&type, 1};
  OneResource sink(take);
  // It was read from a line like this one before.
  (void)read_inventory({item.key, std::string_view(text).substr(0, size)}, options, sink);
}

// ---- reading a file ----

// What is not known to have been listed, by account, Region and type; empty: any.
struct Unlisted {
  std::string account;
  std::string region;
  std::string type;

  friend bool operator<(const Unlisted& a, const Unlisted& b) {
    return std::tie(a.account, a.region, a.type) < std::tie(b.account, b.region, b.type);
  }
};

// Whether the failed call takes with it what may have been there, and not only what is known to be.
bool hides_others(const Gap& gap) {
  if (gap.code == "MALFORMED") return true;  // what could not even be named is not there
  return !gap.operation.starts_with("sagemaker:Describe") && gap.operation != "sagemaker:ListTags";
}

struct Findings {
  size_t gaps = 0;
  size_t other_types = 0;
  std::string damage;  // what is wrong with the file itself
  std::set<Unlisted> unlisted;
};

class ItemSink : public Sink {
 public:
  ItemSink(const std::string& file, const std::function<void(DiffItem)>& take, Findings& found)
      : file_(file), take_(take), found_(found) {}

  void resource(const Resource& resource) override {
    DiffItem item;
    item.type = resource.type;
    item.name = resource.name;
    item.arn = resource.arn;
    item.account = resource.account;
    item.region = resource.region;
    item.time = resource.captured_at;
    if (item.arn.empty()) {
      item.file = resource.location->address.empty() ? file_ : resource.location->address;
      item.arn = resource.location->address.empty() ? std::string(resource.id) : item.file;
      item.key = fmt::format("{}\n{}\n{}\n{}\n{}", item.type, item.account, item.region, item.name,
                             item.arn);
    } else {
      item.key = item.arn;
    }
    // Where and when it was read is no difference.
    const Location nowhere;
    Resource plain = resource;
    plain.location = &nowhere;
    plain.captured_at = {};
    plain.id = {};
    plain.defaulted = nullptr;
    plain.suppressions = nullptr;
    append_resource(item.text, plain);
    take_(std::move(item));
  }
  void gap(Gap gap) override {
    if (gap.code == "NOT_COLLECTED") return;  // the header says so
    if (gap.location.file == file_ && gap.kind != Gap::Kind::Call) {
      if (found_.damage.empty()) found_.damage = gap.message;
      return;
    }
    ++found_.gaps;
    if (hides_others(gap)) found_.unlisted.insert({gap.account, gap.region, gap.type});
  }
  void passed_over(std::string_view reason, std::string_view /*type*/) override {
    if (reason == "other type") ++found_.other_types;
  }
  void covered(const CoverageRow& row) override {
    if (!row.complete) found_.unlisted.insert({row.account, row.region, row.type});
  }

 private:
  const std::string& file_;
  const std::function<void(DiffItem)>& take_;
  Findings& found_;
};

class BundleSide : public DiffSideReader {
 public:
  BundleSide(std::string file, std::vector<InventoryHeader> headers, Progress& progress)
      : file_(std::move(file)), headers_(std::move(headers)), progress_(progress) {
    for (const ResourceType& type : resource_types()) types_.emplace_back(type.cloudformation);
    for (const InventoryHeader& header : headers_) {
      if (!header.asked) continue;
      for (const Asked::Type& type : header.asked->types) types_.emplace_back(type.type);
    }
    std::ranges::sort(types_);
    types_.erase(std::unique(types_.begin(), types_.end()), types_.end());
  }

  Result<void> each(const std::function<void(DiffItem)>& take) override {
    found_ = {};
    SourceOptions options;
    options.types = types_;
    ItemSink sink(file_, take, found_);
    TRY_LET(InputStream input, InputStream::open(file_, &progress_.stop));
    Result<void> read = read_inventory_stream(input, file_, options, sink, progress_);
    if (!read && !read.error().message.starts_with(file_))
      read.error().message.insert(0, file_ + ": ");
    return read;
  }

  bool looked_for(const DiffItem& item) const override {
    if (!found_.damage.empty()) return false;
    const bool asked = std::ranges::any_of(headers_, [&](const InventoryHeader& header) {
      return header.asked && asks_for(*header.asked, item);
    });
    if (!asked) return false;
    for (const std::string& account : {item.account, std::string()}) {
      for (const std::string& region : {item.region, std::string()}) {
        for (const std::string& type : {item.type, std::string()}) {
          if (found_.unlisted.contains({account, region, type})) return false;
        }
      }
    }
    return true;
  }

  Difference compare(const DiffItem& before, const DiffItem& after) const override {
    Difference out;
    out.type = after.type;
    out.name = after.name;
    out.arn = after.arn;
    out.account = after.account;
    out.region = after.region;
    Comparison comparison(out.values);
    with_resource(before, [&](const Resource& a) {
      with_resource(after, [&](const Resource& b) {
        comparison.compare("", {a.properties, a.unknown_properties},
                           {b.properties, b.unknown_properties});
        comparison.compare("tags", {a.tags, a.unknown_tags}, {b.tags, b.unknown_tags});
      });
    });
    const bool is_unclear = std::ranges::all_of(out.values, &ValueChange::is_unclear);
    out.change = is_unclear ? Change::Unclear : Change::Changed;
    for (ValueChange& value : out.values) {
      if (value.path.empty()) value.path = "all properties";
    }
    return out;
  }

  std::vector<std::string> notes() const override {
    std::vector<std::string> out;
    if (!found_.damage.empty()) out.push_back(fmt::format("{}: {}", file_, found_.damage));
    if (found_.gaps > 0)
      out.push_back(fmt::format("{} has {}: what could not be read is not compared", file_,
                                count_of(found_.gaps, "gap")));
    if (found_.other_types > 0)
      out.push_back(fmt::format("{}: {} of types that this program does not know, not compared",
                                file_, count_of(found_.other_types, "resource")));
    if (std::ranges::any_of(headers_, [](const InventoryHeader& of) { return !of.asked; }))
      out.push_back(fmt::format(
          "{} does not say what was looked at: that something is not there says nothing", file_));
    return out;
  }

  DiffSide about() const override {
    return {file_, headers_.empty() ? std::string() : headers_.front().created};
  }

  std::string origin() const override {
    return headers_.empty() || !headers_.front().asked ? "" : headers_.front().asked->from;
  }

 private:
  static bool asks_for(const Asked& asked, const DiffItem& item) {
    const auto account = std::ranges::find(asked.accounts, item.account, &Asked::Account::account);
    return account != asked.accounts.end() &&
           std::ranges::find(account->regions, item.region) != account->regions.end() &&
           std::ranges::find(asked.types, item.type, &Asked::Type::type) != asked.types.end();
  }

  const std::string file_;
  const std::vector<InventoryHeader> headers_;
  Progress& progress_;
  std::vector<std::string_view> types_;
  Findings found_;
};

}  // namespace

Result<std::unique_ptr<DiffSideReader>> open_bundle_side(const std::string& file,
                                                         Progress& progress) {
  Result<std::vector<InventoryHeader>> headers = read_inventory_headers(file, progress);
  if (!headers)
    return fail(headers.error().code, fmt::format("{}: {}", file, headers.error().message));
  return std::make_unique<BundleSide>(file, std::move(*headers), progress);
}

}  // namespace sagewarden
