# SPDX-License-Identifier: Apache-2.0
# cmake -DFOLDER=... -DFILES=a.json;ID/b.json -DOUT=sample_files.c -P embed.cmake
# Writes the files as C arrays, in the order they are named.
set(arrays "")
set(table "")
set(at 0)
foreach(name IN LISTS FILES)
  file(READ "${FOLDER}/${name}" hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR len "${digits} / 2")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND arrays "static const unsigned char file_${at}[] = {${bytes}};\n")
  string(APPEND table "    {\"${name}\", file_${at}, ${len}},\n")
  math(EXPR at "${at} + 1")
endforeach()
file(WRITE "${OUT}" "/* Made by sample/embed.cmake. */
#include \"authority/sample_files.h\"

${arrays}
const struct sample_file sample_file[] = {
${table}};
const size_t sample_file_count = ${at};
")
