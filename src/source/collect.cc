// Reads everything that the user's inputs stand for: finds the files, tells what each is, and has
// the workers read them, small ones by one worker each, AWS Config's large ones by all together.
#include <algorithm>
#include <array>
#include <cassert>
#include <condition_variable>
#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/input.h"
#include "base/text.h"
#include "source/cloudformation/nested.h"
#include "source/config/stream.h"
#include "source/inventory/inventory.h"
#include "source/recognise.h"
#include "source/source.h"
#include "source/walk.h"

namespace sagewarden {
namespace {

using config::ConfigStream;

// Formats that do not stream are read into memory, and parsed they take several times as much.
constexpr uint64_t kMaxTextBytes = 1024 * uint64_t{1024} * 1024;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
// How much of a file is looked at to tell what it is, before it is read whole: most tell at once,
// an AWS Config item may hold megabytes before its type.
constexpr std::array<size_t, 2> kRecogniseBytes = {size_t{64} * 1024, size_t{8} * 1024 * 1024};

struct TextFormat {
  InputFormat format;
  ReadText read;
};

// Templates have a turn of their own.
constexpr std::array<TextFormat, 3> kTextFormats = {{
    {InputFormat::ApiOutput, read_api_output},
    {InputFormat::Terraform, read_terraform},
    {InputFormat::Inventory, read_inventory},  // where the start of the file did not tell
}};

struct StreamFormat {
  InputFormat format;
  config::Layout layout;
  size_t max_item_bytes;
};

constexpr size_t kMaxItemBytes = config::StreamLimits{}.max_item_bytes;
constexpr std::array<StreamFormat, 3> kStreamFormats = {{
    {InputFormat::ConfigList, config::Layout::Wrapped, kMaxItemBytes},
    {InputFormat::ConfigItems, config::Layout::Items, kMaxItemBytes},
    // One document, however many results it holds.
    {InputFormat::ConfigQuery, config::Layout::Items, kMaxTextBytes},
}};

// What the name of a file found in a folder promises. A file that is not what it promises may be
// a broken one of ours, so it is told of and not passed over.
bool promises_json(std::string_view path) {
  if (path.ends_with(".gz")) path.remove_suffix(3);
  return path.ends_with(".json") || path.ends_with(".template");
}
bool promises_yaml(std::string_view path) {
  if (path.ends_with(".gz")) path.remove_suffix(3);
  return path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".template");
}

// "… line 3, column 14: …" as numbers.
void take_place(const std::string& message, Location& location) {
  const auto number_after = [&](std::string_view word, size_t from, size_t& end) -> uint32_t {
    end = message.find(word, from);
    if (end == std::string::npos) return 0;
    uint64_t number = 0;
    for (end += word.size(); end < message.size() && message[end] >= '0' && message[end] <= '9';)
      number =
          std::min<uint64_t>(number * 10 + static_cast<uint64_t>(message[end++] - '0'), UINT32_MAX);
    return static_cast<uint32_t>(number);
  };
  size_t end = 0;
  location.line = number_after("line ", 0, end);
  if (location.line > 0) location.column = number_after("column ", end, end);
}

// Whether more than the start of a file of no known format is worth looking at.
bool is_worth_reading(const InputFile& file, std::string_view start) {
  const bool json = start.find_first_of("{[") == start.find_first_not_of(" \t\r\n");
  return json || file.named || promises_yaml(file.path);
}

void skip_byte_order_mark(InputStream& input) {
  const Result<std::string_view> start = input.peek(kByteOrderMark.size());
  if (!start || *start != kByteOrderMark) return;
  std::array<char, kByteOrderMark.size()> mark = {};
  (void)input.read(mark);  // it has just been seen, so this cannot fail
}

std::string_view code_of(const Error& error) {
  return error.code == Error::Code::Invalid ? "PARSE_ERROR" : "UNREADABLE";
}

// Hands everything on, and keeps what the first gap says.
class FirstGap final : public Sink {
 public:
  explicit FirstGap(Sink& sink) : sink_(sink) {}

  void resource(const Resource& resource) override { sink_.resource(resource); }
  void gap(Gap gap) override {
    if (message_.empty()) message_ = gap.location.file + ": " + gap.message;
    sink_.gap(std::move(gap));
  }
  void passed_over(std::string_view reason, std::string_view type) override {
    sink_.passed_over(reason, type);
  }
  void passed_over_path(std::string_view path, std::string_view reason) override {
    sink_.passed_over_path(path, reason);
  }
  const std::string& message() const { return message_; }

 private:
  Sink& sink_;
  std::string message_;
};

class Collection {
 public:
  Collection(std::vector<InputFile> files, const SourceOptions& options, Progress& progress)
      : files_(std::move(files)), options_(with_nested(options)), progress_(progress) {}

