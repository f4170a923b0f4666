#include "source/config/stream.h"

#include <cstring>
#include <memory>
#include <optional>
#include <utility>

namespace sagewarden::config {

// One worker's share of the file at a time.
struct ConfigStream::Block {
  explicit Block(size_t room) : bytes(std::make_unique_for_overwrite<char[]>(room)) {}

  std::unique_ptr<char[]> bytes;
  size_t size = 0;
  uint64_t number = 0;  // in the order of the file
  bool last = false;
  bool truncated = false;      // with `error`
  std::optional<Error> error;  // why nothing comes after this block
};

ConfigStream::ConfigStream(InputStream input, std::string name, Layout layout,
                           const SourceOptions& options, Progress& progress, StreamLimits limits)
    : options_(options),
      progress_(progress),
      limits_(limits),
      gaps_(std::move(name)),
      input_(std::move(input)),
      splitter_(layout, limits.max_item_bytes, input_.bytes_text()) {}

ConfigStream::~ConfigStream() = default;

void ConfigStream::work(Sink& sink) {
  {
    const std::scoped_lock lock(mutex_);
    ++workers_;
  }
  ObjectReader reader(options_, gaps_, sink);
  Found found;
  for (BlockPtr block; !progress_.stop.load(std::memory_order_relaxed);) {
    block = next_block(std::move(block));
    if (block == nullptr) return;
    split_block(*block, found);
    tell(*block, found, sink);
    for (const FoundItem& item : found.items) {
      if (progress_.stop.load(std::memory_order_relaxed)) return;
      reader.read(item);
    }
    progress_.items.fetch_add(found.items.size(), std::memory_order_relaxed);
  }
}

// The next block to work on, in the order of the file; null when none is left. `done` is the one
// that the caller has worked on, or null.
ConfigStream::BlockPtr ConfigStream::next_block(BlockPtr done) {
  std::unique_lock lock(mutex_);
  if (done != nullptr) spare_.push_back(std::move(done));
  for (;;) {
    // A block that was only copied is best worked on at once, while the processor's cache has it.
    const size_t enough = is_packed_ ? workers_ : 1;
    const bool reads = !is_reading_ && !ended_ && ready_.size() < enough;
    if (!reads && !ready_.empty()) return take_ready();
    if (!reads && ended_) return nullptr;
    if (!reads) {
      ++waiting_;
      changed_.wait(lock);
      --waiting_;
      continue;
    }
    if (spare_.empty())
      spare_.push_back(std::make_unique<Block>(limits_.block_bytes + kScanPadding));
    BlockPtr block = std::move(spare_.back());
    spare_.pop_back();
    is_reading_ = true;
    lock.unlock();
    read_block(*block);
    lock.lock();
    is_reading_ = false;
    ended_ = block->last;
    is_packed_ = input_.is_gzip();
    ready_.push_back(std::move(block));
    if (ended_) {
      changed_.notify_all();
    } else if (waiting_ > 0) {
      changed_.notify_one();
    }
  }
}

// With mutex_ held.
ConfigStream::BlockPtr ConfigStream::take_ready() {
  BlockPtr block = std::move(ready_.front());
  ready_.pop_front();
  // Nobody reads now: one of those who wait can.
  if (!is_reading_ && waiting_ > 0) changed_.notify_one();
  return block;
}

void ConfigStream::read_block(Block& block) {
  block.error.reset();
  block.truncated = false;
  const Result<size_t> count = input_.read({block.bytes.get(), limits_.block_bytes});
  block.size = count.value_or(0);
  block.number = blocks_read_++;
  block.last = block.size == 0;
  if (!count) {
    block.error = count.error();
    block.truncated = input_.was_truncated();
  }
  std::memset(block.bytes.get() + block.size, 0, kScanPadding);
  count_progress();
}

void ConfigStream::count_progress() {
  progress_.bytes_read.fetch_add(input_.bytes_read() - told_on_disk_, std::memory_order_relaxed);
  progress_.bytes_text.fetch_add(input_.bytes_text() - told_text_, std::memory_order_relaxed);
  told_on_disk_ = input_.bytes_read();
  told_text_ = input_.bytes_text();
}

void ConfigStream::split_block(const Block& block, Found& found) {
  {
    std::unique_lock lock(splitting_);
    split_.wait(lock, [&] { return blocks_split_ == block.number; });
    if (block.last) {
      splitter_.finish(found);
    } else {
      splitter_.feed({block.bytes.get(), block.size}, found);
    }
    ++blocks_split_;
  }
  split_.notify_all();
}

void ConfigStream::tell(const Block& block, const Found& found, Sink& sink) {
  if (block.error) {
    // That the file then ends too early follows from it, and needs no words of its own.
    if (block.error->code != Error::Code::Interrupted)
      gaps_.file(sink, block.truncated ? "TRUNCATED" : "UNREADABLE", block.error->message);
    return;
  }
  for (const SplitProblem& problem : found.problems) {
    const std::string where = "at byte " + std::to_string(problem.offset) + ": ";
    if (problem.item == 0) {
      gaps_.file(sink, problem.code, where + problem.message);
    } else {
      gaps_.item(sink, problem.item, problem.code,
                 "item " + std::to_string(problem.item) + ", " + where + problem.message, {});
    }
  }
}

}  // namespace sagewarden::config
