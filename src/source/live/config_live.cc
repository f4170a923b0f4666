#include "source/live/config_live.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "base/json_writer.h"
#include "base/text.h"
#include "source/config/object.h"
#include "source/live/config_items.h"
#include "source/live/config_recorder.h"
#include "source/live/gaps.h"
#include "source/live/visit.h"

namespace sagewarden::live {
namespace {

constexpr int64_t kQueryPageSize = 100;   // the most that a query takes
constexpr int64_t kCountPageSize = 1000;  // the same of an aggregator's counts
constexpr auto kStopCheck = std::chrono::milliseconds(100);
constexpr std::string_view kAggregateQuery = "config:SelectAggregateResourceConfig";
constexpr std::string_view kScanAws = "scan without --from, which asks SageMaker itself";

// One Region of one account, or an aggregator: asked one call after the other.
class Place : public std::enable_shared_from_this<Place> {
 public:
  // Called once, last: with the error when it reaches further than this place (gaps.h), for which
  // no gap was made.
  using Done = std::function<void(const std::optional<aws::CallError>& fatal)>;

  Place(const ConfigOptions& options, const Transport& transport, Sink& sink, Progress& progress,
        const Scope& scope, std::string region)
      : options_(options),
        transport_(transport),
        sink_(sink),
        progress_(progress),
        scope_(scope),
        region_(std::move(region)),
        types_(options.types),
        items_(
            options, sink, progress,
            is_aggregator() ? "config:SelectAggregateResourceConfig"
                            : "config:SelectResourceConfig",
            is_aggregator() ? ItemSink::PlaceName() : ItemSink::PlaceName(scope_.account, region_)),
        gaps_("AWS Config") {}

  const Scope& scope() const { return scope_; }
  bool has_answered() const { return answered_; }

  void begin(Done done) {
    done_ = std::move(done);
    if (!is_aggregator()) return ask_recorders();
    begin_query();
  }

 private:
  using Then = void (Place::*)(json::Value root);
  using Failed = void (Place::*)(const aws::CallError& error);

  bool is_aggregator() const { return !options_.aggregator.empty(); }

  void ask(std::string_view operation, std::string input, Then then, Failed failed) {
    progress_.calls.fetch_add(1, std::memory_order_relaxed);
    aws::Call call{"config", std::string(operation), region_, scope_.account};
    call.input = std::move(input);
    call.credentials = scope_.credentials;
    asked_ = operation;
    transport_.start(std::move(call),
                     [self = shared_from_this(), then, failed](const aws::Answer& answer) {
                       if (answer) {
                         self->answered_ = true;
                         return ((*self).*then)(answer->root);
                       }
                       if (reach_of(answer.error(), !self->answered_) != Reach::Call)
                         return self->end(answer.error());
                       self->answered_ = true;
                       ((*self).*failed)(answer.error());
                     });
  }

  void tell(std::string_view code, std::string_view type, std::string_view operation,
            std::string message) {
    const ItemSink::PlaceName here(scope_.account, region_);
    tell_of(is_aggregator() ? ItemSink::PlaceName() : here, code, type, operation,
            std::move(message));
  }

  void tell_of(const ItemSink::PlaceName& place, std::string_view code, std::string_view type,
               std::string_view operation, std::string message) {
    Gap gap;
    gap.kind = Gap::Kind::Call;
    gap.account = place.first;
    gap.region = place.second;
    gap.operation = operation;
    gap.type = type;
    gap.code = code;
    gap.message = std::move(message);
    sink_.gap(std::move(gap));
  }

  void end(const std::optional<aws::CallError>& fatal) {
    if (is_aggregator()) {
      std::set<ItemSink::PlaceName> places = items_.places();
      for (const auto& [place, recorders] : items_.recorders()) {
        if (items_.wants(place)) places.insert(place);
      }
      for (const ItemSink::PlaceName& place : places) {
        const auto known = items_.recorders().find(place);
        cover(place, known == items_.recorders().end() ? std::vector<Recorder>() : known->second);
      }
    } else {
      cover({scope_.account, region_}, recorders_);
    }
    done_(fatal);
  }

  void cover(const ItemSink::PlaceName& place, std::span<const Recorder> recorders) {
    for (const std::string& type : options_.types) {
      const bool complete = is_all_seen_ && is_recorded(recorders, type) &&
                            !incomplete_.contains(type) && !is_outdated(place);
      sink_.covered(items_.coverage(place, type, complete));
    }
  }

