// A Security Hub in memory: what is imported can be read again, by the rules that AWS documents.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/json.h"
#include "publish/call.h"

namespace sagewarden::publish {

class FakeHub {
 public:
  CallAws calls() {
    return [this](const aws::Call& call) { return answer(call); };
  }

  // "eu-west-1 BatchImportFindings 100", in the order in which they came; the number is that of the
  // findings.
  std::vector<std::string> calls_made() const;
  size_t count(std::string_view operation) const;
  void forget_calls() { made_.clear(); }
  void reset();

  // The stored finding, as JSON; empty when there is none.
  std::string finding(const std::string& id) const;
  // A member below it: "Workflow.Status".
  std::string text(const std::string& id, std::string_view path) const;
  // As its users do.
  void set_workflow(const std::string& id, const std::string& status, const std::string& note);

  std::map<std::string, aws::CallError> refuse;  // by operation
  std::string refuse_id;                         // a finding that is not taken
  std::map<std::string, std::string> instead;    // by operation: the answer, and nothing is done
  std::string hide_id;        // a finding that is not given when it is asked for by its id
  bool refuse_by_id = false;  // whoever asks for findings by their ids
  size_t page = 100;

 private:
  aws::Answer answer(const aws::Call& call);
  aws::Answer import(json::Value input);
  aws::Answer get(json::Value input) const;
  aws::Answer update(json::Value input);

  struct Stored {
    std::string json;  // without what is its users'
    std::string updated_at;
    std::string created_at;
    std::string product;
    std::string workflow = "NEW";
    std::string note;
    std::string note_by;
  };
  static bool is_open_again(const Stored& stored, json::Value finding);
  static std::string whole(const Stored& stored);

  mutable std::mutex mutex_;
  std::map<std::string, Stored> findings_;
  std::vector<std::string> made_;
};

}  // namespace sagewarden::publish
