// Which call is made next. There are never more than --concurrency under way; Regions take turns,
// and in a Region its types. A list gets a page ahead of what is described and no further, so that
// memory does not grow with the account.
#include "source/live/live.h"

#include <fmt/core.h>

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
#include "source/live/gaps.h"
#include "source/live/visit.h"
#include "source/types/status.h"

namespace sagewarden::live {
namespace {

constexpr int64_t kListPageSize = 100;  // the largest that List calls take
// Pages may be short or empty, but a list that brings nothing new for so long does not end.
constexpr size_t kMaxIdlePages = 1'000;
constexpr auto kProgressTick = std::chrono::milliseconds(100);

// The resources of one type in one Region.
struct Lane {
  explicit Lane(const TypePlan& what) : plan(what) {}

  const TypePlan& plan;
  bool listing = false;  // a List call is under way
  bool listed = false;   // there is no further page, or none that can be had
  bool complete = true;  // nothing of the list is missing so far
  uint32_t named = 0;    // how many resources it named
  uint32_t read = 0;
  uint32_t gone = 0;
  PageTokens pages;
  size_t idle_pages = 0;
  std::set<std::string, std::less<>> seen;  // names: pages may overlap
  std::deque<Listed> waiting;

  bool can_list() const { return !listing && !listed && waiting.size() <= kListPageSize; }
  bool is_over() const { return !listing && listed && waiting.empty(); }
  // What was neither read nor gone was not read, whatever kept it from being.
  CoverageRow coverage(const Scope& scope, std::string_view region) const {
    return {scope.account,
            std::string(region),
            std::string(plan.shape->cloudformation),
            named,
            read,
            named - read - gone,
            gone,
            listed && complete};
  }
};

// One Region of one account.
struct Area {
  const Scope* scope = nullptr;
  std::string region;
  std::vector<Lane> lanes;
  size_t turn = 0;        // the lane that is asked first
  size_t under_way = 0;   // calls
  bool answered = false;  // by anything: until then there is one call only, as it may be the last
  bool closed = false;    // nothing more is to be had here; a gap says why

  bool is_over() const {
    return under_way == 0 && (closed || std::ranges::all_of(lanes, &Lane::is_over));
  }
};

class Collector {
 public:
  Collector(const LiveOptions& options, const Transport& transport, Sink& sink, Progress& progress);
  void run();

 private:
  void advance();
  bool start_one();
  bool start_in(Area& area);
  void list(Area& area, Lane& lane);
  void page_came(Area& area, Lane& lane, const aws::Answer& answer);
  void take_page(Area& area, Lane& lane, json::Value root);
  bool take_summary(Lane& lane, json::Value summary);
  void visit(Area& area, Lane& lane);
  void call_over(Area& area);
  void visited(Area& area, Lane& lane, Visit::Outcome outcome, const aws::CallError& error);
  void area_over(const Area& area);
  void cover(const Area& area);
  void cover_nothing_of(const Scope& scope, std::string_view region);
  // Stops what the error reaches. False: only its own call.
  bool take_fatal(Area& area, const aws::CallError& error);
  void list_ends(const Area& area, Lane& lane, const aws::CallError& error);
  aws::CallError malformed(const Area& area, const Lane& lane, std::string message) const;
  void finish();
  bool is_stopped() const { return stopped_ || progress_.stop; }

