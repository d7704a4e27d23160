#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# analyser.sh gcc|clang CMAKE SOURCE BUILD: core and plugin under gcc -fanalyzer, or under clang's scan-build, have no
# warning. Exit status 77: the tool is not here.
set -eu
tool=$1 cmake=$2 source=$3 build=$4
rm -rf "$build"
mkdir -p "$build"
log=$build/analyser.log

case $tool in
gcc)
  command -v gcc >/dev/null || exit 77
  "$cmake" -S "$source" -B "$build" -DCMAKE_C_COMPILER=gcc -DCMAKE_C_FLAGS=-fanalyzer -DTCPSTATE_TESTS=OFF >/dev/null
  "$cmake" --build "$build" --parallel 2 >"$log" 2>&1 || { cat "$log" && exit 1; }
  # Two exceptions, both mistakes of gcc 12. A source is handed out as a pointer to its first member, and freed by that:
  # no leak, as AddressSanitizer sees in the tests. Zeek's endpoints are initialised, both, in the line that defines them:
  # not uninitialised, as MemorySanitizer sees.
  if grep 'Wanalyzer' "$log" | grep -v -e '/core/cli/input/[a-z]*_source\.c:.*leak of .self' \
    -e '/core/src/zeek_state\.c:.*uninitialized value .ends\[1\]'; then
    exit 1
  fi
  ;;
clang)
  command -v scan-build >/dev/null || exit 77
  scan-build -o "$build/reports" "$cmake" -S "$source" -B "$build" -DTCPSTATE_TESTS=OFF >/dev/null
  scan-build --status-bugs -o "$build/reports" "$cmake" --build "$build" --parallel 2 >"$log" 2>&1 || {
    grep 'warning:' "$log" || cat "$log"
    exit 1
  }
  ;;
esac
