// An AWS Config file of any size, read by any number of threads at once in the memory of a block
// for each.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/input.h"
#include "source/config/gaps.h"
#include "source/config/object.h"
#include "source/config/splitter.h"
#include "source/source.h"

namespace sagewarden::config {

struct StreamLimits {
  // Blocks of this size, what is parsed of them and the decompressor's window stay in the
  // processor's second-level cache.
  size_t block_bytes = size_t{256} * 1024;
  // Beyond, an item is a gap. AWS's own items have some kilobytes, rarely a few hundred.
  size_t max_item_bytes = size_t{64} * 1024 * 1024;
};

class ConfigStream {
 public:
  // `input` stands at the first byte that belongs to the file's text (behind a byte order mark).
  // `options` and `progress` must outlive the stream.
  ConfigStream(InputStream input, std::string name, Layout layout, const SourceOptions& options,
               Progress& progress, StreamLimits limits = {});
  ~ConfigStream();

  // Reads until the end of the file, or until progress.stop. May be called by several threads, each
  // with its own sink; together they read every item once.
  void work(Sink& sink);
  // After all of them have returned.
  void finish(Sink& sink) { gaps_.finish(sink); }

 private:
  struct Block;
  using BlockPtr = std::unique_ptr<Block>;

  BlockPtr next_block(BlockPtr done);
  BlockPtr take_ready();
  void read_block(Block& block);
  void split_block(const Block& block, Found& found);
  void count_progress();
  void tell(const Block& block, const Found& found, Sink& sink);

  const SourceOptions& options_;
  Progress& progress_;
  const StreamLimits limits_;
  FileGaps gaps_;

  // Blocks are read one after the other, and split in the same order; while one is split, the next
  // can be read (and decompressed), and all others are evaluated. Whoever finds no block ready
  // reads the next, and where that takes long, some more ahead for the others.
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<BlockPtr> ready_;   // under mutex_: read and not yet taken
  std::vector<BlockPtr> spare_;  // under mutex_
  bool is_reading_ = false;      // under mutex_: some worker is
  bool ended_ = false;           // under mutex_: the last block has been read
  bool is_packed_ = false;       // under mutex_: reading takes long
  size_t workers_ = 0;           // under mutex_
  size_t waiting_ = 0;           // under mutex_: workers that have nothing to do

  // Only of the worker that is reading:
  InputStream input_;
  uint64_t blocks_read_ = 0;
  uint64_t told_on_disk_ = 0;
  uint64_t told_text_ = 0;

  std::mutex splitting_;
  std::condition_variable split_;
  Splitter splitter_;          // under splitting_
  uint64_t blocks_split_ = 0;  // under splitting_
};

}  // namespace sagewarden::config
