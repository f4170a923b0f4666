#include "source/config/stream.h"

#include <cstring>
#include <memory>
#include <optional>
#include <utility>

namespace sagewarden::config {

// One worker's share of the file at a time.
struct ConfigStream::Block {
  std::unique_ptr<char[]> bytes;
  size_t size = 0;
  uint64_t number = 0;  // in the order of the file
  bool last = false;
  bool truncated = false;      // with `error`
  std::optional<Error> error;  // why nothing comes after this block
  Found found;
};

ConfigStream::ConfigStream(InputStream input, std::string name, Layout layout,
                           const SourceOptions& options, Progress& progress, StreamLimits limits)
    : options_(options),
      progress_(progress),
      limits_(limits),
      gaps_(std::move(name)),
      input_(std::move(input)),
      splitter_(layout, limits.max_item_bytes, input_.bytes_text()) {}

void ConfigStream::work(Sink& sink) {
  ObjectReader reader(options_, gaps_, sink);
  Block block;
  block.bytes = std::make_unique_for_overwrite<char[]>(limits_.block_bytes + kScanPadding);
  while (!progress_.stop.load(std::memory_order_relaxed) && read_block(block)) {
    split_block(block);
    tell(block, sink);
    for (const FoundItem& item : block.found.items) {
      if (progress_.stop.load(std::memory_order_relaxed)) return;
      reader.read(item);
    }
    progress_.items.fetch_add(block.found.items.size(), std::memory_order_relaxed);
  }
}

// Reads the next block, or what is left of the file. False when another worker has the last one.
bool ConfigStream::read_block(Block& block) {
  const std::scoped_lock lock(reading_);
  if (ended_) return false;
  block.error.reset();
  const Result<size_t> count = input_.read({block.bytes.get(), limits_.block_bytes});
  block.size = count.value_or(0);
  block.number = blocks_read_++;
  block.last = block.size == 0;
  if (!count) {
    block.error = count.error();
    block.truncated = input_.was_truncated();
  }
  std::memset(block.bytes.get() + block.size, 0, kScanPadding);
  ended_ = block.last;
  count_progress();
  return true;
}

void ConfigStream::count_progress() {
  progress_.bytes_read.fetch_add(input_.bytes_read() - told_on_disk_, std::memory_order_relaxed);
  progress_.bytes_text.fetch_add(input_.bytes_text() - told_text_, std::memory_order_relaxed);
  told_on_disk_ = input_.bytes_read();
  told_text_ = input_.bytes_text();
}

void ConfigStream::split_block(Block& block) {
  {
    std::unique_lock lock(splitting_);
    split_.wait(lock, [&] { return blocks_split_ == block.number; });
    if (block.last) {
      splitter_.finish(block.found);
    } else {
      splitter_.feed({block.bytes.get(), block.size}, block.found);
    }
    ++blocks_split_;
  }
  split_.notify_all();
}

void ConfigStream::tell(const Block& block, Sink& sink) {
  if (block.error) {
    // That the file then ends too early follows from it, and needs no words of its own.
    if (block.error->code != Error::Code::Interrupted)
      gaps_.file(sink, block.truncated ? "TRUNCATED" : "UNREADABLE", block.error->message);
    return;
  }
  for (const SplitProblem& problem : block.found.problems) {
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