  // Called by every worker, each with its own sink; returns when nothing is left to do.
  void work(Sink& sink);

  // Whether anything was of use, and the reason if not.
  Result<void> outcome() const;

 private:
  // A file that all workers read together. Lives until the last of them has left it.
  struct Shared {
    Shared(const InputFile& file, InputStream input, const StreamFormat& format,
           const SourceOptions& options, Progress& progress)
        : stream(std::move(input), file.path, format.layout, options, progress,
                 {.max_item_bytes = format.max_item_bytes}) {}

    ConfigStream stream;
    size_t workers = 1;
    bool open = true;  // more may join
  };
  struct Task {
    const InputFile* file = nullptr;
    Shared* shared = nullptr;
    bool is_template = false;  // one that was put off
  };
  // What became of a file. If it was of no use, it has been told why.
  enum class Outcome : uint8_t { NoUse, OfUse, PutOff };

  std::optional<Task> next_task();
  void read_shared(Shared& shared, Sink& sink);
  Outcome read_file(const InputFile& file, Sink& sink);
  Outcome read_known(const InputFile& file, InputFormat format, InputStream input, Sink& sink);
  Outcome read_stream(const InputFile& file, const StreamFormat& format, InputStream input,
                      Sink& sink);
  Outcome read_lines(const InputFile& file, InputStream& input, Sink& sink);
  Outcome read_in_memory(const InputFile& file, InputFormat format, InputStream& input, Sink& sink);
  Outcome read_text_of(const InputFile& file, ReadText read, const Text& text, Sink& sink);
  Outcome put_off(const InputFile& file, Text text);
  Outcome read_template(const InputFile& file, Sink& sink);
  Outcome pass_over(const InputFile& file, const Recognised& as, std::string_view text, Sink& sink);
  bool is_parameter_file(const std::string& path) const;
  Outcome failed(const InputFile& file, const InputStream& input, const Error& error, Sink& sink);
  Outcome told(const InputFile& file, std::string_view code, std::string message, Sink& sink);

  SourceOptions with_nested(const SourceOptions& options) {
    SourceOptions own = options;
    own.nested = &nested_;
    return own;
  }
  size_t place_of(const InputFile& file) const {
    return static_cast<size_t>(&file - files_.data());
  }
  bool stopped() const { return progress_.stop.load(std::memory_order_relaxed); }

  const std::vector<InputFile> files_;
  // Templates are read last, when it is known which are nested in which.
  cloudformation::NestedStacks nested_;
  const SourceOptions options_;
  Progress& progress_;

  mutable std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  size_t next_ = 0;     // of files_
  size_t opening_ = 0;  // workers that may still come upon a file to share, or read a template
  bool templates_next_ = false;            // all other files have been read
  std::unordered_map<size_t, Text> kept_;  // of templates that cannot be read twice, by place
  std::list<Shared> shared_;
  size_t of_use_ = 0;  // files
  // Why the first of the others was of no use, first in the order of files_.
  std::pair<size_t, std::string> failure_ = {SIZE_MAX, {}};
};

std::optional<Collection::Task> Collection::next_task() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (stopped()) return std::nullopt;
    if (next_ < files_.size()) {
      ++opening_;
      return Task{.file = &files_[next_++]};
    }
    const auto open = std::ranges::find(shared_, true, &Shared::open);
    if (open != shared_.end()) {
      ++open->workers;
      return Task{.shared = &*open};
    }
    templates_next_ = templates_next_ || opening_ == 0;
    if (templates_next_) {
      std::optional<size_t> next = nested_.next();
      if (!next && opening_ == 0 && nested_.release_rest()) next = nested_.next();
      if (next) {
        ++opening_;
        return Task{.file = &files_[*next], .is_template = true};
      }
    }
    if (opening_ == 0) return std::nullopt;
    changed_.wait(lock);
  }
}

void Collection::work(Sink& sink) {
  while (const std::optional<Task> task = next_task()) {
    if (task->shared != nullptr) {
      read_shared(*task->shared, sink);
      continue;
    }
    const Outcome outcome =
        task->is_template ? read_template(*task->file, sink) : read_file(*task->file, sink);
    if (outcome != Outcome::PutOff) progress_.files.fetch_add(1, std::memory_order_relaxed);
    if (task->is_template) nested_.done(place_of(*task->file));
    const std::scoped_lock lock(mutex_);
    if (outcome == Outcome::OfUse) ++of_use_;
    --opening_;
    changed_.notify_all();
  }
}