  const LiveOptions& options_;
  const Transport& transport_;
  Sink& sink_;
  Progress& progress_;
  std::vector<TypePlan> plans_;
  api::Described described_;
  std::deque<std::unique_ptr<Area>> later_;
  std::vector<std::unique_ptr<Area>> active_;
  size_t turn_ = 0;
  size_t under_way_ = 0;
  bool stopped_ = false;
  bool advancing_ = false;
  std::set<const Scope*> lost_;          // accounts without credentials
  std::map<const Scope*, size_t> left_;  // Regions that are not done

  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;  // guarded by mutex_
};

Collector::Collector(const LiveOptions& options, const Transport& transport, Sink& sink,
                     Progress& progress)
    : options_(options), transport_(transport), sink_(sink), progress_(progress) {
  for (const TypeNeeds& needs : options.needs) {
    const Operations* const operations = find_operations(needs.type);
    const TypeShape* const shape = find_type_shape(needs.type);
    if (operations != nullptr && shape != nullptr) {
      plans_.push_back(plan_of(needs, *operations, *shape));
      continue;
    }
    Gap gap;  // of the run: no call was made
    gap.type = needs.type;
    gap.code = "NOT_SUPPORTED";
    gap.message = fmt::format(
        "{} cannot be read from AWS by this program: give it as AWS Config or a template has it",
        needs.type);
    sink.gap(std::move(gap));
  }
  // Regions of different accounts beside each other, as AWS throttles each account on its own.
  for (size_t i = 0, left = 1; left > 0; ++i) {
    left = 0;
    for (const Scope& scope : options.scopes) {
      if (i >= scope.regions.size()) continue;
      auto area = std::make_unique<Area>();
      area->scope = &scope;
      area->region = scope.regions[i];
      later_.push_back(std::move(area));
      ++left_[&scope];
      ++left;
    }
  }
  progress.accounts_total = left_.size();
  progress.regions_total = later_.size();
}

void Collector::run() {
  if (plans_.empty()) return;
  transport_.post([this] { advance(); });
  std::unique_lock lock(mutex_);
  bool cancelled = false;
  while (!changed_.wait_for(lock, kProgressTick, [this] { return over_; })) {
    if (transport_.throttled) progress_.throttled = transport_.throttled();
    if (!progress_.stop || cancelled) continue;
    cancelled = true;
    lock.unlock();
    transport_.cancel();
    lock.lock();
  }
}

void Collector::advance() {
  if (advancing_) return;  // what was started is over already; the loop below goes on
  advancing_ = true;
  while (!is_stopped()) {
    std::erase_if(active_, [this](const std::unique_ptr<Area>& area) {
      if (!area->is_over()) return false;
      cover(*area);
      area_over(*area);
      return true;
    });
    while (active_.size() < options_.concurrency && !later_.empty()) {
      std::unique_ptr<Area> area = std::move(later_.front());
      later_.pop_front();
      if (lost_.contains(area->scope)) {
        cover_nothing_of(*area->scope, area->region);
        area_over(*area);
        continue;
      }
      for (const TypePlan& plan : plans_) area->lanes.emplace_back(plan);
      active_.push_back(std::move(area));
    }
    if (under_way_ >= options_.concurrency || !start_one()) break;
  }
  advancing_ = false;
  const bool over = under_way_ == 0 && (is_stopped() || active_.empty());
  if (!over) return;
  finish();
  // Nobody may touch this object once the waiting thread knows.
  const std::scoped_lock lock(mutex_);
  over_ = true;
  changed_.notify_all();
}

// For the progress line.
void Collector::area_over(const Area& area) {
  progress_.regions.fetch_add(1, std::memory_order_relaxed);
  if (--left_[area.scope] == 0) progress_.accounts.fetch_add(1, std::memory_order_relaxed);
}

void Collector::cover(const Area& area) {
  for (const Lane& lane : area.lanes) sink_.covered(lane.coverage(*area.scope, area.region));
}

void Collector::cover_nothing_of(const Scope& scope, std::string_view region) {
  for (const TypePlan& plan : plans_) sink_.covered(Lane(plan).coverage(scope, region));
}

// Says what was not come to.
void Collector::finish() {
  for (const std::unique_ptr<Area>& area : active_) cover(*area);
  for (const std::unique_ptr<Area>& area : later_) cover_nothing_of(*area->scope, area->region);
  for (const Scope& scope : options_.scopes) {
    if (scope.regions.empty()) cover_nothing_of(scope, "");
  }
}

bool Collector::start_one() {
  const size_t count = active_.size();
  // A Region that is slow, as AWS throttles it, must not hold all calls.
  const size_t share = count == 0 ? 0 : (options_.concurrency + count - 1) / count;
  for (size_t i = 0; i < count; ++i) {
    const size_t place = (turn_ + i) % count;
    Area& area = *active_[place];
    if (area.under_way >= share || !start_in(area)) continue;
    turn_ = place + 1;
    return true;
  }
  return false;
}

bool Collector::start_in(Area& area) {
  if (area.closed || (!area.answered && area.under_way > 0)) return false;
  const size_t count = area.lanes.size();
  for (size_t i = 0; i < count; ++i) {
    const size_t place = (area.turn + i) % count;
    Lane& lane = area.lanes[place];
    if (!lane.can_list() && lane.waiting.empty()) continue;
    area.turn = place + 1;
    ++area.under_way;
    ++under_way_;
    // What is waited for longest: each page is asked for with what the one before it said.
    if (lane.can_list()) {
      list(area, lane);
    } else {
      visit(area, lane);
    }
    return true;
  }
  return false;
}

void Collector::call_over(Area& area) {
  --area.under_way;
  --under_way_;
  advance();
}

bool Collector::take_fatal(Area& area, const aws::CallError& error) {
  const Reach reach = reach_of(error, !area.answered);
  if (reach == Reach::Call) return false;
  if (reach == Reach::Run) {
    stopped_ = true;
  } else if (reach == Reach::Account) {
    if (lost_.insert(area.scope).second)
      sink_.gap(account_gap(error, *area.scope, "nothing more of this account was seen"));
  } else if (!area.closed) {
    sink_.gap(region_gap(error, !area.answered));
  }
  for (const std::unique_ptr<Area>& other : active_)
    other->closed |=
        other.get() == &area || (reach == Reach::Account && other->scope == area.scope);
  return true;
}

// ---- List ----

void Collector::list(Area& area, Lane& lane) {
  lane.listing = true;
  progress_.calls.fetch_add(1, std::memory_order_relaxed);
  aws::Call call{"sagemaker", std::string(lane.plan.shape->list_operation), area.region,
                 area.scope->account};
  call.credentials = area.scope->credentials;
  call.input.clear();
  json::Writer writer(call.input);
  writer.begin_object().key("MaxResults").integer(kListPageSize);
  if (!lane.pages.next().empty()) writer.member("NextToken", lane.pages.next());
  writer.end_object();
  transport_.start(std::move(call), [this, &area, &lane](const aws::Answer& answer) {
    lane.listing = false;
    page_came(area, lane, answer);
    call_over(area);
  });
}

void Collector::page_came(Area& area, Lane& lane, const aws::Answer& answer) {
  if (!answer && take_fatal(area, answer.error())) return;
  area.answered = true;
  if (answer) return take_page(area, lane, answer->root);
  list_ends(area, lane, answer.error());
}

void Collector::take_page(Area& area, Lane& lane, json::Value root) {
  const json::Value summaries = root[lane.plan.operations->list_result];
  if (!summaries.is_array())
    return list_ends(area, lane, malformed(area, lane, "the answer holds no list"));
  size_t unnamed = 0;
  const size_t before = lane.seen.size();
  for (const json::Value summary : summaries.elements())
    unnamed += take_summary(lane, summary) ? 0U : 1U;
  if (unnamed > 0) {
    lane.complete = false;
    sink_.gap(call_gap(malformed(area, lane, "the answer does not name them"),
                       lane.plan.shape->cloudformation,
                       fmt::format("{} of the {} of this Region could not be read", unnamed,
                                   plural_of(lane.plan.shape->cloudformation))));
  }
  lane.idle_pages = lane.seen.size() > before ? 0 : lane.idle_pages + 1;
  switch (lane.pages.take(root["NextToken"])) {
    case PageTokens::Next::Last:
      lane.listed = true;
      lane.seen.clear();
      return;
    case PageTokens::Next::More:
      if (lane.idle_pages < kMaxIdlePages) return;
      break;
    case PageTokens::Next::Repeated:
    case PageTokens::Next::Malformed:
      break;
  }
  list_ends(area, lane, malformed(area, lane, "its pages do not come to an end"));
}

// False: it does not say its name.
bool Collector::take_summary(Lane& lane, json::Value summary) {
  const Operations& operations = *lane.plan.operations;
  const std::string_view name = summary[operations.summary_name].string_or("");
  if (name.empty()) return false;
  if (!lane.seen.emplace(name).second) return true;
  ++lane.named;
  if (is_being_deleted(summary)) {
    ++lane.gone;
    sink_.passed_over("being deleted", lane.plan.shape->cloudformation);
    return true;
  }
  Listed listed{std::string(name)};
  if (!operations.summary_arn.empty()) listed.arn = summary[operations.summary_arn].string_or("");
  if (!lane.plan.describe) json::Writer(listed.summary).value(summary);
  lane.waiting.push_back(std::move(listed));
  return true;
}

// What was listed before goes on.
void Collector::list_ends(const Area& area, Lane& lane, const aws::CallError& error) {
  lane.listed = true;
  lane.complete = false;
  if (area.closed) return;
  const std::string_view type = lane.plan.shape->cloudformation;
  const std::string missing =
      lane.seen.empty() ? fmt::format("the {} of this Region were not seen", plural_of(type))
                        : fmt::format("of the {} of this Region, no more than {} were seen",
                                      plural_of(type), lane.seen.size());
  sink_.gap(call_gap(error, type, missing));
}

aws::CallError Collector::malformed(const Area& area, const Lane& lane, std::string message) const {
  aws::CallError error;
  error.kind = aws::CallError::Kind::Malformed;
  error.service = "sagemaker";
  error.operation = lane.plan.shape->list_operation;
  error.region = area.region;
  error.account = area.scope->account;
  error.message = std::move(message);
  return error;
}

// ---- Describe and ListTags ----

void Collector::visit(Area& area, Lane& lane) {
  const Surroundings around{transport_, options_.now, sink_, progress_, described_};
  const auto next = std::make_shared<Visit>(around, lane.plan, *area.scope, area.region,
                                            std::move(lane.waiting.front()));
  lane.waiting.pop_front();
  next->begin([this, &area, &lane](Visit::Outcome outcome, const aws::CallError& error) {
    visited(area, lane, outcome, error);
    call_over(area);
  });
}

void Collector::visited(Area& area, Lane& lane, Visit::Outcome outcome,
                        const aws::CallError& error) {
  switch (outcome) {
    case Visit::Outcome::Read:
      ++lane.read;
      return;
    case Visit::Outcome::Gone:
      ++lane.gone;
      return;
    case Visit::Outcome::NotRead:
      return;
    case Visit::Outcome::Fatal:
      take_fatal(area, error);
      return;
  }
}

}  // namespace

void collect(const LiveOptions& options, const Transport& transport, Sink& sink,
             Progress& progress) {
  Collector(options, transport, sink, progress).run();
}

}  // namespace sagewarden::live
