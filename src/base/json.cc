#include "base/json.h"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <vector>

#include "base/huge_pages.h"
#include "base/text.h"

namespace sagewarden::json {
namespace {

// Only asked after simdjson refused a document, because simdjson does not say where: a slower
// reader that does.
std::string locate(std::string_view text, std::string_view reason) {
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::Reader reader;
  rapidjson::BaseReaderHandler<> ignore;
  constexpr unsigned kFlags =
      rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
  const rapidjson::ParseResult result = reader.Parse<kFlags>(stream, ignore);
  if (!result) {
    const auto [line, column] = line_and_column(text, result.Offset());
    return "line " + std::to_string(line) + ", column " + std::to_string(column) + ": " +
           rapidjson::GetParseError_En(result.Code());
  }
  return std::string(reason);
}

std::string describe(simdjson::error_code code, std::string_view text) {
  switch (code) {
    case simdjson::CAPACITY:
      return "larger than the 4 GB that one JSON document may have";
    case simdjson::DEPTH_ERROR:
      return "nested more than " + std::to_string(kMaxDepth) + " levels deep";
    case simdjson::EMPTY:
      return "empty";
    case simdjson::NUMBER_ERROR:
      return locate(text, "a number that is malformed or does not fit 64 bits");
    default:
      return locate(text, simdjson::error_message(code));
  }
}

std::string find_duplicate(Value value, const std::string& path) {
  std::vector<std::string_view> keys;
  for (const auto& [key, child] : value.members()) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  const auto twice = std::adjacent_find(keys.begin(), keys.end());
  if (twice != keys.end()) return path + (path.empty() ? "" : ".") + std::string(*twice);
  for (const auto& [key, child] : value.members()) {
    if (!child.is_object() && !child.is_array()) continue;
    std::string found = find_duplicate(child, path + (path.empty() ? "" : ".") + std::string(key));
    if (!found.empty()) return found;
  }
  size_t position = 0;
  for (const Value child : value.elements()) {
    std::string found = find_duplicate(child, path + "[" + std::to_string(position++) + "]");
    if (!found.empty()) return found;
  }
  return {};
}

// Small parsers grow in powers of two, so that growing comes to an end, and from little, as each
// control has one of its own.
size_t capacity_for(size_t bytes) {
  constexpr size_t kLeast = 256;
  constexpr size_t kSmall = size_t{1024} * 1024;
  return bytes < kSmall ? std::bit_ceil(std::max(bytes, kLeast)) : bytes;
}

// As parse() would do it, but in large pages.
simdjson::error_code allocate(simdjson::dom::parser& parser, size_t capacity) {
  if (const auto error = parser.allocate(capacity, kMaxDepth)) return error;
  if (const auto error = parser.doc.allocate(capacity)) return error;
  prefer_huge_pages(parser.implementation->structural_indexes.get(), capacity * sizeof(uint32_t));
  prefer_huge_pages(parser.doc.tape.get(), capacity * sizeof(uint64_t));
  prefer_huge_pages(parser.doc.string_buf.get(), capacity);
  return simdjson::SUCCESS;
}

}  // namespace

struct Parser::Impl {
  simdjson::dom::parser parser;
  std::string copy;
  Tape tape;
};

Parser::Parser() : impl_(std::make_unique<Impl>()) {}
Parser::~Parser() = default;
Parser::Parser(Parser&&) noexcept = default;
Parser& Parser::operator=(Parser&&) noexcept = default;

Result<Value> Parser::parse(std::string_view text) {
  static_assert(kPadding >= simdjson::SIMDJSON_PADDING);
  impl_->copy.reserve(text.size() + kPadding);
  impl_->copy.assign(text);
  return parse_padded(impl_->copy);
}

Result<Value> Parser::parse_padded(std::string_view text) {
  simdjson::dom::parser& parser = impl_->parser;
  if (parser.capacity() < text.size()) {
    const size_t wanted = capacity_for(text.size());
    if (const auto error = allocate(parser, wanted))
      return fail(Error::Code::Invalid, "JSON: " + describe(error, text));
  }
  const auto result = parser.parse(text.data(), text.size(), false);
  if (result.error()) return fail(Error::Code::Invalid, "JSON: " + describe(result.error(), text));
  impl_->tape = {parser.doc.tape.get(), parser.doc.string_buf.get()};
  return Value(&impl_->tape, 1);
}

Value Value::at(size_t position) const {
  for (const Value element : elements()) {
    if (position-- == 0) return element;
  }
  return {};
}

size_t Value::size() const {
  const Kind what = kind();
  if (what != Kind::Array && what != Kind::Object) return 0;
  constexpr uint64_t kCountSaturates = 0xFFFFFF;
  const uint64_t count = (word() >> 32) & kCountSaturates;
  if (count < kCountSaturates) return count;
  size_t counted = 0;
  if (what == Kind::Array) {
    for ([[maybe_unused]] const Value element : elements()) ++counted;
  } else {
    for ([[maybe_unused]] const Member member : members()) ++counted;
  }
  return counted;
}

Result<Document> parse_document(std::string_view text) {
  Document document;
  TRY_LET(document.root, document.parser.parse(text));
  return document;
}

std::string duplicate_key(Value value) {
  return find_duplicate(value, "");
}

}  // namespace sagewarden::json