  // Whether the aggregator may hold too little of it.
  bool is_outdated(const ItemSink::PlaceName& place) const {
    return std::ranges::any_of(outdated_, [&](const ItemSink::PlaceName& source) {
      return (source.first.empty() || source.first == place.first) &&
             (source.second.empty() || source.second == place.second);
    });
  }

  // ---- the recorders of this Region ----

  void ask_recorders() {
    ask("DescribeConfigurationRecorders", "{}", &Place::recorders_came, &Place::recorders_failed);
  }

  void recorders_came(json::Value root) {
    for (const json::Value recorder : root["ConfigurationRecorders"].elements())
      recorders_.push_back(read_recorder(recorder));
    ask("DescribeConfigurationRecorderStatus", "{}", &Place::status_came, &Place::recorders_failed);
  }

  void status_came(json::Value root) {
    for (const json::Value status : root["ConfigurationRecordersStatus"].elements()) {
      const json::Value recording = status["recording"];
      if (!recording.is_bool() || !recording.boolean()) continue;
      const std::string_view name = status["name"].string_or("");
      for (Recorder& recorder : recorders_) recorder.recording |= recorder.name == name;
      // "Failure" in the API's model, "FAILURE" in its examples.
      if (lower(status["lastStatus"].string_or("")) == "failure") {
        outdated_.emplace_back();
        tell(
            "RECORDER_FAILING", "", "config:DescribeConfigurationRecorderStatus",
            fmt::format("what AWS Config holds of this Region may be old: its recorder last failed "
                        "({})",
                        printable(status["lastErrorMessage"].string_or("no reason given"))));
      }
    }
    if (std::ranges::none_of(recorders_, &Recorder::recording)) {
      tell("RECORDER_OFF", "", "config:DescribeConfigurationRecorderStatus",
           fmt::format(
               "nothing of this Region was seen: AWS Config does not record there; start its "
               "recorder, or {}",
               kScanAws));
      return end(std::nullopt);
    }
    keep_recorded_types();
    begin_query();
  }

  void keep_recorded_types() {
    std::erase_if(types_, [this](const std::string& type) {
      if (is_recorded(recorders_, type)) return false;
      tell("NOT_RECORDED", type, "config:DescribeConfigurationRecorders",
           fmt::format(
               "the {} of this Region were not seen: AWS Config's recorder is not set to record "
               "them; add the type to it, or {}",
               plural_of(type), kScanAws));
      return true;
    });
  }

  void recorders_failed(const aws::CallError& error) {
    sink_.gap(
        call_gap(error, "", "whether AWS Config records all types in this Region is not known"));
    begin_query();
  }

  // ---- the items ----

  void begin_query() {
    queried_ = types_;
    if (is_aggregator() && !std::ranges::binary_search(queried_, kRecorderType)) {
      queried_.emplace_back(kRecorderType);
      std::ranges::sort(queried_);
    }
    for (const std::string& type : queried_) type_names_.push_back(type);
    source_.types = type_names_;
    reader_ = std::make_unique<config::ObjectReader>(source_, gaps_, items_);
    parts_ = parts_of(queried_);
    if (types_.empty()) return end(std::nullopt);
    query();
  }

  void query() {
    std::string input;
    json::Writer writer(input);
    writer.begin_object().member("Expression", expression_of(parts_[part_]));
    if (is_aggregator()) writer.member("ConfigurationAggregatorName", options_.aggregator);
    writer.key("Limit").integer(kQueryPageSize);
    if (!pages_.next().empty()) writer.member("NextToken", pages_.next());
    writer.end_object();
    ask(is_aggregator() ? "SelectAggregateResourceConfig" : "SelectResourceConfig",
        std::move(input), &Place::page_came, &Place::query_failed);
  }

  void page_came(json::Value root) {
    if (!root["Results"].is_array()) return query_failed(malformed("the answer holds no list"));
    // As a file of the answer would be read, but for the token: the next page follows.
    page_.clear();
    json::Writer(page_)
        .begin_object()
        .key("QueryInfo")
        .value(root["QueryInfo"])
        .key("Results")
        .value(root["Results"])
        .end_object();
    const size_t size = page_.size();
    page_.append(config::kScanPadding, '\0');
    reader_->read({std::string_view(page_).substr(0, size), ++page_number_, 0, true});
    switch (pages_.take(root["NextToken"], root["Results"])) {
      case PageTokens::Next::More:
        return query();
      case PageTokens::Next::Repeated:
      case PageTokens::Next::Malformed:
        return query_failed(malformed("its pages do not come to an end"));
      case PageTokens::Next::Last:
        break;
    }
    next_part();
  }

