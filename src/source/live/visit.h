// One listed resource: Describe, then ListTags, where they are needed, then handed over.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "aws/client.h"
#include "base/json.h"
#include "model/resource.h"
#include "source/api/described.h"
#include "source/live/live.h"
#include "source/live/operations.h"
#include "source/live/page_tokens.h"
#include "source/types/shape.h"

namespace sagewarden::live {

// What is asked for each resource of a type.
struct TypePlan {
  const Operations* operations = nullptr;
  const TypeShape* shape = nullptr;
  bool describe = true;
  bool tags = true;
};
TypePlan plan_of(const TypeNeeds& needs, const Operations& operations, const TypeShape& shape);

// What all visits share.
struct Surroundings {
  const Transport& transport;
  const std::function<int64_t()>& now;
  Sink& sink;
  Progress& progress;
  api::Described& described;
};

struct Listed {
  std::string name;          // what Describe is asked for
  std::string arn = {};      // empty where List does not say it
  std::string summary = {};  // JSON; only where it takes Describe's place
};

class Visit : public std::enable_shared_from_this<Visit> {
 public:
  enum class Outcome {
    Read,     // all that was asked of it
    NotRead,  // or in part only; a gap says why
    Gone,     // passed over
    Fatal,    // the error reaches further than this resource (gaps.h): it was not handed over, and
              // no gap was made
  };
  // Called once, last; the error is Fatal's.
  using Done = std::function<void(Outcome outcome, const aws::CallError& error)>;

  Visit(const Surroundings& around, const TypePlan& plan, const Scope& scope, std::string region,
        Listed listed)
      : around_(around),
        plan_(plan),
        scope_(scope),
        region_(std::move(region)),
        listed_(std::move(listed)) {}
  void begin(Done done);

 private:
  void describe();
  void described(aws::Answer answer);
  void describe_failed(const aws::CallError& error);
  void whole();
  void list_tags();
  void tags_listed(const aws::Answer& answer);
  void tags_failed(const aws::CallError& error);
  void hand_over();
  void hand_over_unread(const Location& nowhere);
  void pass_over(std::string_view why);
  void end(Outcome outcome) { done_(outcome, {}); }

  bool join_pages();
  // Whether the error ends the visit; `done_` was called then.
  bool ends_here(const aws::CallError& error);
  void ask(std::string_view operation, std::string input,
           std::function<void(Visit&, aws::Answer)> then);
  aws::CallError malformed(std::string_view operation, std::string message) const;
  std::string arn() const;

  Surroundings around_;
  const TypePlan& plan_;
  const Scope& scope_;
  std::string region_;
  Listed listed_;
  Done done_;

  json::Document document_;  // Describe's output, once it is whole
  std::string captured_at_;
  PageTokens describe_pages_;
  std::string paged_;                     // elements of the list that comes in pages
  std::optional<aws::CallError> unread_;  // why Describe brought nothing
  PageTokens tag_pages_;
  std::string tag_elements_;
  api::ResourceTags tags_;
};

}  // namespace sagewarden::live
