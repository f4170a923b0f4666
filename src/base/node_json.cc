// read_json_nodes(): JSON with positions, by RapidJSON's event reader.
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <cstdlib>
#include <new>

#include "base/node.h"
#include "base/node_names.h"
#include "base/text.h"

namespace sagewarden {
namespace {

// RapidJSON's own writes through the null pointer when there is no more memory.
struct Allocator {
  void* Malloc(size_t bytes) { return Realloc(nullptr, 0, bytes); }  // NOLINT(readability-*)
  void* Realloc(void* old, size_t, size_t bytes) {                   // NOLINT(readability-*)
    void* memory = bytes == 0 ? nullptr : std::realloc(old, bytes);
    if (bytes == 0) std::free(old);
    if (bytes != 0 && memory == nullptr) throw std::bad_alloc();
    return memory;
  }
  static void Free(void* memory) { std::free(memory); }  // NOLINT(readability-*)
};

// Follows the reader through the text and counts lines and characters as it goes, so that the whole
// stays linear.
class Position {
 public:
  explicit Position(std::string_view text) : text_(text) {}

  // The place of the first token at or after the offset that the last token ended at.
  Mark next_token(size_t previous_end) {
    size_t at = previous_end;
    while (at < text_.size() &&
           std::string_view(" \t\r\n,:]}").find(text_[at]) != std::string_view::npos)
      ++at;
    return advance_to(at);
  }

  size_t offset() const { return offset_; }

  Mark advance_to(size_t offset) {
    for (; offset_ < offset && offset_ < text_.size(); ++offset_) {
      const auto byte = static_cast<unsigned char>(text_[offset_]);
      if (byte == '\n') {
        ++line_;
        column_ = 1;
      } else if ((byte & 0xC0) != 0x80) {
        ++column_;
      }
    }
    return {line_, column_};
  }

 private:
  std::string_view text_;
  size_t offset_ = 0;
  uint32_t line_ = 1;
  uint32_t column_ = 1;
};

class Builder {
 public:
  Builder(std::string_view text, const rapidjson::MemoryStream& stream)
      : position_(text), stream_(stream) {}

  bool Null() { return scalar(Node::Kind::Null, "null"); }  // NOLINT(readability-identifier-naming)
  bool Bool(bool value) {                                   // NOLINT(readability-identifier-naming)
    return scalar(Node::Kind::Bool, value ? "true" : "false", value);
  }
  bool RawNumber(const char* text, rapidjson::SizeType length, bool) {  // NOLINT
    const std::string_view digits(text, length);
    const bool integer = digits.find_first_of(".eE") == std::string_view::npos;
    return scalar(integer ? Node::Kind::Int : Node::Kind::Double, digits);
  }
  bool String(const char* text, rapidjson::SizeType length, bool) {  // NOLINT
    return scalar(Node::Kind::String, {text, length});
  }
  bool Key(const char* text, rapidjson::SizeType length, bool) {  // NOLINT
    const Mark mark = token();
    Open& open = open_.back();
    std::string key(text, length);
    if (!open.names.is_new(open.node.entries, key))
      return refuse(mark, "\"" + printable(key) + "\" is given twice");
    open.node.entries.push_back({std::move(key), mark, {}});
    return true;
  }
  bool StartObject() { return start(Node::Kind::Mapping); }  // NOLINT
  bool StartArray() { return start(Node::Kind::Sequence); }  // NOLINT
  bool EndObject(rapidjson::SizeType) { return end(); }      // NOLINT
  bool EndArray(rapidjson::SizeType) { return end(); }       // NOLINT
  bool Int(int) { return false; }                            // NOLINT
  bool Uint(unsigned) { return false; }                      // NOLINT
  bool Int64(int64_t) { return false; }                      // NOLINT
  bool Uint64(uint64_t) { return false; }                    // NOLINT
  bool Double(double) { return false; }                      // NOLINT

  Node root;
  std::string refusal;  // why an event was refused, with its place

 private:
  struct Open {
    Node node;
    MappingNames names;
  };

  Mark token() {
    const Mark mark = position_.next_token(previous_end_);
    previous_end_ = stream_.Tell();
    return mark;
  }

  bool refuse(Mark mark, const std::string& why) {
    refusal = "line " + std::to_string(mark.line) + ", column " + std::to_string(mark.column) +
              ": " + why;
    return false;
  }

  bool add(Node node) {
    if (++count_ > kMaxNodes)
      return refuse(node.mark, "more than " + std::to_string(kMaxNodes) + " values");
    if (open_.empty()) {
      root = std::move(node);
    } else if (open_.back().node.is_sequence()) {
      open_.back().node.items.push_back(std::move(node));
    } else {
      open_.back().node.entries.back().value = std::move(node);
    }
    return true;
  }

  bool scalar(Node::Kind kind, std::string_view text, bool boolean = false) {
    Node node;
    node.kind = kind;
    node.boolean = boolean;
    node.mark = token();
    node.text = text;
    return add(std::move(node));
  }

  bool start(Node::Kind kind) {
    Open open;
    open.node.kind = kind;
    open.node.mark = token();
    // The reader calls before it takes the bracket, which is no part of the first thing inside.
    previous_end_ = position_.offset() + 1;
    if (open_.size() >= kMaxNodeDepth)
      return refuse(open.node.mark,
                    "nested more than " + std::to_string(kMaxNodeDepth) + " levels deep");
    open_.push_back(std::move(open));
    return true;
  }

  bool end() {
    previous_end_ = stream_.Tell();
    Node node = std::move(open_.back().node);
    open_.pop_back();
    return add(std::move(node));
  }

  Position position_;
  const rapidjson::MemoryStream& stream_;
  size_t previous_end_ = 0;
  size_t count_ = 0;
  std::vector<Open> open_;
};

}  // namespace

Result<Node> read_json_nodes(std::string_view text) {
  if (text.size() > kMaxDocumentBytes)
    return fail(Error::Code::Invalid,
                "larger than " + std::to_string(kMaxDocumentBytes >> 20) + " MB");
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>, Allocator> reader;
  Builder builder(text, stream);
  constexpr unsigned kFlags = rapidjson::kParseIterativeFlag |
                              rapidjson::kParseValidateEncodingFlag |
                              rapidjson::kParseNumbersAsStringsFlag;
  const rapidjson::ParseResult result = reader.Parse<kFlags>(stream, builder);
  if (result) return std::move(builder.root);
  if (!builder.refusal.empty()) return fail(Error::Code::Invalid, builder.refusal);
  const auto [line, column] = line_and_column(text, result.Offset());
  const bool at_end = text.find_last_not_of(" \t\r\n", text.size()) + 1 <= result.Offset();
  return fail(Error::Code::Invalid,
              "line " + std::to_string(line) + ", column " + std::to_string(column) + ": " +
                  (at_end ? "the text ends in the middle of the JSON; is the file whole?"
                          : rapidjson::GetParseError_En(result.Code())));
}

}  // namespace sagewarden
