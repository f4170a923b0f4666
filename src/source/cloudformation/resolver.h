// Works out what a template's expressions come to: references, intrinsic functions, conditions,
// loops. What only the deployment knows stays Opaque, with the reason; what is written wrongly is
// told to Problems and counts as not known.
#pragma once

#include <array>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/node.h"
#include "source/cloudformation/parameters.h"
#include "source/cloudformation/problems.h"
#include "source/cloudformation/value.h"
#include "source/source.h"

namespace sagewarden::cloudformation {

// What a hostile template can make the resolver do. Reaching one is told once, and what is not
// resolved because of it counts as not known.
inline constexpr size_t kMaxResolveDepth = 400;   // expressions and conditions inside each other
inline constexpr size_t kMaxIterations = 10'000;  // of all Fn::ForEach loops together
inline constexpr size_t kMaxAssumed = 64;         // conditions taken for given at one time
inline constexpr size_t kWorkBase = size_t{32} * 1024 * 1024;  // bytes that resolving may make, …
inline constexpr size_t kWorkPerByte = 32;  // … and as much more per byte of template

// The loop variables that are in force, the innermost first.
struct Scope {
  const Scope* outer = nullptr;
  std::string name;
  std::string value;
};

enum class Truth : uint8_t { False, True, Unknown };

struct Judged {
  Truth truth = Truth::Unknown;
  std::string why;  // Unknown: what it depends on
};

// One entry of a mapping after its loops were unrolled.
struct Unrolled {
  std::string key;
  Mark key_mark;
  const Node* value = nullptr;
  const Scope* scope = nullptr;
};

struct Entries {
  std::vector<Unrolled> list;
  std::string missing;  // why there may be more than these; empty when these are all
  Mark missing_mark;
  std::vector<const Node*> skipped;  // the bodies of loops that could not be unrolled
};

// The mapping, its first and its second key. What is not known stands for all that there are.
using MapKeys = std::array<std::optional<std::string>, 3>;

class Resolver {
 public:
  // The tree, the options and the problems outlive the resolver.
  Resolver(const Node& root, size_t text_size, const SourceOptions& options, Problems& problems);

  // In this order: each needs the ones before.
  void declare(Parameters parameters);
  void declare_conditions();
  Entries declare_resources();

  Value resolve(const Node& node, const Scope* scope);
  // The same without looking at the node's own tag, which the caller has dealt with.
  Value resolve_plain(const Node& node, const Scope* scope);
  Entries entries(const Node& mapping, const Scope* scope);
  // The text with the loop variables put in.
  std::string substitute(std::string_view text, const Scope* scope);

  // A condition by name, as far as what is assumed at the moment settles it.
  Judged condition(std::string_view name, Mark mark);
  // Takes the condition, and what follows from it, for given from here on; returns what
  // drop_assumptions() goes back to.
  size_t assume(std::string_view name, bool holds);
  size_t assumptions() const { return assumed_.size(); }
  void drop_assumptions(size_t to) { assumed_.resize(to); }

  // Ref, and ${Name} in Fn::Sub.
  Value reference(std::string_view name, const Scope* scope, Mark mark);
  // Fn::GetAtt, and ${Name.Attribute} in Fn::Sub.
  Value attribute(std::string_view resource, std::string_view attribute, Mark mark);
  // What the Mappings section holds under these keys; nothing when there is no such entry, null for
  // what only the deployment knows.
  std::vector<const Node*> find_in_map(const MapKeys& keys, Mark mark);
  // The value of that name; larger mappings are indexed once. The mapping is part of the template.
  const Node* lookup(const Node& mapping, std::string_view key);

  // Something that is written wrongly: told, and not known.
  Value malformed(Mark mark, const std::string& why);
  // Accounts for bytes about to be made; false when there were too many.
  bool spend(size_t bytes, Mark mark);

 private:
  struct Condition {
    const Node* node = nullptr;
    const Scope* scope = nullptr;
    enum class State : uint8_t { New, Running, Done } state = State::New;
    Judged judged;
  };
  // Counts how deep the resolver is inside of expressions.
  class Deeper {
   public:
    explicit Deeper(Resolver& resolver) : depth_(resolver.depth_) { ++depth_; }
    ~Deeper() { --depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    bool allowed() const { return depth_ <= kMaxResolveDepth; }

   private:
    size_t& depth_;
  };

  Value resolve_node(const Node& node, const Scope* scope);
  Value resolve_list(const Node& node, const Scope* scope);
  Value resolve_object(const Node& node, const Scope* scope);
  Value pseudo_parameter(std::string_view name, Mark mark) const;
  void unroll(const Unrolled& loop, Entries& out);
  void collect(const Node& mapping, const Scope* scope, Entries& out);

  Judged defined(std::string_view name, Mark mark);
  Judged judge(const Node& node, const Scope* scope);
  Judged judge_all(const Node& arguments, const Scope* scope, Truth neutral);
  Judged judge_equals(const Node& arguments, const Scope* scope);
  Judged undecided(Mark mark, const std::string& why);
  void assume_named(std::string_view name, bool holds);
  void assume_expression(const Node& node, const Scope* scope, bool holds);

  const Node& root_;
  const SourceOptions& options_;
  Problems& problems_;
  size_t work_left_;
  size_t iterations_left_ = kMaxIterations;
  size_t depth_ = 0;
  size_t assume_steps_ = 0;
  bool exhausted_ = false;
  // Names that are not declared may come from a macro, or from a loop that could not be unrolled.
  bool more_names_ = false;
  Parameters parameters_;
  std::deque<Scope> scopes_;
  std::unordered_map<std::string, Condition, TextHash, std::equal_to<>> conditions_;
  std::unordered_set<std::string, TextHash, std::equal_to<>> resources_;
  std::vector<std::pair<std::string, bool>> assumed_;
  // Of the larger mappings that were looked into: key → value.
  std::unordered_map<const Node*, std::unordered_map<std::string_view, const Node*>> indexes_;
};

// The names of the transforms that the template's Transform section applies, with their places.
struct Transform {
  std::string name;
  Mark mark;
};
std::vector<Transform> transforms(const Node& root);
// Whether the template that such a transform leaves behind may hold other SageMaker resources, or
// these in another form.
bool changes_resources(std::string_view transform);

}  // namespace sagewarden::cloudformation
