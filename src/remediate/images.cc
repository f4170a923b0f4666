#include "remediate/images.h"

#include <fmt/format.h>

#include <utility>

#include "base/json_writer.h"
#include "base/text.h"
#include "remediate/family.h"

namespace sagewarden::remediate {
namespace {

constexpr std::string_view kCopyCheck = "image in the registry";

PlannedCall inspect_call(std::string_view image) {
  return {.service = std::string(kSkopeo),
          .operation = std::string(kInspect),
          .input = object_of({{"image", image}})};
}

std::string copy_command(std::string_view from, std::string_view to) {
  return printable(fmt::format("skopeo {}", fmt::join(copy_words(from, to), " ")));
}

// Where a registry's names end: "registry:5000/churn:3" has its tag behind the last slash.
std::string_view without_version(std::string_view image) {
  image = image.substr(0, image.find('@'));
  const size_t colon = image.rfind(':');
  const size_t slash = image.rfind('/');
  const bool is_tag =
      colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash);
  return is_tag ? image.substr(0, colon) : image;
}

std::string_view digest_in(std::string_view image) {
  const size_t at = image.find('@');
  return at == std::string_view::npos ? "" : image.substr(at + 1);
}

Preflight unread_image(const aws::CallError& error, std::string_view from, std::string_view to) {
  using Kind = aws::CallError::Kind;
  const std::string by_hand = copy_command(from, to);
  const std::string fix =
      error.kind == Kind::NotAvailable ? "install skopeo, or copy it elsewhere: " + by_hand
      : error.kind == Kind::Denied     ? "log in with `skopeo login`, and plan again"
                                       : "copy it by hand: " + by_hand;
  return {std::string(kCopyCheck), Found::Unread, aws::describe(error), fix};
}

Step copy_step(std::string_view from, std::string_view to, std::string_view digest) {
  Step step;
  step.title = fmt::format("Copy image {} to {}", from, to);
  step.effect = Effect::Creates;
  step.call = {.service = std::string(kSkopeo),
               .operation = std::string(kCopy),
               .input = object_of({{"from", pinned(from, digest)}, {"to", to}})};
  step.check.read = inspect_call(to);
  step.check.reached = {equals("Digest", digest)};
  // Nobody else's image is replaced.
  step.from = {missing("Digest")};
  step.no_undo = "the copy stays in the registry";
  return step;
}

}  // namespace

std::vector<std::string> inspect_words(std::string_view image) {
  return {"inspect", "--raw", "docker://" + std::string(image)};
}

std::vector<std::string> copy_words(std::string_view from, std::string_view to) {
  return {"copy", "--all", "--preserve-digests", "docker://" + std::string(from),
          "docker://" + std::string(to)};
}

bool is_skopeo_call(const PlannedCall& call) {
  return call.service == kSkopeo && (call.operation == kInspect || call.operation == kCopy);
}

std::string pinned(std::string_view image, std::string_view digest) {
  return fmt::format("{}@{}", without_version(image), digest);
}

ImageCopy plan_copy(const std::string& from, const std::string& to, bool wanted,
                    PreflightReader& reader) {
  ImageCopy copy{.image = to};
  const auto say = [&](Found found, std::string detail, std::string fix) {
    copy.row = Preflight{std::string(kCopyCheck), found, std::move(detail), std::move(fix)};
    return copy;
  };
  // The same repository has the same images.
  if (!wanted && without_version(from) == without_version(to)) return copy;
  if (!wanted)
    return say(
        Found::Uncertain, fmt::format("{} was not looked into", printable(to)),
        fmt::format("plan with --copy-images, or see to it yourself: {}", copy_command(from, to)));
  const aws::Answer& source = reader.read(inspect_call(from));
  if (!source) {
    copy.row = unread_image(source.error(), from, to);
    return copy;
  }
  const std::string digest(source->root["Digest"].string_or(""));
  if (const std::string_view named = digest_in(to); !named.empty() && named != digest)
    return say(Found::Uncertain,
               fmt::format("the map names {}, and {} is {}", named, printable(from), digest),
               "see whether it is the same image, copied for one platform");
  const aws::Answer& there = reader.read(inspect_call(to));
  const bool is_missing = !there && there.error().kind == aws::CallError::Kind::NotFound;
  if (!there && !is_missing) {
    copy.row = unread_image(there.error(), from, to);
    return copy;
  }
  if (there && there->root["Digest"].string_or("") != digest)
    return say(Found::Wrong,
               fmt::format("{} is another image than {}", printable(to), printable(from)),
               "name another tag in the registry map, or plan without --copy-images");
  copy.image = pinned(to, digest);
  if (is_missing) copy.step = copy_step(from, to, digest);
  return say(Found::Ok,
             is_missing ? fmt::format("{} is not there: --copy-images copies it", copy.image)
                        : fmt::format("{} is there", copy.image),
             "");
}

}  // namespace sagewarden::remediate
