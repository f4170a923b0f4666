// A resolved value as JSON, with what is not known of it beside.
#pragma once

#include <string>

#include "base/json_writer.h"
#include "model/unknown.h"
#include "source/cloudformation/value.h"

namespace sagewarden::cloudformation {

// More unknown parts than this in one list or mapping, and all of it counts as not known: finding
// one among its siblings takes a walk over them.
inline constexpr size_t kMaxUnknownParts = 1000;

// Brings a value into the form that can be written: a part that may be left out is not known at
// all, not even whether it is there. Sets `incomplete`.
void settle(Value& value);

// How much is known of a value that is Opaque or optional.
Known known_of(const Value& value);

// Of a settled value: the first part that is not known, or null.
const Value* first_unknown(const Value& value);

// Writes a settled value. What is not known is null in a list, and left out of an object.
void write_json(const Value& value, json::Writer& writer);

// Puts what a settled value does not say into a node and the nodes below it.
void mark_unknowns(const Value& value, UnknownNode& node);

}  // namespace sagewarden::cloudformation
