// Credentials that are fetched when they are needed and again before they expire.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "aws/credentials.h"
#include "base/result.h"

namespace sagewarden::aws {

// One way to get credentials. fetch() may take seconds, and is never called by two threads at once.
class CredentialSource {
 public:
  virtual ~CredentialSource() = default;
  virtual Result<Credentials> fetch() = 0;
};

// May be used by several threads at once; all of them get what one fetch brought.
//
// Temporary credentials are fetched anew some time before they expire: from 15 minutes before
// (a quarter of their life, when that is shorter) beside the work, which goes on with the old ones;
// when that failed, from 5 minutes before (a twelfth) at the latest all callers wait for new ones.
// An error is only given out when there is nothing good left.
class CredentialCache {
 public:
  using Done = std::function<void(Result<Credentials>)>;
  using Clock = std::function<int64_t()>;  // seconds since 1970

  explicit CredentialCache(std::unique_ptr<CredentialSource> source, Clock clock);
  ~CredentialCache();  // waits for a fetch that is under way

  // Waits for a fetch when one is needed.
  Result<Credentials> get();
  // Never waits: calls back at once when there are good ones, else later from another thread.
  void get(Done done);

  // AWS no longer accepts these: the next get() fetches. Ones that have been replaced meanwhile are
  // ignored.
  void reject(const Credentials& credentials);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sagewarden::aws
