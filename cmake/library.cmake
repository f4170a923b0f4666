# sagewarden_library(NAME SOURCES a.cc … TESTS a_test.cc … LINK lib … TEST_LINK lib …)
# One library per folder of src/, and one test program with the unit tests that lie beside the code.
function(sagewarden_library name)
  cmake_parse_arguments(ARG "" "SHARDS" "SOURCES;TESTS;LINK;TEST_LINK" ${ARGN})
  add_library(sagewarden_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(sagewarden_${name} PUBLIC ${ARG_LINK}
                        PRIVATE $<BUILD_INTERFACE:sagewarden_settings> $<BUILD_INTERFACE:sagewarden_warnings>)
  target_precompile_headers(sagewarden_${name} REUSE_FROM sagewarden_precompiled)
  if(ARG_TESTS AND SAGEWARDEN_UNIT_TESTS)
    add_executable(${name}_test ${ARG_TESTS})
    target_link_libraries(${name}_test PRIVATE sagewarden_${name} ${ARG_TEST_LINK} sagewarden_settings
                          sagewarden_warnings GTest::gtest_main)
    target_precompile_headers(${name}_test REUSE_FROM sagewarden_precompiled_tests)
    target_compile_definitions(${name}_test PRIVATE SAGEWARDEN_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    if(SAGEWARDEN_SANITIZE)
      # A process each would spend more time on starting with sanitizers than on testing. script/test adds up the counts.
      # SHARDS: so many processes, where one would take longer than all other tests.
      if(NOT ARG_SHARDS)
        set(ARG_SHARDS 1)
      endif()
      foreach(shard RANGE 1 ${ARG_SHARDS})
        add_test(NAME ${name}.${shard} COMMAND ${name}_test)
        math(EXPR index "${shard} - 1")
        set_tests_properties(${name}.${shard} PROPERTIES TIMEOUT 1200 COST 100
                             ENVIRONMENT "GTEST_TOTAL_SHARDS=${ARG_SHARDS};GTEST_SHARD_INDEX=${index}")
      endforeach()
    else()
      gtest_discover_tests(${name}_test TEST_PREFIX "${name}." DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 120)
    endif()
  endif()
endfunction()
