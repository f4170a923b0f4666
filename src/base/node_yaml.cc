// read_yaml(): YAML with positions, composed from libyaml's events.
#include <yaml.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <unordered_map>

#include "base/node.h"
#include "base/node_names.h"
#include "base/text.h"

namespace sagewarden {
namespace {

Mark mark_of(const yaml_mark_t& mark) {
  return {static_cast<uint32_t>(mark.line + 1), static_cast<uint32_t>(mark.column + 1)};
}

std::string at(Mark mark, const std::string& why) {
  return "line " + std::to_string(mark.line) + ", column " + std::to_string(mark.column) + ": " +
         why;
}

std::string_view text_of(const yaml_char_t* text, size_t length) {
  return {reinterpret_cast<const char*>(text), length};
}
std::string text_of(const yaml_char_t* text) {
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text));
}

bool all_of(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

bool is_integer(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  if (text.substr(0, 2) == "0x") return all_of(text.substr(2), "0123456789abcdefABCDEF");
  // A leading zero is an octal number in YAML 1.1 and an account id to people: it stays text.
  return all_of(text, "0123456789") && (text.size() == 1 || text[0] != '0');
}

bool is_real(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  const size_t exponent = text.find_first_of("eE");
  std::string_view mantissa = text.substr(0, exponent);
  if (exponent != std::string_view::npos) {
    std::string_view power = text.substr(exponent + 1);
    if (!power.empty() && (power[0] == '-' || power[0] == '+')) power.remove_prefix(1);
    if (!all_of(power, "0123456789")) return false;
  }
  const size_t point = mantissa.find('.');
  if (point == std::string_view::npos)
    return exponent != std::string_view::npos && all_of(mantissa, "0123456789");
  const std::string_view before = mantissa.substr(0, point);
  const std::string_view after = mantissa.substr(point + 1);
  if (before.empty() && after.empty()) return false;
  return (before.empty() || all_of(before, "0123456789")) &&
         (after.empty() || all_of(after, "0123456789"));
}

// What a plain (unquoted, untagged) scalar is.
Node::Kind kind_of_plain(std::string_view text) {
  constexpr std::array<std::string_view, 5> kNull = {"", "~", "null", "Null", "NULL"};
  constexpr std::array<std::string_view, 6> kBool = {"true",  "True",  "TRUE",
                                                     "false", "False", "FALSE"};
  if (std::find(kNull.begin(), kNull.end(), text) != kNull.end()) return Node::Kind::Null;
  if (std::find(kBool.begin(), kBool.end(), text) != kBool.end()) return Node::Kind::Bool;
  // Most are words, which their first letter tells from numbers.
  if (std::string_view("+-.0123456789").find(text.front()) == std::string_view::npos)
    return Node::Kind::String;
  if (is_integer(text)) return Node::Kind::Int;
  return is_real(text) ? Node::Kind::Double : Node::Kind::String;
}

// What a copy takes, in values; a long text counts as several.
size_t weight_of(const Node& node) {  // NOLINT(misc-no-recursion): depth is bounded
  constexpr size_t kBytesOfOne = 64;
  size_t weight = 1 + (node.text.size() + node.tag.size()) / kBytesOfOne;
  for (const Node& item : node.items) weight += weight_of(item);
  for (const Node::Entry& entry : node.entries)
    weight += entry.key.size() / kBytesOfOne + weight_of(entry.value);
  return weight;
}

class Event {
 public:
  ~Event() { yaml_event_delete(&event_); }
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  yaml_event_t* get() { return &event_; }
  yaml_event_t* operator->() { return &event_; }

 private:
  yaml_event_t event_{};
};

class Composer {
 public:
  explicit Composer(std::string_view text) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
  }
  ~Composer() { yaml_parser_delete(&parser_); }
  Composer(const Composer&) = delete;
  Composer& operator=(const Composer&) = delete;

  Result<Node> document() {
    Node root;
    TRY_LET(yaml_event_type_t type, next());  // stream start
    TRY_LET(type, next());
    if (type == YAML_STREAM_END_EVENT) return root;
    TRY_LET(type, next());  // the root's first event
    TRY_DO(node(root));
    TRY_LET(type, next());  // document end
    TRY_LET(type, next());
    if (type != YAML_STREAM_END_EVENT)
      return fail(Error::Code::Invalid, at(mark(), "a second YAML document; only one is read"));
    return root;
  }

 private:
  Result<yaml_event_type_t> next() {
    yaml_event_delete(event_.get());
    if (yaml_parser_parse(&parser_, event_.get()) == 0) {
      const Mark where = mark_of(parser_.problem_mark);
      const std::string why = parser_.problem == nullptr ? "malformed YAML" : parser_.problem;
      return fail(Error::Code::Invalid, at(where, why));
    }
    return event_->type;
  }

  Mark mark() { return mark_of(event_->start_mark); }

  // Makes `out`, which is new, the node that starts with the current event.
  Result<void> node(Node& out) {  // NOLINT(misc-no-recursion): depth is bounded
    const Mark where = mark();
    if (++count_ > kMaxNodes)
      return fail(Error::Code::Invalid,
                  at(where, "more than " + std::to_string(kMaxNodes) + " values"));
    switch (event_->type) {
      case YAML_ALIAS_EVENT:
        return alias(out);
      case YAML_SCALAR_EVENT:
        return scalar(out);
      case YAML_SEQUENCE_START_EVENT:
      case YAML_MAPPING_START_EVENT: {
        if (++depth_ > kMaxNodeDepth)
          return fail(
              Error::Code::Invalid,
              at(where, "nested more than " + std::to_string(kMaxNodeDepth) + " levels deep"));
        const bool sequence = event_->type == YAML_SEQUENCE_START_EVENT;
        Result<void> result = sequence ? this->sequence(out) : mapping(out);
        --depth_;
        return result;
      }
      default:
        return fail(Error::Code::Invalid, at(where, "malformed YAML"));
    }
  }

  Result<void> alias(Node& out) {
    const std::string name = text_of(event_->data.alias.anchor);
    const auto found = anchors_.find(name);
    if (found == anchors_.end())
      return fail(Error::Code::Invalid,
                  at(mark(), "alias *" + printable(name) + " has no anchor before it"));
    TRY_DO(charge(found->second, mark()));
    out = found->second;
    return {};
  }

  void start(Node& node, const yaml_char_t* tag) {
    node.mark = mark();
    if (tag != nullptr && tag[0] == '!' && tag[1] != '\0') node.tag = text_of(tag);
  }

  // Accounts for a copy about to be made. Anchors inside each other keep their values as often as
  // aliases would repeat them.
  Result<void> charge(const Node& node, Mark where) {
    repeated_ += weight_of(node);
    if (repeated_ <= kMaxAliasNodes) return {};
    return fail(Error::Code::Invalid, at(where, "anchors and aliases repeat more than " +
                                                    std::to_string(kMaxAliasNodes) + " values"));
  }

  Result<void> remember(const std::string& anchor, const Node& node) {
    if (anchor.empty()) return {};
    TRY_DO(charge(node, node.mark));
    anchors_[anchor] = node;
    return {};
  }

  Result<void> scalar(Node& node) {
    const auto& data = event_->data.scalar;
    start(node, data.tag);
    node.text = text_of(data.value, data.length);
    const bool plain = data.style == YAML_PLAIN_SCALAR_STYLE && data.tag == nullptr;
    node.kind = plain ? kind_of_plain(node.text) : Node::Kind::String;
    node.boolean = node.kind == Node::Kind::Bool && (node.text[0] == 't' || node.text[0] == 'T');
    return remember(text_of(data.anchor), node);
  }

  Result<void> sequence(Node& node) {  // NOLINT(misc-no-recursion)
    start(node, event_->data.sequence_start.tag);
    node.kind = Node::Kind::Sequence;
    const std::string anchor = text_of(event_->data.sequence_start.anchor);
    const size_t begin = items_.size();
    while (true) {
      TRY_LET(const yaml_event_type_t type, next());
      if (type == YAML_SEQUENCE_END_EVENT) break;
      items_.emplace_back();
      TRY_DO(last_value([this]() -> Node& { return items_.back(); }));
    }
    take_tail(items_, begin, node.items);
    return remember(anchor, node);
  }

  Result<void> mapping(Node& node) {  // NOLINT(misc-no-recursion)
    start(node, event_->data.mapping_start.tag);
    node.kind = Node::Kind::Mapping;
    const std::string anchor = text_of(event_->data.mapping_start.anchor);
    const size_t begin = entries_.size();
    MappingNames names;
    std::vector<Node> merged;
    while (true) {
      TRY_LET(yaml_event_type_t type, next());
      if (type == YAML_MAPPING_END_EVENT) break;
      const Mark key_mark = mark();
      Node key;
      TRY_DO(this->node(key));
      if (!key.is_scalar())
        return fail(Error::Code::Invalid, at(key_mark, "a name must be a scalar"));
      const bool merges = key.text == "<<" && key.tag.empty();
      if (!merges && !names.is_new(std::span(entries_).subspan(begin), key.text))
        return fail(Error::Code::Invalid,
                    at(key_mark, "\"" + printable(key.text) + "\" is given twice"));
      entries_.push_back({std::move(key.text), key_mark, {}});
      TRY_LET(type, next());
      TRY_DO(last_value([this]() -> Node& { return entries_.back().value; }));
      if (!merges) continue;
      merged.push_back(std::move(entries_.back().value));
      entries_.pop_back();
    }
    take_tail(entries_, begin, node.entries);
    TRY_DO(merge(node, names, std::move(merged)));
    return remember(anchor, node);
  }

  // Makes the value of the element just added the node that starts with the current event. What is
  // in a collection comes and goes behind that element, which may move meanwhile.
  template <class Last>
  Result<void> last_value(const Last& last) {  // NOLINT(misc-no-recursion)
    const bool collection =
        event_->type == YAML_SEQUENCE_START_EVENT || event_->type == YAML_MAPPING_START_EVENT;
    if (!collection) return node(last());
    Node value;
    TRY_DO(node(value));
    last() = std::move(value);
    return {};
  }

  template <class T>
  static void take_tail(std::vector<T>& from, size_t begin, std::vector<T>& to) {
    const auto first = from.begin() + static_cast<std::ptrdiff_t>(begin);
    to.assign(std::make_move_iterator(first), std::make_move_iterator(from.end()));
    from.erase(first, from.end());
  }

  // Merge keys (yaml.org/type/merge.html): what the mapping has itself wins, then the earlier
  // source.
  static Result<void> merge(Node& node, MappingNames& names, std::vector<Node> sources) {
    std::vector<Node> mappings;
    for (Node& source : sources) {
      if (!source.is_sequence()) {
        mappings.push_back(std::move(source));
        continue;
      }
      for (Node& item : source.items) mappings.push_back(std::move(item));
    }
    for (Node& mapping : mappings) {
      if (!mapping.is_mapping())
        return fail(Error::Code::Invalid,
                    at(mapping.mark, "`<<` takes a mapping or a list of mappings"));
      for (Node::Entry& entry : mapping.entries) {
        if (names.is_new(node.entries, entry.key)) node.entries.push_back(std::move(entry));
      }
    }
    return {};
  }

  yaml_parser_t parser_{};
  Event event_;
  size_t depth_ = 0;
  size_t count_ = 0;
  size_t repeated_ = 0;  // values that anchors keep and aliases repeat
  // What the open sequences and mappings hold so far, the innermost one's at the end: so that each
  // takes memory once, and no more than it needs.
  std::vector<Node> items_;
  std::vector<Node::Entry> entries_;
  std::unordered_map<std::string, Node> anchors_;
};

}  // namespace

Result<Node> read_yaml(std::string_view text) {
  if (text.size() > kMaxDocumentBytes)
    return fail(Error::Code::Invalid,
                "larger than " + std::to_string(kMaxDocumentBytes >> 20) + " MB");
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  Composer composer(text);
  return composer.document();
}

}  // namespace sagewarden