  void next_part() {
    pages_ = {};
    if (++part_ < parts_.size()) return query();
    part_ = 0;
    if (is_aggregator()) return ask_sources();
    count();
  }

  void query_failed(const aws::CallError& error) {
    sink_.gap(call_gap(error, "", seen_so_far()));
    end(std::nullopt);
  }

  aws::CallError malformed(std::string message) const {
    aws::CallError error;
    error.kind = aws::CallError::Kind::Malformed;
    error.service = "config";
    error.operation = asked_;
    error.region = region_;
    error.account = scope_.account;
    error.message = std::move(message);
    return error;
  }

  std::string seen_so_far() const {
    size_t seen = 0;
    for (const std::string& type : types_) seen += items_.seen(type);
    const std::string where = is_aggregator() ? "the aggregator" : "this Region";
    return seen == 0
               ? fmt::format("nothing of {} was seen", where)
               : fmt::format("of {}, no more than {} were seen", where, count_of(seen, "resource"));
  }

  // ---- what an aggregator could not get ----

  void ask_sources() {
    std::string input;
    json::Writer writer(input);
    writer.begin_object().member("ConfigurationAggregatorName", options_.aggregator);
    writer.key("UpdateStatus").begin_array().string("FAILED").string("OUTDATED").end_array();
    writer.key("Limit").integer(kQueryPageSize);
    if (!pages_.next().empty()) writer.member("NextToken", pages_.next());
    writer.end_object();
    ask("DescribeConfigurationAggregatorSourcesStatus", std::move(input), &Place::sources_came,
        &Place::sources_failed);
  }

  void sources_came(json::Value root) {
    const json::Value sources = root["AggregatedSourceStatusList"];
    if (!sources.is_array()) return sources_failed(malformed("the answer holds no list"));
    for (const json::Value source : sources.elements()) {
      // An organisation's id says nothing of which accounts are concerned.
      const bool is_account = source["SourceType"].string_or("") != "ORGANIZATION";
      if (is_account && !items_.wants_account(source["SourceId"].string_or(""))) continue;
      const std::string id(source["SourceId"].string_or(""));
      const std::string region(source["AwsRegion"].string_or(""));
      outdated_.emplace_back(is_account ? id : "", region);
      tell_of({id, region}, "NOT_AGGREGATED", "",
              "config:DescribeConfigurationAggregatorSourcesStatus",
              fmt::format("what the aggregator holds of it is missing or old ({}: {})",
                          printable(source["LastUpdateStatus"].string_or("FAILED")),
                          printable(source["LastErrorMessage"].string_or("no reason given"))));
    }
    switch (pages_.take(root["NextToken"], sources)) {
      case PageTokens::Next::More:
        return ask_sources();
      case PageTokens::Next::Repeated:
      case PageTokens::Next::Malformed:
        return sources_failed(malformed("its pages do not come to an end"));
      case PageTokens::Next::Last:
        return end_sources();
    }
  }

  void sources_failed(const aws::CallError& error) {
    sink_.gap(call_gap(error, "", "which accounts the aggregator could not read is not known"));
    outdated_.emplace_back();  // any
    end_sources();
  }

  void end_sources() {
    pages_ = {};
    tell_absent();
    tell_recorders();
    count();
  }

  // What was asked for by name and is not there at all: an aggregator that does not have an account
  // says nothing of it.
  void tell_absent() {
    const auto is_there = [this](const std::string& account, const std::string& region) {
      const auto in = [&](const ItemSink::PlaceName& place) {
        return (account.empty() || place.first == account) &&
               (region.empty() || place.second == region);
      };
      return std::ranges::any_of(items_.places(), in) ||
             std::ranges::any_of(items_.recorders(),
                                 [&](const auto& entry) { return in(entry.first); });
    };
    const std::vector<std::string> any = {""};
    const std::vector<std::string>& accounts = options_.accounts.empty() ? any : options_.accounts;
    const std::vector<std::string>& regions = options_.regions.empty() ? any : options_.regions;
    if (options_.accounts.empty() && options_.regions.empty()) return;
    for (const std::string& account : accounts) {
      for (const std::string& region : regions) {
        if (is_there(account, region)) continue;
        tell_of({account, region}, "NOT_AGGREGATED", "", kAggregateQuery,
                fmt::format("the aggregator {} holds nothing of it, not even a recorder: is it "
                            "among its sources?",
                            printable(options_.aggregator)));
      }
    }
  }

