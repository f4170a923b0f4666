# Two INTERFACE targets: how our code is compiled, and which warnings are errors. Only our own code links them.
add_library(sagewarden_settings INTERFACE)
target_compile_features(sagewarden_settings INTERFACE cxx_std_20)
target_include_directories(sagewarden_settings INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(sagewarden_settings INTERFACE -pthread -fno-omit-frame-pointer
                       -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)

set(SAGEWARDEN_SANITIZE "" CACHE STRING "Sanitizers for the whole build: address,undefined or thread")
if(SAGEWARDEN_SANITIZE)
  target_compile_options(sagewarden_settings INTERFACE -fsanitize=${SAGEWARDEN_SANITIZE}
                         -fno-sanitize-recover=all)
  target_link_options(sagewarden_settings INTERFACE -fsanitize=${SAGEWARDEN_SANITIZE})
endif()

find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM AND NOT CMAKE_INTERPROCEDURAL_OPTIMIZATION)
  target_link_options(sagewarden_settings INTERFACE -fuse-ld=mold)
endif()

add_library(sagewarden_warnings INTERFACE)
target_compile_options(sagewarden_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                       -Wold-style-cast -Wcast-align -Woverloaded-virtual -Wconversion -Wsign-conversion
                       -Wnull-dereference -Wimplicit-fallthrough -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these inside its own library when it optimises (GCC bugs 105329, 105562, 108860).
  target_compile_options(sagewarden_warnings INTERFACE -Wno-restrict -Wno-maybe-uninitialized
                         -Wno-null-dereference -Wno-stringop-overflow -Wno-array-bounds
                         -Wno-free-nonheap-object)
endif()
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # It is about headers, and g++ takes a source that is joined with others for one.
  target_compile_options(sagewarden_warnings INTERFACE -Wno-subobject-linkage)
endif()
if(CMAKE_INTERPROCEDURAL_OPTIMIZATION)
  # Only the link sees that two files mean different things by one name.
  target_link_options(sagewarden_warnings INTERFACE -Werror=odr -Wno-stringop-overflow)
endif()
