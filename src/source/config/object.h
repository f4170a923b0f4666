// One JSON object of an AWS Config file: an item, or an envelope in which items come (a
// notification, an event, an API answer).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "source/config/item.h"
#include "source/config/splitter.h"
#include "source/config/type_filter.h"

namespace sagewarden::config {

// Belongs to one worker.
class ObjectReader {
 public:
  // All must outlive the reader.
  ObjectReader(const SourceOptions& options, FileGaps& gaps, Sink& sink)
      : filter_(options.types), sink_(sink), items_(options, gaps, sink) {}

  void read(const FoundItem& item);

 private:
  void read_object(json::Value object, const ItemPlace& place, size_t depth);
  bool read_envelope(json::Value object, const ItemPlace& place, size_t depth);
  void read_text(json::Value text, const ItemPlace& place, size_t depth);
  void read_list(json::Value list, const ItemPlace& place, size_t depth);
  void read_results(json::Value envelope, const ItemPlace& place, size_t depth);
  void oversized(json::Value envelope, const ItemPlace& place);
  void unprocessed(json::Value list, const ItemPlace& place);

  TypeFilter filter_;
  Sink& sink_;
  ItemReader items_;
  json::Parser parser_;
  std::vector<std::unique_ptr<json::Parser>> text_parsers_;  // one for each level of text in text
};

}  // namespace sagewarden::config
