// Stands in for AWS in tests: answers on a thread of its own, and remembers what it was asked.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "aws/client.h"
#include "base/json_writer.h"
#include "source/live/live.h"

namespace sagewarden::live {

inline aws::Answer answer(std::string_view json) {
  return std::move(*json::parse_document(json));
}

class FakeAws {
 public:
  using Handler = std::function<aws::Answer(const aws::Call&)>;

  explicit FakeAws(Handler handler)
      : handler_(std::move(handler)),
        thread_([this](const std::stop_token& over) { work(over); }) {}

  Transport transport() {
    return {
        [this](aws::Call call, aws::Client::Done done) {
          {
            const std::scoped_lock lock(mutex_);
            most_ = std::max(most_, ++under_way_);
          }
          post([this, call = std::move(call), done = std::move(done)] { answer_it(call, done); });
        },
        [this](std::function<void()> task) { post(std::move(task)); },
        [this] { cancelled_ = true; }};
  }

  // "eu-west-1 ListModels {…}", in the order in which they came.
  std::vector<std::string> calls() const {
    const std::scoped_lock lock(mutex_);
    return calls_;
  }
  size_t most_at_once() const { return most_; }

 private:
  void answer_it(const aws::Call& call, const aws::Client::Done& done) {
    {
      const std::scoped_lock lock(mutex_);
      calls_.push_back(call.region + " " + call.operation + " " + call.input);
      --under_way_;
    }
    aws::CallError cancelled;
    cancelled.kind = aws::CallError::Kind::Cancelled;
    done(cancelled_ ? aws::Answer(tl::make_unexpected(cancelled)) : named(call, handler_(call)));
  }
  // Errors say whose they are, as the client's do.
  static aws::Answer named(const aws::Call& call, aws::Answer answer) {
    if (answer) return answer;
    answer.error().service = call.service;
    answer.error().operation = call.operation;
    answer.error().region = call.region;
    answer.error().account = call.account;
    return answer;
  }
  void post(std::function<void()> task) {
    const std::scoped_lock lock(mutex_);
    tasks_.push_back(std::move(task));
    changed_.notify_all();
  }
  void work(const std::stop_token& over) {
    std::unique_lock lock(mutex_);
    while (changed_.wait(lock, over, [this] { return !tasks_.empty(); })) {
      const std::function<void()> task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
      lock.lock();
    }
  }

  Handler handler_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::function<void()>> tasks_;
  std::vector<std::string> calls_;
  size_t under_way_ = 0;
  size_t most_ = 0;
  std::atomic<bool> cancelled_ = false;
  std::jthread thread_;  // last: it uses the others
};

inline tl::unexpected<aws::CallError> refused(aws::CallError::Kind kind, std::string code,
                                              std::string message = "no", int status = 400) {
  aws::CallError error;
  error.kind = kind;
  error.code = std::move(code);
  error.message = std::move(message);
  error.http_status = status;
  return tl::make_unexpected(std::move(error));
}

}  // namespace sagewarden::live
