#include "source/config/splitter.h"

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/text.h"

namespace sagewarden::config {
namespace {

// Longer names are none of ours; what is beyond is not kept.
constexpr size_t kMaxKeyBytes = 256;
constexpr size_t kKeptCarriedBytes = size_t{1024} * 1024;
// The list of items, under the same name in snapshots, history files and the API's answers.
constexpr std::string_view kListKey = "configurationItems";
// Present when a listing was cut off: then there is more than the file holds.
constexpr std::array<std::string_view, 2> kTokenKeys = {"nextToken", "NextToken"};

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// The name that a key means: `"configurationItem\u0073"` is ours too.
std::string decode_key(const std::string& key) {
  if (key.find('\\') == std::string::npos) return key;
  json::Parser parser;
  const Result<json::Value> value = parser.parse('"' + key + '"');
  return value && value->is_string() ? std::string(value->string()) : key;
}

std::string size_text(size_t bytes) {
  constexpr size_t kMegabyte = size_t{1024} * 1024;
  return bytes % kMegabyte == 0 ? std::to_string(bytes / kMegabyte) + " MB"
                                : std::to_string(bytes) + " bytes";
}

void release(std::string& text) {
  std::string().swap(text);
}

std::string describe(char c) {
  return "\"" + printable(std::string_view(&c, 1)) + "\"";
}

}  // namespace

Splitter::Splitter(Layout layout, size_t max_item_bytes, uint64_t offset, const ScanKernel& kernel)
    : layout_(layout), max_item_bytes_(max_item_bytes), kernel_(kernel), offset_(offset) {}

void Splitter::feed(std::string_view block, Found& found) {
  found.items.clear();
  found.problems.clear();
  found_ = &found;
  // What an unusually large item took is given back.
  if (found.carried.capacity() > kKeptCarriedBytes) release(found.carried);
  item_begin_ = 0;
  for (size_t at = 0; at < block.size();) {
    if (state_ >= State::InKey) {
      at = inside(block, at);
    } else if (is_space(block[at])) {
      ++at;
    } else {
      at = between(block[at], at);
    }
  }
  if (state_ == State::InItem) keep_unfinished(block);
  offset_ += block.size();
}

void Splitter::finish(Found& found) {
  found.items.clear();
  found.problems.clear();
  found_ = &found;
  if (state_ == State::InItem) {
    problem(
        {"TRUNCATED", item_offset_, ++count_,
         "the file is truncated inside this item, or the item lacks a bracket or a quote: it and "
         "what follows it was not read"});
  } else if (state_ != State::Outside && state_ != State::Broken && state_ != State::SkipLine) {
    problem({"TRUNCATED", offset_, 0, "the file is truncated: its list of items is not closed"});
  }
  state_ = State::Broken;
}

size_t Splitter::between(char c, size_t at) {
  switch (state_) {
    case State::AfterItem:
      return after_item(c, at);
    case State::BeforeItem:
      return before_item(c, at);
    case State::Outside:
      return outside(c, at);
    case State::BeforeKey:
      return before_key(c, at);
    case State::BeforeColon:
      if (c != ':') return broken(c, at, "a colon");
      state_ = State::BeforeValue;
      return at + 1;
    case State::BeforeValue:
      return before_value(c, at);
    case State::AfterValue:
      if (c == '}') end_wrapper(at);
      if (c != '}' && c != ',') return broken(c, at, "a comma or }");
      state_ = c == ',' ? State::BeforeKey : State::Outside;
      comma_seen_ = true;
      return at + 1;
    case State::InKey:
    case State::InItem:
    case State::SkipString:
    case State::SkipScalar:
    case State::SkipBrackets:
    case State::SkipLine:
    case State::Broken:
      break;
  }
  return at + 1;
}

size_t Splitter::inside(std::string_view block, size_t at) {
  switch (state_) {
    case State::InItem:
      return in_item(block, at);
    case State::InKey:
      return in_key(block, at);
    case State::SkipString:
      return skip_string(block, at);
    case State::SkipScalar:
      return skip_scalar(block, at);
    case State::SkipBrackets:
      at += kernel_.scan(scan_, block.data() + at, block.size() - at);
      if (scan_.depth == 0) state_ = after_skip_;
      return at;
    case State::SkipLine:
      return skip_line(block, at);
    case State::Outside:
    case State::BeforeKey:
    case State::BeforeColon:
    case State::BeforeValue:
    case State::AfterValue:
    case State::BeforeItem:
    case State::AfterItem:
    case State::Broken:
      break;
  }
  return block.size();
}

size_t Splitter::outside(char c, size_t at) {
  if (layout_ == Layout::Items) {
    in_list_ = false;
    if (c == '{') return begin_item(at);
    if (c == '[') return begin_list(at);
    problem({"PARSE_ERROR", offset_ + at, ++count_,
             "an item is an object, but here stands " + describe(c) +
                 "; the rest of the line was passed over"});
    state_ = State::SkipLine;
    return at;
  }
  if (c != '{') return broken(c, at, "{");
  state_ = State::BeforeKey;
  comma_seen_ = false;
  list_seen_ = false;
  return at + 1;
}

size_t Splitter::before_key(char c, size_t at) {
  if (c == '}' && !comma_seen_) {
    end_wrapper(at);
    state_ = State::Outside;
    return at + 1;
  }
  if (c != '"') return broken(c, at, "a name");
  state_ = State::InKey;
  key_.clear();
  escaped_ = false;
  return at + 1;
}

size_t Splitter::in_key(std::string_view block, size_t at) {
  for (; at < block.size(); ++at) {
    const char c = block[at];
    if (c == '"' && !escaped_) {
      state_ = State::BeforeColon;
      return at + 1;
    }
    escaped_ = c == '\\' && !escaped_;
    if (key_.size() < kMaxKeyBytes) key_ += c;
  }
  return at;
}

size_t Splitter::before_value(char c, size_t at) {
  const std::string key = decode_key(key_);
  if (key == kListKey && c == '[') {
    if (list_seen_) {
      problem({"DUPLICATE_KEY", offset_ + at, 0,
               "\"configurationItems\" is given twice; the items of both were read"});
    }
    list_seen_ = true;
    return begin_list(at);
  }
  if (key == kListKey)
    problem({"PARSE_ERROR", offset_ + at, 0, "\"configurationItems\" is not a list"});
  if (c == '"' && std::ranges::find(kTokenKeys, key) != kTokenKeys.end()) {
    problem({"INCOMPLETE", offset_ + at, 0,
             "\"" + key + "\" stands here: the file is one page of a listing that goes on"});
  }
  return skip_value(c, at, State::AfterValue);
}

void Splitter::end_wrapper(size_t at) {
  if (list_seen_) return;
  problem({"PARSE_ERROR", offset_ + at, 0, "an object without \"configurationItems\" ends here"});
}

size_t Splitter::begin_list(size_t at) {
  state_ = State::BeforeItem;
  in_list_ = true;
  comma_seen_ = false;
  return at + 1;
}

size_t Splitter::end_list(size_t at) {
  state_ = layout_ == Layout::Wrapped ? State::AfterValue : State::Outside;
  return at + 1;
}

size_t Splitter::before_item(char c, size_t at) {
  if (c == '{') return begin_item(at);
  if (c == ']') {
    if (comma_seen_) problem({"PARSE_ERROR", offset_ + at, 0, "an item is missing behind a comma"});
    return end_list(at);
  }
  problem({"PARSE_ERROR", offset_ + at, ++count_,
           "an item is an object, but here stands " + describe(c)});
  return skip_value(c, at, State::AfterItem);
}

size_t Splitter::after_item(char c, size_t at) {
  if (c == ',') {
    state_ = State::BeforeItem;
    comma_seen_ = true;
    return at + 1;
  }
  if (c == ']') return end_list(at);
  if (c != '{') return broken(c, at, "a comma or ]");
  // What follows is plainly an item, so it is read all the same.
  problem({"PARSE_ERROR", offset_ + at, 0, "a comma is missing in front of an item"});
  return begin_item(at);
}

size_t Splitter::begin_item(size_t at) {
  state_ = State::InItem;
  scan_ = {};
  item_begin_ = at;
  item_offset_ = offset_ + at;
  carried_ = false;
  oversized_ = false;
  return at;
}

size_t Splitter::in_item(std::string_view block, size_t at) {
  at += kernel_.scan(scan_, block.data() + at, block.size() - at);
  if (scan_.depth == 0) end_item(block, at);
  return at;
}

void Splitter::end_item(std::string_view block, size_t end) {
  ++count_;
  state_ = in_list_ ? State::AfterItem : State::Outside;
  const std::string_view part = block.substr(item_begin_, end - item_begin_);
  if (oversized_ || pending_.size() + part.size() > max_item_bytes_) {
    release(pending_);
    problem({"OVERSIZED", item_offset_, count_,
             "larger than the " + size_text(max_item_bytes_) + " that an item may have"});
    return;
  }
  FoundItem item{part, count_, item_offset_, scan_.backslash};
  if (carried_) {
    pending_.reserve(pending_.size() + part.size() + kScanPadding);
    pending_.append(part);
    found_->carried.swap(pending_);
    pending_.clear();
    item.text = found_->carried;
  }
  found_->items.push_back(item);
}

void Splitter::keep_unfinished(std::string_view block) {
  const std::string_view part = block.substr(item_begin_);
  carried_ = true;
  if (pending_.size() + part.size() > max_item_bytes_) oversized_ = true;
  if (oversized_) {
    release(pending_);
  } else {
    pending_.append(part);
  }
}

size_t Splitter::skip_value(char c, size_t at, State after) {
  after_skip_ = after;
  escaped_ = false;
  scan_ = {};
  switch (c) {
    case '"':
      state_ = State::SkipString;
      return at + 1;
    case '{':
    case '[':
      state_ = State::SkipBrackets;
      return at;
    case ',':
    case ':':
    case '}':
    case ']':
      return broken(c, at, "a value");
    default:
      state_ = State::SkipScalar;
      return at + 1;
  }
}

size_t Splitter::skip_string(std::string_view block, size_t at) {
  for (; at < block.size(); ++at) {
    const char c = block[at];
    if (c == '"' && !escaped_) {
      state_ = after_skip_;
      return at + 1;
    }
    escaped_ = c == '\\' && !escaped_;
  }
  return at;
}

size_t Splitter::skip_scalar(std::string_view block, size_t at) {
  for (; at < block.size(); ++at) {
    const char c = block[at];
    if (is_space(c) || c == ',' || c == '}' || c == ']') {
      state_ = after_skip_;
      return at;
    }
  }
  return at;
}

size_t Splitter::skip_line(std::string_view block, size_t at) {
  const size_t end = block.find('\n', at);
  if (end == std::string_view::npos) return block.size();
  state_ = State::Outside;
  return end + 1;
}

size_t Splitter::broken(char c, size_t at, std::string_view expected) {
  state_ = State::Broken;
  problem({"PARSE_ERROR", offset_ + at, 0,
           "expected " + std::string(expected) + ", found " + describe(c) +
               ": nothing behind this place was read"});
  return at + 1;
}

void Splitter::problem(SplitProblem problem) {
  found_->problems.push_back(std::move(problem));
}

}  // namespace sagewarden::config
