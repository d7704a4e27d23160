#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# coverage.sh [--build FOLDER] [FLOOR]: branch coverage of the engine (core/src) by its tests and the fuzz corpora, as
# llvm-cov counts it. Exit status 1: below FLOOR per cent (95).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
source=$(dirname "$here")
build=build/coverage
if test "${1:-}" = --build; then
  build=${2:?} && shift 2
fi
floor=${1:-95}
for tool in clang llvm-profdata llvm-cov; do
  command -v "$tool" >/dev/null || { echo "$tool is needed (Debian: clang llvm)" >&2 && exit 77; }
done
mkdir -p "$build"
build=$(cd "$build" && pwd)

cmake -S "$source" -B "$build" -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=Debug -DTCPSTATE_PLUGIN=OFF \
  -DCMAKE_C_FLAGS="-fprofile-instr-generate -fcoverage-mapping" >"$build/log" 2>&1 || { cat "$build/log" && exit 1; }
cmake --build "$build" --parallel 2 >>"$build/log" 2>&1 || { tail -n 40 "$build/log" && exit 1; }
rm -rf "$build/profiles"
LLVM_PROFILE_FILE="$build/profiles/%m.profraw" \
  ctest --test-dir "$build" -j2 -R '^(unit|scenarios|fuzz|model)[.]' -E '^unit[.]symbols$' -LE long >>"$build/log" 2>&1 ||
  { tail -n 20 "$build/log" && exit 1; }
llvm-profdata merge -sparse -o "$build/all.profdata" "$build"/profiles/*.profraw

# Every program that links the engine has a copy of it: the counts of all are needed.
set --
for program in "$build"/tests/unit/*_test "$build"/tests/scenarios/scenarios "$build"/tests/fuzz/fuzz_engine \
  "$build"/tests/model/model_test; do
  if test -x "$program"; then set -- "$@" ${1:+-object} "$program"; fi
done
llvm-cov report "$@" -instr-profile="$build/all.profdata" -show-branch-summary "$source/core/src" |
  tee "$build/report" | awk '$1 ~ /[.][ch]$|^TOTAL$/ { print $1, $(NF - 2), $(NF - 1), $NF }' |
  awk '{ printf "%-22s %5s branches, %4s missed  %s\n", $1, $2, $3, $4 }'
awk -v floor="$floor" '$1 == "TOTAL" { exit ($NF + 0 < floor) }' "$build/report" ||
  { echo "below $floor %" >&2 && exit 1; }
