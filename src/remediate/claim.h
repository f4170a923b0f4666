// Keeps two machines from changing a resource at once: by a tag on it, whose key names the
// execution. Each execution sets a key of its own and then looks for those of others; who sees one
// steps back. Of two who come at the same moment both may step back, but never do both go on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "remediate/execute.h"
#include "remediate/step.h"

namespace sagewarden::remediate {

// Whose claims are whose.
struct Claimant {
  std::string id;       // of the execution
  std::string undoes;   // the execution that it takes back: its claims are taken over
  bool breaks = false;  // those of others are taken away
};

// Claims all resources of the action. Not Done: nothing may be changed; what was claimed by then is
// given up.
Ended claim(const Action& action, const Place& place, const Claimant& who,
            const ExecuteWorld& world);
// Gives them up. Returns what stays claimed, in words; empty when nothing does.
std::string release(const Action& action, const Place& place, const Claimant& who,
                    const ExecuteWorld& world);

// The way to AWS on which claims are not seen: they are no setting of anybody's.
aws::CallAws hiding_claims(const aws::CallAws& call);

}  // namespace sagewarden::remediate
