// How planning and carrying out ask AWS.
#pragma once

#include <string>
#include <string_view>

#include "aws/client.h"
#include "remediate/plan.h"

namespace sagewarden::remediate {

// An account's Region, and whose credentials act there.
struct Place {
  std::string account;
  std::string region;
  std::string partition;
  aws::CredentialCache* credentials = nullptr;
};

// Whether an operation changes nothing, by its name.
bool only_reads(std::string_view operation);
aws::Call call_at(const Place& place, const PlannedCall& planned);

// Reads only: planning can do nothing else.
class Reader {
 public:
  // The way to AWS must outlive it.
  Reader(const aws::CallAws& call, Place place) : call_(call), place_(std::move(place)) {}

  const Place& place() const { return place_; }
  // One call. Error, without asking AWS: it does not only read.
  aws::Answer read(const PlannedCall& planned) const;
  // The elements of all pages of a List call as one JSON array; `member` is where a page has them.
  tl::expected<std::string, aws::CallError> list(PlannedCall planned,
                                                 std::string_view member) const;

 private:
  const aws::CallAws& call_;
  Place place_;
};

}  // namespace sagewarden::remediate
