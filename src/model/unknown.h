// What a source could not know of a resource, as a tree beside its properties. Evaluation follows
// both in step, so that "could not be read" is met exactly where it matters and can never pass for
// an absent or a harmless value.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sagewarden {

// Why something is not known. The first four make a verdict WARNING (asked, but information is
// missing), the others NOT_AVAILABLE (could not be asked): Security Hub's two words.
enum class UnknownCause : uint8_t {
  NotRecorded,  // AWS Config's schema has no such field
  NotResolved,  // an intrinsic or a reference whose value the template does not hold
  AfterApply,   // Terraform learns it only when it applies
  NotExported,  // the export leaves it out (tags, a field that the API always returns)
  Denied,       // the call that reads it was denied
  Failed,       // the call that reads it failed otherwise
};

// How much is known of a place all the same.
enum class Known : uint8_t {
  Nothing,  // not even whether it is set
  Set,      // it is set to something, neither null nor empty, of which no more is known: has() is
            // true, comparisons with null, "", [] and {} are answered, everything else is unknown
};

// One place: a member name or an element number below its parent. A node with children and `unknown
// == false` is known itself and leads to unknown places below.
class UnknownNode {
 public:
  bool unknown = false;
  Known known = Known::Nothing;
  UnknownCause cause = UnknownCause::NotResolved;
  std::string reason;  // for people: what could not be read and why, e.g. "${Key.Arn} is known
                       // after deployment"

  bool empty() const { return !unknown && !open_ && children_.empty(); }
  const std::vector<std::pair<std::string, std::unique_ptr<UnknownNode>>>& children() const {
    return children_;
  }

  // The node of that member or element, or null when there is none of its own. Elements are found
  // by number.
  const UnknownNode* find(std::string_view name) const;
  const UnknownNode* find(size_t position) const { return find(std::to_string(position)); }

  // The same, made when it is not there yet. Below an open node it is open too.
  UnknownNode& child(std::string_view name);
  UnknownNode& child(size_t position) { return child(std::to_string(position)); }

  // Says that only a part was read: a member that is absent here, or in any object below, may be
  // set all the same. What is there is known.
  void open(UnknownCause why, std::string_view for_people);
  bool is_open() const { return open_; }
  // Undoes it for this place: what is absent is not set.
  void close();
  // What holds of a member or element, whether it has a node of its own or not; null when all of it
  // is known.
  const UnknownNode* below(std::string_view name) const;
  const UnknownNode* below(size_t position) const { return below(std::to_string(position)); }

 private:
  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  using Index = std::unordered_map<std::string, UnknownNode*, TextHash, std::equal_to<>>;

  // Mostly few, so a list; with an index once they are many.
  std::vector<std::pair<std::string, std::unique_ptr<UnknownNode>>> children_;
  std::unique_ptr<Index> index_;
  bool open_ = false;
  std::unique_ptr<UnknownNode> others_;  // of an open node with children: open, and without any
};

// Marks the place at a path of member names and element numbers ("A.B", "A[0].B") below a root
// node.
void mark_unknown(UnknownNode& root, std::string_view path, Known known, UnknownCause cause,
                  std::string reason);

}  // namespace sagewarden
