#include "aws/libcurl.h"

#include <dlfcn.h>
#include <fmt/format.h>

namespace sagewarden::aws {
namespace {

constexpr const char* kLibrary = "libcurl.so.4";
// CURLOPT_PROTOCOLS_STR came with it.
constexpr unsigned kOldest = CURL_VERSION_BITS(7, 85, 0);

template <typename Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

bool find_all(void* library, Libcurl& curl) {
  return find(library, "curl_global_init", curl.global_init) &&
         find(library, "curl_version_info", curl.version_info) &&
         find(library, "curl_getdate", curl.getdate) &&
         find(library, "curl_slist_append", curl.slist_append) &&
         find(library, "curl_slist_free_all", curl.slist_free_all) &&
         find(library, "curl_easy_init", curl.easy_init) &&
         find(library, "curl_easy_cleanup", curl.easy_cleanup) &&
         find(library, "curl_easy_reset", curl.easy_reset) &&
         find(library, "curl_easy_setopt", curl.easy_setopt) &&
         find(library, "curl_easy_getinfo", curl.easy_getinfo) &&
         find(library, "curl_easy_strerror", curl.easy_strerror) &&
         find(library, "curl_multi_init", curl.multi_init) &&
         find(library, "curl_multi_cleanup", curl.multi_cleanup) &&
         find(library, "curl_multi_setopt", curl.multi_setopt) &&
         find(library, "curl_multi_add_handle", curl.multi_add_handle) &&
         find(library, "curl_multi_remove_handle", curl.multi_remove_handle) &&
         find(library, "curl_multi_perform", curl.multi_perform) &&
         find(library, "curl_multi_poll", curl.multi_poll) &&
         find(library, "curl_multi_wakeup", curl.multi_wakeup) &&
         find(library, "curl_multi_info_read", curl.multi_info_read);
}

Result<Libcurl> load() {
  // Its symbols stay its own: the library that it was built with may be another OpenSSL than ours.
  void* library = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    return fail(Error::Code::NotFound,
                fmt::format("AWS cannot be asked without libcurl ({}); install it, on Debian the "
                            "package libcurl4",
                            dlerror()));
  Libcurl curl;
  if (!find_all(library, curl) || curl.version_info(CURLVERSION_NOW)->version_num < kOldest)
    return fail(Error::Code::Invalid,
                fmt::format("{} is older than 7.85.0; install a newer libcurl", kLibrary));
  if (curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    return fail(Error::Code::Io, "libcurl could not be started");
  return curl;
}

// A local static is made once, by one thread.
const Result<Libcurl>& loaded() {
  static const Result<Libcurl> kResult = load();
  return kResult;
}

}  // namespace

Result<const Libcurl*> load_libcurl() {
  const Result<Libcurl>& result = loaded();
  if (!result) return tl::make_unexpected(result.error());
  return &*result;
}

const Libcurl& libcurl() {
  return *loaded();
}

}  // namespace sagewarden::aws
