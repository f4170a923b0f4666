// One AWS Config configuration item, already parsed, becomes a resource, a gap, or something that
// is rightly passed over.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "model/resource.h"
#include "source/config/gaps.h"
#include "source/config/survey.h"
#include "source/source.h"

namespace sagewarden::config {

// Where an item stands.
struct ItemPlace {
  uint64_t number = 0;   // in the file, from 1
  uint64_t offset = 0;   // in the file, decompressed
  uint64_t element = 0;  // in the list inside that item, from 1; 0 when it is the item itself
  // False for an advanced query that chose single properties: what is absent may not have been
  // asked for.
  bool whole_configuration = true;
};

// Belongs to one worker.
class ItemReader {
 public:
  // All must outlive the reader.
  ItemReader(const SourceOptions& options, FileGaps& gaps, Sink& sink);

  // Returns false, having done nothing, when the object has no resourceType and so is no item.
  bool read(json::Value object, const ItemPlace& place);

  void gap(const ItemPlace& place, std::string_view code, const std::string& message,
           std::string_view type);
  // Whether the type is one that some control is about.
  bool is_wanted(std::string_view type) const;

 private:
  struct Fields;
  // What is prepared for a type, when the first item of it comes.
  struct PerType {
    bool prepared = false;
    const TypeShape* shape = nullptr;
    Survey whole;
    Survey part;  // for parts of a configuration
  };

  bool read_configuration(const Fields& fields, const ItemPlace& place, PerType& of);
  bool read_tags(const Fields& fields, const ItemPlace& place);
  void name_twice(json::Value value, std::string_view name, const ItemPlace& place);
  void identify(const Fields& fields, const PerType& of, const ItemPlace& place);
  std::string_view built_arn(const Fields& fields, const TypeShape& shape);
  std::string_view capture_time(json::Value time);
  PerType& prepared(size_t type);

  const SourceOptions& options_;
  FileGaps& gaps_;
  Sink& sink_;
  std::vector<PerType> types_;  // as options_.types
  json::Parser configuration_parser_;
  json::Parser tags_parser_;
  Survey tags_survey_;
  json::Document empty_;  // {}
  UnknownNode no_configuration_;
  UnknownNode no_tags_;
  UnknownNode odd_tags_;
  UnknownNode unasked_;
  std::string time_;
  std::string arn_;
  std::string id_;
  Resource resource_;
};

}  // namespace sagewarden::config
