// What AWS Config's queries ask for, and their items on the way to the sink.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "source/live/config_live.h"
#include "source/live/config_recorder.h"

namespace sagewarden::live {

// The type of AWS Config's items of its own recorders.
inline constexpr std::string_view kRecorderType = "AWS::Config::ConfigurationRecorder";

std::string expression_of(std::span<const std::string_view> types);
// As many types as go into one query, and into one call that counts.
std::vector<std::vector<std::string_view>> parts_of(std::span<const std::string> types);

// The items of one place. Those that are not wanted end here, and those of recorders.
class ItemSink : public Sink {
 public:
  using PlaceName = std::pair<std::string, std::string>;  // account, Region

  // `operation` is that of the query; `place` where it was asked, empty for an aggregator.
  ItemSink(const ConfigOptions& options, Sink& sink, Progress& progress, std::string operation,
           PlaceName place)
      : options_(options),
        sink_(sink),
        progress_(progress),
        operation_(std::move(operation)),
        place_(std::move(place)) {}

  void resource(const Resource& seen) override;
  void gap(Gap gap) override;
  void passed_over(std::string_view reason, std::string_view type) override;

  // How many items of a type there were, wanted or not.
  size_t seen(const std::string& type) const;
  bool wants_account(std::string_view account) const;
  // Whether the place was asked for.
  bool wants(const PlaceName& place) const;
  const std::map<PlaceName, std::vector<Recorder>>& recorders() const { return recorders_; }
  // Where wanted items came from.
  const std::set<PlaceName>& places() const { return places_; }
  CoverageRow coverage(const PlaceName& place, const std::string& type, bool complete) const;

 private:
  struct Counts {
    uint32_t read = 0;
    uint32_t gone = 0;
  };

  const ConfigOptions& options_;
  Sink& sink_;
  Progress& progress_;
  const std::string operation_;
  const PlaceName place_;
  const Location nowhere_;  // there is no file
  std::map<std::string, size_t> seen_;
  std::map<std::tuple<std::string, std::string, std::string>, Counts> counts_;
  std::map<PlaceName, std::vector<Recorder>> recorders_;
  std::set<PlaceName> places_;
};

}  // namespace sagewarden::live
