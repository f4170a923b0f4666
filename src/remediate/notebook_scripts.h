// The scripts that a lifecycle configuration runs on a notebook instance to carry its volume to
// another one by way of S3. AWS ends such a script after five minutes, so each starts a job in the
// background; what comes of the job is seen in S3.
// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_NotebookInstanceLifecycleHook.html
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sagewarden::remediate {

// Where a volume is saved. Below the folder: files/… as they lie on the volume; manifest.jsonl, a
// line of JSON for each file, folder and link, sorted by path; and two empty objects, `saved` and
// `restored`, whose metadata says how far each job is: state (running, failed or done), manifest
// (the SHA-256 of manifest.jsonl), files, bytes, and the reason of a failure.
struct VolumeCopy {
  std::string region;
  std::string bucket;
  std::string folder;   // of keys, ending in '/'
  std::string kms_key;  // empty: as the bucket has it by default

  std::string saved() const { return folder + "saved"; }
  std::string restored() const { return folder + "restored"; }
};

// AWS's limit for a script in base64.
inline constexpr size_t kMostScript = 16'384;

// Runs the instance's own script first (base64; may be empty), then saves the volume. A job that
// failed tries again every five minutes, so that what it lacked can be given to it.
std::string save_script(const VolumeCopy& copy, std::string_view own_script);
// Restores a volume and compares it with the manifest.
std::string restore_script(const VolumeCopy& copy);

}  // namespace sagewarden::remediate
