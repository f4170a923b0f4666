// Reading resources from AWS Config: its advanced queries give in a few calls what it has recorded,
// of one account and Region or, by an aggregator, of many.
#pragma once

#include <string>
#include <vector>

#include "source/live/live.h"

namespace sagewarden::live {

struct ConfigOptions {
  // Each Region is asked on its own. With an aggregator there is one scope and one Region: where
  // that is.
  std::span<const Scope> scopes;
  std::vector<std::string> types;     // CloudFormation's names, sorted
  std::string aggregator;             // empty: each account's and Region's own recorder
  std::vector<std::string> accounts;  // of an aggregator: these only; empty: all
  std::vector<std::string> regions;   // the same
  size_t concurrency = 32;            // calls at once, at least 1
};

// As collect(). What AWS Config does not record, or whose recorder is off, is a gap; properties
// that it does not record are unknown.
void collect_from_config(const ConfigOptions& options, const Transport& transport, Sink& sink,
                         Progress& progress);

}  // namespace sagewarden::live
