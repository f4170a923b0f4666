// Replaced by the implementation of cel/.
#pragma once
namespace sagewarden::cel {
class Value;
}
