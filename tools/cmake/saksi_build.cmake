# SPDX-License-Identifier: Apache-2.0
# The few build rules every folder shares.

find_package(PkgConfig REQUIRED)
find_package(ZLIB REQUIRED)
pkg_check_modules(crypto_lib REQUIRED IMPORTED_TARGET libcrypto>=3.0)
pkg_check_modules(sqlite_lib REQUIRED IMPORTED_TARGET sqlite3>=3.37)
pkg_check_modules(jansson_lib REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(inih_lib REQUIRED IMPORTED_TARGET inih)

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

add_library(saksi_warnings INTERFACE)
target_compile_options(saksi_warnings INTERFACE -Wall -Wextra -Wconversion -Wshadow
  -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wwrite-strings -Wundef)
target_compile_definitions(saksi_warnings INTERFACE _GNU_SOURCE)

# Two builds in two folders give the same bytes.
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}=. -ffile-prefix-map=${CMAKE_BINARY_DIR}=./build)

# saksi_option(NAME help "pkg;pkg"): ON, unless a package is missing; then OFF with a message.
function(saksi_option name help packages)
  option(${name} "${help}" ON)
  if(NOT ${name})
    return()
  endif()
  foreach(package IN LISTS packages)
    pkg_check_modules(${name}_${package} QUIET IMPORTED_TARGET ${package})
    if(NOT ${name}_${package}_FOUND)
      message(STATUS "${name} is off: ${package} was not found (run tools/setup)")
      set(${name} OFF CACHE BOOL "${help}" FORCE)
      return()
    endif()
    set(found ${found} PkgConfig::${name}_${package})
  endforeach()
  add_library(${name}_libraries INTERFACE)
  target_link_libraries(${name}_libraries INTERFACE ${found})
endfunction()

# saksi_module(name SOURCES a.c b.c LIBS x y): one folder or file of the tree as a static library.
function(saksi_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBS;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR}/host)
  target_link_libraries(${name} PUBLIC wire ${arg_LIBS} PRIVATE saksi_warnings ${arg_PRIVATE})
endfunction()

# saksi_helper(name SOURCES a.c LIBS x y): a program in libexec that saksi starts on demand.
function(saksi_helper name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/host)
  target_link_libraries(${name} PRIVATE ${arg_LIBS} wire saksi_warnings)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/libexec/saksi)
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/saksi)
endfunction()
