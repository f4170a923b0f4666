// Container images that are copied to a private registry by the program skopeo. Its calls stand in
// plans as those of a service of that name: "inspect" {image} answers {Digest}, "copy" {from, to}
// copies all platforms and keeps the digest.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "remediate/preflight.h"

namespace sagewarden::remediate {

inline constexpr std::string_view kSkopeo = "skopeo";
inline constexpr std::string_view kInspect = "inspect";
inline constexpr std::string_view kCopy = "copy";

// What skopeo is given for each.
std::vector<std::string> inspect_words(std::string_view image);
std::vector<std::string> copy_words(std::string_view from, std::string_view to);

// Whether a call is one of these two.
bool is_skopeo_call(const PlannedCall& call);

// "registry/churn:3" → "registry/churn@sha256:…"
std::string pinned(std::string_view image, std::string_view digest);

struct ImageCopy {
  std::string image;  // that the model is to name; by digest, where that is known
  std::optional<Preflight> row = {};
  std::optional<Step> step = {};  // none where it is there already, or nobody can see
};
// `wanted`: the images are looked at and copied; otherwise the command is said. Planning reads
// only.
ImageCopy plan_copy(const std::string& from, const std::string& to, bool wanted,
                    PreflightReader& reader);

}  // namespace sagewarden::remediate
