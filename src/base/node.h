// A document with positions: YAML and JSON that people write (templates, controls, exceptions),
// read into one tree in which every value knows its line and column. For bulk data there is
// base/json.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sagewarden {

// A place in a text, both from 1; columns count characters. Line 0 means "no place".
struct Mark {
  uint32_t line = 0;
  uint32_t column = 0;

  friend bool operator==(const Mark&, const Mark&) = default;
};

struct Node {
  enum class Kind : uint8_t { Null, Bool, Int, Double, String, Sequence, Mapping };
  struct Entry;

  Kind kind = Kind::Null;
  bool boolean = false;  // Kind::Bool
  Mark mark;
  std::string text;            // a scalar as it was written (without quotes and escapes)
  std::string tag;             // a YAML local tag such as "!Ref"; empty otherwise
  std::vector<Node> items;     // Kind::Sequence
  std::vector<Entry> entries;  // Kind::Mapping, in the order of the text, names unique

  bool is_scalar() const { return kind < Kind::Sequence; }
  bool is_string() const { return kind == Kind::String; }
  bool is_sequence() const { return kind == Kind::Sequence; }
  bool is_mapping() const { return kind == Kind::Mapping; }

  // The entry or value of that name; null when there is none or this is no mapping.
  const Entry* entry(std::string_view name) const;
  const Node* find(std::string_view name) const;
};

struct Node::Entry {
  std::string key;
  Mark key_mark;
  Node value;
};

// What a hostile text can make a reader do is bounded by these; all are errors that name the
// limit.
inline constexpr size_t kMaxNodeDepth = 256;
inline constexpr size_t kMaxNodes = 4'000'000;
inline constexpr size_t kMaxAliasNodes = 100'000;  // what all aliases together may repeat
inline constexpr size_t kMaxDocumentBytes = size_t{256} * 1024 * 1024;

// Plain scalars become Null, Bool, Int and Double by YAML 1.1's rules, as CloudFormation reads
// them, except that only true and false are Bool (any case of the first or all letters): `yes`,
// `no`, `on`, `off` stay strings, because that is how people mean them. Anchors, aliases and merge
// keys (`<<`) are resolved. One document only. Errors name line and column: malformed text, names
// given twice, more than one document, a limit.
Result<Node> read_yaml(std::string_view text);

// The same tree from JSON (RFC 8259).
Result<Node> read_json_nodes(std::string_view text);

// JSON when the first character is `{` or `[` and the text is JSON, otherwise YAML.
Result<Node> read_yaml_or_json(std::string_view text);

}  // namespace sagewarden
