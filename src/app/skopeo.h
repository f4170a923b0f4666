// Container images in registries, by the program skopeo: looking at one, and copying one to another
// registry. It logs in with what `skopeo login` has stored.
#pragma once

#include <atomic>

#include "aws/client.h"

namespace sagewarden {

// Answers the calls of the service "skopeo" (remediate/images.h), and hands all others on.
// `stop` ends a copy that is under way. Both must outlive it.
aws::CallAws with_skopeo(aws::CallAws call, const std::atomic<bool>& stop);

}  // namespace sagewarden
