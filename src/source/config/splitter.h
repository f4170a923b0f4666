// Cuts the text of an AWS Config file into its items, block by block, without parsing them: a file
// of any size, on one line or on many, in the memory of one block and one unfinished item.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "source/config/scan.h"

namespace sagewarden::config {

// How a file is laid out around its items.
enum class Layout : uint8_t {
  Wrapped,  // objects with "configurationItems": […]; usually one
  Items,    // the items themselves: one after the other (NDJSON), or as a top-level array
};

struct FoundItem {
  std::string_view text;   // kScanPadding bytes behind it are readable
  uint64_t number = 0;     // from 1
  uint64_t offset = 0;     // of its first byte in the (decompressed) file
  bool backslash = false;  // whether the text holds a backslash
};

// Something that keeps a part of the file from being read.
struct SplitProblem {
  std::string_view code;  // Gap::code
  uint64_t offset = 0;
  uint64_t item = 0;  // the number of the item that it is about; 0 when it is about none
  std::string message;
};

// What a block gave. Belongs to one worker and is used again for the next block; not to be moved
// while its items are in use.
struct Found {
  std::vector<FoundItem> items;
  std::vector<SplitProblem> problems;
  std::string carried;  // the text of an item that began in an earlier block
};

class Splitter {
 public:
  // `offset`: where in the file the first byte fed stands.
  Splitter(Layout layout, size_t max_item_bytes, uint64_t offset = 0,
           const ScanKernel& kernel = scan_kernels().front());

  // The next bytes of the file; kScanPadding bytes behind them must be readable. Items that end
  // here are put into `found` (emptied first) as views of the block, and are good as long as both.
  void feed(std::string_view block, Found& found);
  // The file has ended, or no more of it can be read.
  void finish(Found& found);

  uint64_t items() const { return count_; }

 private:
  enum class State : uint8_t {
    // Between tokens, where white space counts for nothing:
    Outside,      // before, between and behind the top-level values
    BeforeKey,    // in a wrapper: a name, or its end
    BeforeColon,  // behind a name
    BeforeValue,  // behind the colon
    AfterValue,   // a comma, or the wrapper's end
    BeforeItem,   // in the list: an item, or its end
    AfterItem,    // a comma, or the list's end
    // Inside of something:
    InKey,
    InItem,
    SkipString,  // values that are no items; what comes after them is in after_skip_
    SkipScalar,
    SkipBrackets,
    SkipLine,
    Broken,  // nothing more can be told apart
  };

  // Each takes the place of the next byte and returns the place where to go on.
  size_t between(char c, size_t at);
  size_t inside(std::string_view block, size_t at);
  size_t outside(char c, size_t at);
  size_t before_key(char c, size_t at);
  size_t before_value(char c, size_t at);
  size_t before_item(char c, size_t at);
  size_t after_item(char c, size_t at);
  size_t in_key(std::string_view block, size_t at);
  size_t in_item(std::string_view block, size_t at);
  size_t skip_string(std::string_view block, size_t at);
  size_t skip_scalar(std::string_view block, size_t at);
  size_t skip_line(std::string_view block, size_t at);
  size_t begin_item(size_t at);
  size_t begin_list(size_t at);
  size_t end_list(size_t at);
  size_t skip_value(char c, size_t at, State after);
  size_t broken(char c, size_t at, std::string_view expected);

  void end_item(std::string_view block, size_t end);
  void keep_unfinished(std::string_view block);
  void end_wrapper(size_t at);
  void problem(SplitProblem problem);

  Layout layout_;
  size_t max_item_bytes_;
  const ScanKernel& kernel_;
  Found* found_ = nullptr;  // during feed() and finish() only

  State state_ = State::Outside;
  State after_skip_ = State::Outside;
  ScanState scan_;
  uint64_t offset_ = 0;  // of the block in the file
  uint64_t count_ = 0;
  bool escaped_ = false;      // in a key or a skipped string
  bool comma_seen_ = false;   // so that a name or an item must follow
  bool list_seen_ = false;    // in this wrapper
  bool in_list_ = false;      // so that commas stand between the items
  std::string key_;           // as it is written, without the quotes
  size_t item_begin_ = 0;     // in the block, where it began there
  uint64_t item_offset_ = 0;  // in the file
  bool carried_ = false;      // the item began in an earlier block
  bool oversized_ = false;    // and its bytes are not kept
  std::string pending_;       // its bytes from earlier blocks
};

}  // namespace sagewarden::config
