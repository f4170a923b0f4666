// Templates that are nested in others: which files of a run are, in what order they are read, and
// what is handed over to them.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/node.h"
#include "source/cloudformation/value.h"

namespace sagewarden::cloudformation {

// A parameter that a stack gives to the one nested in it.
struct Handed {
  std::optional<std::string> text;  // nothing: not known
  std::string why;                  // not known: the reason
  bool filled = false;              // not known, but not empty either
};

// All that are given. A parameter that is not given has its Default.
struct HandedDown {
  std::map<std::string, Handed, std::less<>> parameters;
  std::string unclear;  // why there may be more than these; empty: these are all
};

inline constexpr std::string_view kStackSet = "AWS::CloudFormation::StackSet";

// The property that names the template of a nested stack or a stack set; empty for other types.
std::string_view template_property(std::string_view type);
// A module of the CloudFormation registry: "Acme::ML::Notebook::MODULE".
bool is_module(std::string_view type);
// Whether resources of that type stand for others, which the template does not hold.
bool brings_others(std::string_view type);
// The path of a nested stack's template as the template `file` gives it: the CDK's path in the
// Metadata, or else what its property says. Empty when that is no local file.
std::string nested_file(const std::string& file, const Node& resource, std::string_view property);
// The absolute path without links, by which files are told apart.
std::string same_file(const std::string& path);

// Parents are read before what is nested in them. Any number of threads at once.
class NestedStacks {
 public:
  // A template among the inputs, by any number that stands for it. All are added before the first
  // is asked for.
  void add(size_t id, const std::string& file, std::string_view text);

  // The next one to read; nothing while all that are left wait for one that is being read.
  std::optional<size_t> next();
  void done(size_t id);
  // When nothing is being read and some are left: they are nested in themselves, and are read
  // without what is handed over. False when none are left.
  bool release_rest();

  bool is_input(const std::string& file) const;
  // What a template hands over to one that is nested in it. False when that has been read before.
  bool hand_down(const std::string& file, HandedDown handed);
  // What the templates that it is nested in hand over, all together; nothing when it is in none.
  std::optional<HandedDown> handed_to(const std::string& file) const;

 private:
  struct Template {
    size_t id = 0;
    std::vector<std::string> nested;  // same_file() of each
    size_t parents = 0;               // that have not been read
    bool queued = false;              // it is to be read next, or has been
    std::optional<HandedDown> handed;
  };

  void queue(Template& one);

  mutable std::mutex mutex_;                             // guards all below
  std::unordered_map<std::string, Template> templates_;  // by same_file()
  std::unordered_map<size_t, std::string> files_;        // id → same_file()
  std::deque<size_t> ready_;
  bool counted_ = false;  // the parents
};

}  // namespace sagewarden::cloudformation