  // What the aggregated recorders say of themselves.
  void tell_recorders() {
    for (const auto& [place, recorders] : items_.recorders()) {
      for (const std::string& type : types_) {
        if (!is_recorded(recorders, type)) tell_unrecorded(place, type);
      }
    }
    for (const ItemSink::PlaceName& place : items_.places()) {
      if (items_.recorders().contains(place)) continue;
      tell_of(place, "RECORDER_NOT_KNOWN", "", kAggregateQuery,
              "whether AWS Config records all types in this Region is not known: the aggregator "
              "does not hold its recorder (AWS::Config::ConfigurationRecorder)");
    }
  }

  void tell_unrecorded(const ItemSink::PlaceName& place, const std::string& type) {
    if (!items_.wants(place)) return;
    tell_of(place, "NOT_RECORDED", type, kAggregateQuery,
            fmt::format("the {} of this Region were not seen: AWS Config's recorder there is off, "
                        "or not set to record them",
                        plural_of(type)));
  }

  // ---- whether the queries gave all that AWS Config has ----

  // Not every type that it records can be queried: which ones, AWS publishes with a delay.
  void count() {
    std::string input;
    json::Writer writer(input);
    writer.begin_object();
    if (is_aggregator()) {
      writer.member("ConfigurationAggregatorName", options_.aggregator);
      writer.member("GroupByKey", "RESOURCE_TYPE").key("Limit").integer(kCountPageSize);
      if (!pages_.next().empty()) writer.member("NextToken", pages_.next());
    } else {
      writer.key("resourceTypes").begin_array();
      for (const std::string_view type : parts_[part_]) writer.string(type);
      writer.end_array().key("limit").integer(kQueryPageSize);
      if (!pages_.next().empty()) writer.member("nextToken", pages_.next());
    }
    writer.end_object();
    ask(is_aggregator() ? "GetAggregateDiscoveredResourceCounts" : "GetDiscoveredResourceCounts",
        std::move(input), &Place::counts_came, &Place::counts_failed);
  }

  void counts_came(json::Value root) {
    const char* const list = is_aggregator() ? "GroupedResourceCounts" : "resourceCounts";
    const char* const name = is_aggregator() ? "GroupName" : "resourceType";
    const char* const number = is_aggregator() ? "ResourceCount" : "count";
    // Where there is nothing to count, the total alone may stand.
    const json::Value total =
        root[is_aggregator() ? "TotalDiscoveredResources" : "totalDiscoveredResources"];
    const bool is_none = total.kind() == json::Kind::Int && total.integer() == 0;
    if (!root[list].is_array() && !is_none)
      return counts_failed(malformed("the answer holds no list"));
    for (const json::Value row : root[list].elements()) {
      const json::Value count = row[number];
      if (count.kind() == json::Kind::Int && count.integer() > 0)
        compare(std::string(row[name].string_or("")), static_cast<size_t>(count.integer()));
    }
    const json::Value token = root[is_aggregator() ? "NextToken" : "nextToken"];
    switch (pages_.take(token, root[list])) {
      case PageTokens::Next::More:
        return count();
      case PageTokens::Next::Repeated:
      case PageTokens::Next::Malformed:
        return counts_failed(malformed("its pages do not come to an end"));
      case PageTokens::Next::Last:
        break;
    }
    pages_ = {};
    if (!is_aggregator() && ++part_ < parts_.size()) return count();
    is_all_seen_ = true;
    end(std::nullopt);
  }

  void compare(const std::string& type, size_t held) {
    const size_t seen = items_.seen(type);
    if (!std::ranges::binary_search(types_, type) || held <= seen) return;
    incomplete_.insert(type);
    tell("INCOMPLETE", type,
         is_aggregator() ? "config:SelectAggregateResourceConfig" : "config:SelectResourceConfig",
         fmt::format("AWS Config knows {} {}, and its query gave {}: {}", held, plural_of(type),
                     seen, kScanAws));
  }

  void counts_failed(const aws::CallError& error) {
    sink_.gap(call_gap(error, "", "whether the query gave all that AWS Config has is not known"));
    end(std::nullopt);
  }

