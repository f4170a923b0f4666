# The standard library's headers, fmt and GoogleTest, which most of our files include, are read once for all of
# them: that halves the time of a build with sanitizers. A file must still name all that it includes;
# script/lint, which builds without them, would see what is missing.
set(PRECOMPILED <algorithm> <array> <charconv> <chrono> <cstdint> <filesystem> <functional> <map> <memory>
    <optional> <set> <span> <string> <string_view> <unordered_map> <utility> <variant> <vector>
    <fmt/format.h> <fmt/ranges.h> <tl/expected.hpp>)

# sagewarden_precompile(NAME HEADERS <a> … LINK lib …): a target that others name after REUSE_FROM.
function(sagewarden_precompile name)
  cmake_parse_arguments(ARG "" "" "HEADERS;LINK" ${ARGN})
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/${name}.cc CONTENT "")
  add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/${name}.cc)
  target_link_libraries(${name} PRIVATE fmt::fmt tl::expected sagewarden_settings sagewarden_warnings
                        ${ARG_LINK})
  target_precompile_headers(${name} PRIVATE ${ARG_HEADERS})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(${name} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")  # which ccache could not reproduce
  endif()
endfunction()

sagewarden_precompile(sagewarden_precompiled HEADERS ${PRECOMPILED})
if(SAGEWARDEN_UNIT_TESTS)
  sagewarden_precompile(sagewarden_precompiled_tests HEADERS ${PRECOMPILED} <gtest/gtest.h> LINK GTest::gtest)
endif()
