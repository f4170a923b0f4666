// Reading resources from AWS itself: List, then Describe and ListTags for each where a control
// needs them. Everything runs on the AWS client's one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/client.h"
#include "model/resource.h"
#include "source/source.h"

namespace sagewarden::live {

// What the selected controls read of a type.
struct TypeNeeds {
  std::string type;  // CloudFormation's name
  bool tags = false;
  bool whole = false;                // of its properties all, and not only the members below
  std::vector<std::string> members;  // top-level properties, CloudFormation's names
};

// An account, and where to look in it.
struct Scope {
  std::string account;
  std::string partition;
  std::vector<std::string> regions;
  aws::CredentialCache* credentials = nullptr;
  std::string role_arn = {};  // that the credentials act as; empty: the user's own
  std::string name = {};      // of the account, where it is known
  std::string advice = {};    // what to do when the role cannot be acted as, beside the usual
};

struct LiveOptions {
  std::span<const Scope> scopes;
  std::span<const TypeNeeds> needs;
  size_t concurrency = 32;       // calls at once, at least 1
  std::function<int64_t()> now;  // seconds since 1970
};

// The way to AWS. Tests bring their own.
struct Transport {
  // Calls back on one thread, always the same, and never before it returns.
  std::function<void(aws::Call call, aws::Client::Done done)> start;
  // Runs a task on that thread.
  std::function<void(std::function<void()> task)> post;
  // Makes all calls under way, and all later ones, end at once.
  std::function<void()> cancel;
  // How many attempts AWS has throttled so far; may be null.
  std::function<uint64_t()> throttled = {};
};

// Returns when everything that could be seen was handed to the sink; the rest are gaps. The sink is
// called on the transport's thread, and not any more after the return. progress.stop makes it end
// early.
void collect(const LiveOptions& options, const Transport& transport, Sink& sink,
             Progress& progress);

}  // namespace sagewarden::live
