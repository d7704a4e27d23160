#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# memory.sh CMAKE CTEST SOURCE BUILD GENERATOR: the engine and its tests under MemorySanitizer, which finds what is read
# before it is written. cmocka is not built with it: it hands no memory of its own to the engine. Exit status 77: no clang.
set -eu
cmake=$1 ctest=$2 source=$3 build=$4 generator=$5
command -v clang >/dev/null || exit 77
"$cmake" -S "$source" -B "$build" -G "$generator" -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=Debug \
  -DTCPSTATE_WERROR=ON -DTCPSTATE_SANITIZE=memory -DTCPSTATE_COMMAND=OFF -DTCPSTATE_PLUGIN=OFF
"$cmake" --build "$build" --parallel 2
"$ctest" --test-dir "$build" --output-on-failure --parallel 2 -LE long
