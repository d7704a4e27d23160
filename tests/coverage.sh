#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# coverage.sh [--build FOLDER] [FLOOR]: branch coverage of the engine (core/src), of the comparison (core/compare) and of
# the command (core/cli) by the tests and the fuzz corpora, as llvm-cov counts it. Exit status 1: that of the engine, or of
# all three, is below FLOOR per cent (95).
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
  -DCMAKE_C_FLAGS="-fprofile-instr-generate -fcoverage-mapping -mllvm -runtime-counter-relocation" >"$build/log" 2>&1 ||
  { cat "$build/log" && exit 1; }
cmake --build "$build" --parallel 2 >>"$build/log" 2>&1 || { tail -n 40 "$build/log" && exit 1; }
rm -rf "$build/profiles"
# Counters lie in the file itself (%c): in the sandbox and without root none could be opened at the end.
# A test that fails here (a limit of memory that the counters exceed) is no matter of coverage: the figures tell.
LLVM_PROFILE_FILE="$build/profiles/%m%c.profraw" ctest --test-dir "$build" -j2 -LE long \
  -R '^(unit|scenarios|fuzz|model|usual|kernel|cli|compare|diagram|explain|docs|samples)[.]' -E '^unit[.]symbols$' >>"$build/log" 2>&1 ||
  sed -n '/tests FAILED/,$p' "$build/log"
llvm-profdata merge -sparse -o "$build/all.profdata" "$build"/profiles/*.profraw

# Every program that links the engine has a copy of it: the counts of all are needed.
set --
for program in "$build"/tests/unit/*_test "$build"/tests/scenarios/scenarios "$build"/tests/fuzz/fuzz_* \
  "$build"/tests/model/model_test "$build"/tests/*/*_test "$build"/core/cli/tcpstate; do
  if test -x "$program"; then set -- "$@" ${1:+-object} "$program"; fi
done

# report FOLDER: a line a file, the sum last.
report() {
  llvm-cov report "$@" -instr-profile="$build/all.profdata" -show-branch-summary |
    awk '$1 ~ /[.][ch]$|^TOTAL$/ { printf "%-32s %5s branches, %4s missed  %s\n", $1, $(NF - 2), $(NF - 1), $NF }'
}
for folder in src compare cli; do
  echo "core/$folder"
  report "$@" "$source/core/$folder" | tee "$build/$folder"
  echo
done
branches=0 missed=0
for folder in src compare cli; do
  # shellcheck disable=SC2046 # the two numbers of its last line
  set -- $(awk '$1 == "TOTAL" { print $2, $4, $NF + 0 }' "$build/$folder")
  branches=$((branches + $1)) missed=$((missed + $2))
done
awk -v floor="$floor" -v branches="$branches" -v missed="$missed" 'BEGIN {
  percent = 100 * (branches - missed) / branches
  printf "core: %d branches, %d missed, %.2f%%\n", branches, missed, percent
  exit percent < floor
}' || { echo "core is below $floor %" >&2 && exit 1; }
awk -v floor="$floor" '$1 == "TOTAL" { exit ($NF + 0 < floor) }' "$build/src" ||
  { echo "core/src is below $floor %" >&2 && exit 1; }