  const ConfigOptions& options_;
  const Transport& transport_;
  Sink& sink_;
  Progress& progress_;
  const Scope& scope_;
  const std::string region_;
  Done done_;
  bool answered_ = false;
  bool is_all_seen_ = false;  // the queries came to their end, and were compared with the counts
  std::set<std::string> incomplete_;           // types of which they gave too few
  std::vector<ItemSink::PlaceName> outdated_;  // an empty part stands for any
  std::vector<Recorder> recorders_;
  std::vector<std::string> types_;    // that are recorded
  std::vector<std::string> queried_;  // and what is asked for beside them
  std::vector<std::string_view> type_names_;
  std::vector<std::vector<std::string_view>> parts_;
  size_t part_ = 0;
  std::string asked_;  // the operation under way
  PageTokens pages_;
  ItemSink items_;
  SourceOptions source_;
  config::FileGaps gaps_;
  std::unique_ptr<config::ObjectReader> reader_;
  std::string page_;
  uint64_t page_number_ = 0;
};

class ConfigCollector {
 public:
  ConfigCollector(const ConfigOptions& options, const Transport& transport, Sink& sink,
                  Progress& progress)
      : options_(options), transport_(transport), sink_(sink), progress_(progress) {
    std::erase_if(options_.types, [&](const std::string& type) {
      if (is_recordable(type)) return false;
      Gap gap;  // of the run: no call was made
      gap.type = type;
      gap.code = "NOT_SUPPORTED";
      gap.message = fmt::format("AWS Config does not record {}: {}", type, kScanAws);
      sink_.gap(std::move(gap));
      return true;
    });
    for (const Scope& scope : options_.scopes) {
      for (const std::string& region : scope.regions) later_.emplace_back(&scope, region);
    }
  }

  void run() {
    if (options_.types.empty() || later_.empty()) return;
    transport_.post([this] { advance(); });
    std::unique_lock lock(mutex_);
    bool cancelled = false;
    while (!changed_.wait_for(lock, kStopCheck, [this] { return over_; })) {
      if (!progress_.stop || cancelled) continue;
      cancelled = true;
      lock.unlock();
      transport_.cancel();
      lock.lock();
    }
  }

 private:
  void advance() {
    while (!is_stopped() && under_way_ < options_.concurrency && !later_.empty()) {
      const auto [scope, region] = std::move(later_.front());
      later_.pop_front();
      if (lost_.contains(scope)) {
        cover_nothing_of(*scope, region);
        continue;
      }
      ++under_way_;
      // Its calls under way keep it.
      const auto place =
          std::make_shared<Place>(options_, transport_, sink_, progress_, *scope, region);
      place->begin([this, place = place.get()](const std::optional<aws::CallError>& fatal) {
        if (fatal) take_fatal(*place, *fatal);
        --under_way_;
        advance();
      });
    }
    if (under_way_ > 0 || (!is_stopped() && !later_.empty())) return;
    // What was not come to.
    for (const auto& [scope, region] : later_) cover_nothing_of(*scope, region);
    // Nobody may touch this object once the waiting thread knows.
    const std::scoped_lock lock(mutex_);
    over_ = true;
    changed_.notify_all();
  }

  void cover_nothing_of(const Scope& scope, const std::string& region) {
    if (!options_.aggregator.empty()) return;
    for (const std::string& type : options_.types) sink_.covered({scope.account, region, type});
  }

  void take_fatal(const Place& place, const aws::CallError& error) {
    const Reach reach = reach_of(error, !place.has_answered());
    if (reach == Reach::Run) {
      stopped_ = true;
    } else if (reach == Reach::Account) {
      if (lost_.insert(&place.scope()).second)
        sink_.gap(account_gap(error, place.scope(), "nothing more of this account was seen"));
    } else {
      sink_.gap(region_gap(error, !place.has_answered()));
    }
  }

  bool is_stopped() const { return stopped_ || progress_.stop; }

  ConfigOptions options_;
  const Transport& transport_;
  Sink& sink_;
  Progress& progress_;
  std::deque<std::pair<const Scope*, std::string>> later_;
  size_t under_way_ = 0;
  bool stopped_ = false;
  std::set<const Scope*> lost_;  // accounts without credentials

  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;  // guarded by mutex_
};

}  // namespace

void collect_from_config(const ConfigOptions& options, const Transport& transport, Sink& sink,
                         Progress& progress) {
  ConfigCollector(options, transport, sink, progress).run();
}

}  // namespace sagewarden::live
