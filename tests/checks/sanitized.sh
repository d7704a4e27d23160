#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sanitized.sh CMAKE CTEST SOURCE BUILD GENERATOR: builds with AddressSanitizer and UBSan and runs the tests of that build.
set -eu
cmake=$1 ctest=$2 source=$3 build=$4 generator=$5
"$cmake" -S "$source" -B "$build" -G "$generator" -DCMAKE_BUILD_TYPE=Debug -DTCPSTATE_WERROR=ON \
  -DTCPSTATE_SANITIZE=address,undefined -DTCPSTATE_PLUGIN=OFF
"$cmake" --build "$build" --parallel 2
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=1 UBSAN_OPTIONS=print_stacktrace=1
"$ctest" --test-dir "$build" --output-on-failure --parallel 2 -LE long
