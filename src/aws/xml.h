// XML answers (STS, EC2 and other older services) as JSON.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace sagewarden::aws {

// An element with elements inside becomes an object, one without its text; a name that occurs
// several times in an element, or "member" or "item" (AWS's names for what is in a list), makes an
// array. Attributes are left out.
//
// Only what AWS sends is read: no document types, no entities but the five of XML and characters by
// number, so that an answer can neither name files nor grow. Errors say what is wrong at which
// offset.
struct XmlAnswer {
  std::string name;  // of the outermost element
  std::string json;  // what is inside
};
Result<XmlAnswer> read_xml(std::string_view xml);

}  // namespace sagewarden::aws
