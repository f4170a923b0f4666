// A few threads that work off tasks.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace sagewarden {

class Pool {
 public:
  explicit Pool(size_t threads);
  ~Pool();  // after the last task

  // Waits while as many tasks are waiting as there are threads: what is still to be done stays
  // small.
  void run(std::function<void()> task);
  // Until all tasks are done.
  void wait();

 private:
  void work(const std::stop_token& over);

  size_t most_waiting_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::function<void()>> tasks_;
  size_t under_way_ = 0;
  std::vector<std::jthread> threads_;  // last: they use the others
};

}  // namespace sagewarden