// Takes part in reading a file, until its end.
void Collection::read_shared(Shared& shared, Sink& sink) {
  shared.stream.work(sink);
  bool last = false;
  {
    const std::scoped_lock lock(mutex_);
    shared.open = false;
    last = --shared.workers == 0;
  }
  if (!last) return;
  shared.stream.finish(sink);
  const std::scoped_lock lock(mutex_);
  shared_.remove_if([&](const Shared& other) { return &other == &shared; });
}

Collection::Outcome Collection::read_file(const InputFile& file, Sink& sink) {
  Result<InputStream> input = InputStream::open(file.path, &progress_.stop);
  if (!input) return told(file, code_of(input.error()), input.error().message, sink);
  Recognised as;
  std::string_view start;
  for (const size_t window : kRecogniseBytes) {
    const Result<std::string_view> peeked = input->peek(window);
    if (!peeked) return failed(file, *input, peeked.error(), sink);
    start = *peeked;
    const Extent extent = start.size() < window ? Extent::Whole : Extent::Start;
    if (start.starts_with(kByteOrderMark)) start.remove_prefix(kByteOrderMark.size());
    as = recognise(start, extent);
    if (!as.needs_more || !is_worth_reading(file, start)) break;
  }
  if (as.format != InputFormat::None || (as.needs_more && file.named))
    return read_known(file, as.format, std::move(*input), sink);
  // What cannot be read to its end may well be one of ours.
  if (input->error() != nullptr) return failed(file, *input, *input->error(), sink);
  // Large files of other kinds lie about in folders (training data, for one): that this is none of
  // ours is plain enough without reading it all.
  return pass_over(file, as, start, sink);
}

Collection::Outcome Collection::read_known(const InputFile& file, InputFormat format,
                                           InputStream input, Sink& sink) {
  skip_byte_order_mark(input);
  const auto stream = std::ranges::find(kStreamFormats, format, &StreamFormat::format);
  if (stream != kStreamFormats.end()) return read_stream(file, *stream, std::move(input), sink);
  if (format == InputFormat::Inventory) return read_lines(file, input, sink);
  return read_in_memory(file, format, input, sink);
}

Collection::Outcome Collection::read_lines(const InputFile& file, InputStream& input, Sink& sink) {
  const Result<void> read = read_inventory_stream(input, file.path, options_, sink, progress_);
  if (read) return Outcome::OfUse;
  if (input.error() != nullptr) return failed(file, input, read.error(), sink);
  return told(file, code_of(read.error()), read.error().message, sink);
}

Collection::Outcome Collection::read_stream(const InputFile& file, const StreamFormat& format,
                                            InputStream input, Sink& sink) {
  Shared* shared = nullptr;
  {
    const std::scoped_lock lock(mutex_);
    shared = &shared_.emplace_back(file, std::move(input), format, options_, progress_);
    changed_.notify_all();
  }
  read_shared(*shared, sink);
  return Outcome::OfUse;
}

// InputFormat::None: the start of the file did not tell.
Collection::Outcome Collection::read_in_memory(const InputFile& file, InputFormat format,
                                               InputStream& input, Sink& sink) {
  Result<Text> text = read_text(input, kMaxTextBytes);
  progress_.bytes_read.fetch_add(input.bytes_read(), std::memory_order_relaxed);
  progress_.bytes_text.fetch_add(input.bytes_text(), std::memory_order_relaxed);
  if (!text) return failed(file, input, text.error(), sink);
  if (format == InputFormat::None) {
    const Recognised as = recognise(text->view(), Extent::Whole);
    format = as.format;
    if (format == InputFormat::None) return pass_over(file, as, text->view(), sink);
  }
  if (format == InputFormat::CloudFormation) return put_off(file, std::move(*text));
  const auto reader = std::ranges::find(kTextFormats, format, &TextFormat::format);
  if (reader == kTextFormats.end()) {
    return told(file, "NOT_RECOGNISED",
                "an AWS Config export whose first megabytes do not show what it is", sink);
  }
  return read_text_of(file, reader->read, *text, sink);
}

Collection::Outcome Collection::read_text_of(const InputFile& file, ReadText read, const Text& text,
                                             Sink& sink) {
  const Result<void> result = read({file.path, text.view()}, options_, sink);
  if (!result) return told(file, code_of(result.error()), result.error().message, sink);
  return Outcome::OfUse;
}

// A template is read again when its turn comes: all of a large folder would not fit into memory.
Collection::Outcome Collection::put_off(const InputFile& file, Text text) {
  nested_.add(place_of(file), file.path, text.view());
  std::error_code error;
  if (file.path == "-" || !std::filesystem::is_regular_file(file.path, error)) {
    const std::scoped_lock lock(mutex_);
    kept_.emplace(place_of(file), std::move(text));
  }
  return Outcome::PutOff;
}

