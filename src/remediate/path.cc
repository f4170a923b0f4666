#include "remediate/path.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "base/json_writer.h"

namespace sagewarden::remediate {
namespace {

// One part of a path: a name, a position, any element, or a member that tells an element, where
// without its name the element itself does.
struct PathStep {
  std::string_view name = {};
  std::optional<size_t> position = {};
  bool any = false;
  std::string_view member = {};
  std::string_view text = {};
};

std::optional<size_t> position_of(std::string_view text) {
  size_t position = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), position);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return position;
}

// Takes the first part away from the path.
PathStep take_step(std::string_view& path) {
  PathStep step;
  if (path.starts_with('[')) {
    const size_t end = std::min(path.find(']'), path.size());
    const std::string_view inside = path.substr(1, end - 1);
    path.remove_prefix(std::min(end + 1, path.size()));
    if (const size_t equals = inside.find('='); equals != std::string_view::npos) {
      step.member = inside.substr(0, equals);
      step.text = inside.substr(equals + 1);
    } else if (inside == "*") {
      step.any = true;
    } else {
      step.position = position_of(inside);
    }
  } else {
    const size_t end = std::min(path.find_first_of(".["), path.size());
    step.name = path.substr(0, end);
    path.remove_prefix(end);
  }
  if (path.starts_with('.')) path.remove_prefix(1);
  return step;
}

json::Value look(json::Value value, const PathStep& step) {
  if (!step.name.empty()) return value[step.name];
  if (step.position) return value.at(*step.position);
  for (const json::Value element : value.elements()) {
    const json::Value told = step.member.empty() ? element : element[step.member];
    if (told.is_string() && told.string() == step.text) return element;
  }
  return {};
}

// An edit, and what is left of its path.
struct Left {
  std::string_view path;
  std::string_view json;
};

bool begins_with(const PathStep& step, std::string_view name, size_t position) {
  return step.position ? *step.position == position : step.name == name;
}

// The edits that are about one member or element.
std::vector<Left> edits_of(const std::vector<Left>& edits, std::string_view name, size_t position) {
  std::vector<Left> found;
  for (const Left& edit : edits) {
    std::string_view rest = edit.path;
    if (begins_with(take_step(rest), name, position)) found.push_back({rest, edit.json});
  }
  return found;
}

void write_edited(json::Writer& out, json::Value value, const std::vector<Left>& edits);

// Whether anything is left of the value.
bool is_taken(const std::vector<Left>& edits) {
  return std::ranges::any_of(
      edits, [](const Left& edit) { return edit.path.empty() && edit.json.empty(); });
}

void write_object(json::Writer& out, json::Value object, const std::vector<Left>& edits) {
  out.begin_object();
  for (const auto& [name, value] : object.members()) {
    const std::vector<Left> below = edits_of(edits, name, 0);
    if (is_taken(below)) continue;
    write_edited(out.key(name), value, below);
  }
  // What is new, once for each name.
  std::vector<std::string_view> added;
  for (const Left& edit : edits) {
    std::string_view rest = edit.path;
    const std::string_view name = take_step(rest).name;
    if (name.empty() || object[name].exists() || std::ranges::find(added, name) != added.end())
      continue;
    added.push_back(name);
    const std::vector<Left> below = edits_of(edits, name, 0);
    if (!is_taken(below)) write_edited(out.key(name), {}, below);
  }
  out.end_object();
}

void write_array(json::Writer& out, json::Value array, const std::vector<Left>& edits) {
  out.begin_array();
  size_t position = 0;
  for (const json::Value element : array.elements()) {
    const std::vector<Left> below = edits_of(edits, {}, position++);
    if (!is_taken(below)) write_edited(out, element, below);
  }
  out.end_array();
}

void write_edited(json::Writer& out, json::Value value, const std::vector<Left>& edits) {
  if (edits.empty()) {
    out.value(value);
    return;
  }
  if (edits.back().path.empty())
    out.raw(edits.back().json);
  else if (value.is_array())
    write_array(out, value, edits);
  else
    write_object(out, value, edits);
}

void write_canonical(json::Writer& out, json::Value value) {
  if (value.is_array()) {
    out.begin_array();
    for (const json::Value element : value.elements()) write_canonical(out, element);
    out.end_array();
  } else if (value.is_object()) {
    std::vector<json::Member> members;
    for (const json::Member member : value.members()) members.push_back(member);
    std::ranges::stable_sort(members, {}, &json::Member::key);
    out.begin_object();
    for (const auto& [name, below] : members) write_canonical(out.key(name), below);
    out.end_object();
  } else {
    out.value(value);
  }
}

// Whether the path, or what it lies below, is one of them.
bool is_ignored(std::string_view whole, std::span<const std::string> ignore) {
  return std::ranges::any_of(ignore, [&](std::string_view ignored) {
    std::string_view path = whole;
    while (!path.empty() && !ignored.empty()) {
      if (ignored.starts_with("[*]") && path.starts_with('[')) {
        ignored.remove_prefix(3);
        path.remove_prefix(std::min(path.find(']') + 1, path.size()));
      } else if (ignored.front() == path.front()) {
        ignored.remove_prefix(1);
        path.remove_prefix(1);
      } else {
        return false;
      }
    }
    return ignored.empty() && (path.empty() || path.front() == '.' || path.front() == '[');
  });
}

std::string find_difference(json::Value a, json::Value b, const std::string& path,
                            std::span<const std::string> ignore) {
  if (!path.empty() && is_ignored(path, ignore)) return {};
  if (a.is_object() && b.is_object()) {
    const std::string prefix = path.empty() ? "" : path + ".";
    for (const auto& [name, value] : a.members()) {
      std::string found = find_difference(value, b[name], prefix + std::string(name), ignore);
      if (!found.empty()) return found;
    }
    for (const auto& [name, value] : b.members()) {
      std::string added = prefix + std::string(name);
      if (!a[name].exists() && !is_ignored(added, ignore)) return added;
    }
    return {};
  }
  if (a.is_array() && b.is_array() && a.size() == b.size()) {
    for (size_t i = 0; i < a.size(); ++i) {
      std::string found =
          find_difference(a.at(i), b.at(i), path + "[" + std::to_string(i) + "]", ignore);
      if (!found.empty()) return found;
    }
    return {};
  }
  if (a.exists() && b.exists() && canonical(a) == canonical(b)) return {};
  return path.empty() ? "the whole" : path;
}

}  // namespace

json::Value at_path(json::Value root, std::string_view path) {
  while (!path.empty() && root.exists()) {
    const PathStep step = take_step(path);
    if (!step.any) {
      root = look(root, step);
      continue;
    }
    for (const json::Value element : root.elements())
      if (const json::Value found = at_path(element, path); found.exists()) return found;
    return {};
  }
  return root;
}

std::string edited(json::Value object, std::span<const Edit> edits) {
  std::vector<Left> all;
  for (const Edit& edit : edits) all.push_back({edit.path, edit.json});
  std::string text;
  json::Writer out(text);
  write_object(out, object, all);
  return text;
}

std::string canonical(json::Value value) {
  std::string text;
  json::Writer out(text);
  write_canonical(out, value);
  return text;
}

std::string difference(json::Value a, json::Value b, std::span<const std::string> ignore) {
  return find_difference(a, b, {}, ignore);
}

}  // namespace sagewarden::remediate
