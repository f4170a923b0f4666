#include "base/pool.h"

#include <algorithm>
#include <utility>

namespace sagewarden {

Pool::Pool(size_t threads) : most_waiting_(std::max<size_t>(1, threads)) {
  for (size_t i = 0; i < most_waiting_; ++i)
    threads_.emplace_back([this](const std::stop_token& over) { work(over); });
}

Pool::~Pool() {
  wait();
}

void Pool::run(std::function<void()> task) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return tasks_.size() < most_waiting_; });
  tasks_.push_back(std::move(task));
  changed_.notify_all();
}

void Pool::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return tasks_.empty() && under_way_ == 0; });
}

void Pool::work(const std::stop_token& over) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, over, [this] { return !tasks_.empty(); })) {
    const std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    ++under_way_;
    changed_.notify_all();
    lock.unlock();
    task();
    lock.lock();
    --under_way_;
    changed_.notify_all();
  }
}

}  // namespace sagewarden