Collection::Outcome Collection::read_template(const InputFile& file, Sink& sink) {
  std::optional<Text> kept;
  {
    const std::scoped_lock lock(mutex_);
    if (auto found = kept_.extract(place_of(file)); !found.empty())
      kept = std::move(found.mapped());
  }
  if (kept) return read_text_of(file, read_cloudformation, *kept, sink);
  Result<InputStream> input = InputStream::open(file.path, &progress_.stop);
  if (!input) return told(file, code_of(input.error()), input.error().message, sink);
  skip_byte_order_mark(*input);
  const Result<Text> text = read_text(*input, kMaxTextBytes);
  if (!text) return failed(file, *input, text.error(), sink);
  return read_text_of(file, read_cloudformation, *text, sink);
}

// A file of none of our formats. In folders such lie about, and are no concern of ours, unless
// their name promises one and they look broken, or they are plainly meant as input.
Collection::Outcome Collection::pass_over(const InputFile& file, const Recognised& as,
                                          std::string_view text, Sink& sink) {
  const bool broken = (promises_json(file.path) && as.broken_json) ||
                      (promises_yaml(file.path) && !as.only_names &&
                       text.find("AWS::") != std::string_view::npos) ||
                      as.evident;
  if (!file.named && (!broken || is_parameter_file(file.path))) {
    progress_.bytes_read.fetch_add(file.bytes, std::memory_order_relaxed);
    sink.passed_over_path(file.path, kNotOurs);
    return Outcome::NoUse;
  }
  return told(file, "NOT_RECOGNISED",
              "not recognised: it is " + as.seems + "; expected is " + std::string(kKnownFormats),
              sink);
}

// Its names may be those of SageMaker's members.
bool Collection::is_parameter_file(const std::string& path) const {
  std::error_code error;
  return std::ranges::any_of(options_.parameter_files, [&](const std::string& given) {
    return std::filesystem::equivalent(path, given, error);
  });
}

Collection::Outcome Collection::failed(const InputFile& file, const InputStream& input,
                                       const Error& error, Sink& sink) {
  return told(file, input.was_truncated() ? "TRUNCATED" : code_of(error), error.message, sink);
}

Collection::Outcome Collection::told(const InputFile& file, std::string_view code,
                                     std::string message, Sink& sink) {
  if (stopped()) return Outcome::NoUse;
  // The place has a field of its own.
  const std::string name = file.path == "-" ? "standard input" : file.path;
  if (message.starts_with(name + ": ")) message.erase(0, name.size() + 2);
  Gap gap;
  gap.location.file = file.path;
  take_place(message, gap.location);
  gap.code = code;
  gap.message = message;
  sink.gap(std::move(gap));

  const std::scoped_lock lock(mutex_);
  const size_t place = place_of(file);
  if (place < failure_.first) failure_ = {place, name + ": " + message};
  return Outcome::NoUse;
}

Result<void> Collection::outcome() const {
  const std::scoped_lock lock(mutex_);
  if (of_use_ > 0 || stopped()) return {};
  if (failure_.second.empty()) {
    return fail(Error::Code::NotFound,
                "no input found; expected are files of these kinds: " + std::string(kKnownFormats));
  }
  if (files_.size() == 1) return fail(Error::Code::Invalid, failure_.second);
  return fail(Error::Code::Invalid, "none of " + count_of(files_.size(), "file") +
                                        " could be read; the first reason is: " + failure_.second);
}

}  // namespace

Result<void> collect(std::span<const std::string> inputs, const SourceOptions& options,
                     std::span<Sink* const> sinks, Progress& progress) {
  assert(!sinks.empty());
  FirstGap gaps(*sinks.front());
  std::vector<InputFile> files = find_files(inputs, gaps);
  if (files.empty() && !gaps.message().empty()) return fail(Error::Code::NotFound, gaps.message());
  uint64_t total = 0;
  bool known = true;
  for (const InputFile& file : files) {
    total += file.bytes;
    known = known && (file.bytes > 0 || !file.named);  // a pipe does not say
  }
  progress.bytes_total = known ? total : 0;

  // One worker is done with a few small files before another has started. What a pipe holds is not
  // known.
  constexpr uint64_t kWorthAThread = uint64_t{128} * 1024;
  const size_t workers =
      known ? static_cast<size_t>(std::min<uint64_t>(sinks.size(), total / kWorthAThread + 1))
            : sinks.size();

  Collection collection(std::move(files), options, progress);
  std::vector<std::thread> threads;
  try {
    for (Sink* const sink : sinks.first(workers).subspan(1))
      threads.emplace_back([&collection, sink] { collection.work(*sink); });
  } catch (const std::system_error&) {
    // The system has no more threads to give: those that there are do all the work.
  }
  collection.work(*sinks.front());
  for (std::thread& thread : threads) thread.join();
  return collection.outcome();
}

}  // namespace sagewarden
