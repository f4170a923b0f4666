# Compiles the control files into the program: writes a source file in which each of them is a raw string.
#   embed_controls(OUTPUT)  in src/control/CMakeLists.txt adds the rule; as a script (cmake -P) this file does the work:
#   cmake -DOUTPUT=FILE -DROOT=FOLDER -DFILES=a.yaml,b.yaml -P embed_controls.cmake
# The order is that of the numbers: SageMaker.1 to .25, then Sagewarden.1 to .10. A file below controls/extra/ belongs to
# the opt-in set.
if(CMAKE_SCRIPT_MODE_FILE)
  string(REPLACE "," ";" files "${FILES}")
  list(LENGTH files count)
  file(WRITE "${OUTPUT}.new" "// Made by cmake/embed_controls.cmake from the files in controls/.
#include <array>

#include \"control/control.h\"

namespace sagewarden {
namespace {

constexpr std::array<BuiltinControl, ${count}> kControls = {{
")
  foreach(file IN LISTS files)
    file(READ "${ROOT}/${file}" text)
    string(FIND "${text}" ")control\"" end)
    if(NOT end EQUAL -1)
      message(FATAL_ERROR "${file} holds the text that ends a raw string: )control\"")
    endif()
    if(file MATCHES "/extra/")
      set(set "sagewarden")
    else()
      set(set "security-hub")
    endif()
    file(APPEND "${OUTPUT}.new" "    {\"${file}\", \"${set}\", R\"control(${text})control\"},\n")
  endforeach()
  file(APPEND "${OUTPUT}.new" "}};

}  // namespace

std::span<const BuiltinControl> builtin_controls() {
  return kControls;
}

}  // namespace sagewarden
")
  file(RENAME "${OUTPUT}.new" "${OUTPUT}")
  return()
endif()

function(embed_controls output)
  set(files)
  foreach(number RANGE 1 25)
    list(APPEND files controls/SageMaker.${number}.yaml)
  endforeach()
  foreach(number RANGE 1 10)
    list(APPEND files controls/extra/Sagewarden.${number}.yaml)
  endforeach()
  list(TRANSFORM files PREPEND ${CMAKE_SOURCE_DIR}/ OUTPUT_VARIABLE paths)
  list(JOIN files "," joined)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DROOT=${CMAKE_SOURCE_DIR} -DFILES=${joined}
            -P ${CMAKE_SOURCE_DIR}/cmake/embed_controls.cmake
    DEPENDS ${paths} ${CMAKE_SOURCE_DIR}/cmake/embed_controls.cmake
    COMMENT "Embedding the controls" VERBATIM)
endfunction()
