#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh [--minutes N | --hours N] [--jobs N] [--build FOLDER] [TARGET...]: builds the fuzz targets with clang, libFuzzer,
# AddressSanitizer and UBSan, shares the time out among them (one minute in all if none is asked for), and prints
# executions, processor time and findings of each. What is found is left in BUILD/findings, what was learnt in
# BUILD/corpus, where the next run goes on. Exit status 1: something was found.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
seconds=60 jobs=2 build=build/fuzz
while test $# -gt 0; do
  case $1 in
  --minutes) seconds=$((${2:?} * 60)) && shift ;;
  --hours) seconds=$((${2:?} * 3600)) && shift ;;
  --jobs) jobs=${2:?} && shift ;;
  --build) build=${2:?} && shift ;;
  -*) sed -n 's/^# \(run.sh .*\):.*/usage: \1/p' "$0" >&2 && exit 2 ;;
  *) break ;;
  esac
  shift
done
command -v clang >/dev/null || exit 77
test $# -gt 0 || set -- engine compare decoder options pcap reader text writers

cmake -S "$here/../.." -B "$build" -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=RelWithDebInfo -DTCPSTATE_FUZZ=ON \
  -DTCPSTATE_SANITIZE=fuzzer-no-link,address,undefined -DTCPSTATE_PLUGIN=OFF >"$build.log" 2>&1 ||
  { cat "$build.log" && exit 1; }
for target in "$@"; do
  cmake --build "$build" --parallel "$jobs" --target "fuzz_$target" >>"$build.log" 2>&1 || { cat "$build.log" && exit 1; }
  mkdir -p "$build/corpus/$target" "$build/findings/$target"
done

# fuzz TARGET SECONDS: one run with its figures in BUILD/TARGET.log.
fuzz() {
  { time -p "$build/tests/fuzz/fuzz_$1" "$build/corpus/$1" "$here/corpus/$1" "-dict=$here/$1.dict" \
    -max_total_time="$2" -max_len=2048 -timeout=20 -rss_limit_mb=2000 -print_final_stats=1 \
    -artifact_prefix="$build/findings/$1/"; } >"$build/$1.log" 2>&1
}

each=$((seconds * jobs / $#))
printf '%s\n' "$@" >"$build/targets"
echo "$# targets, ${each} s each, $jobs at a time"
running=0
for target in "$@"; do
  fuzz "$target" "$each" &
  running=$((running + 1))
  if test $((running % jobs)) -eq 0; then wait; fi
done
wait

printf '%-10s %12s %10s %9s\n' target executions 'cpu s' findings
found=0
for target in "$@"; do
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$target.log")
  cpu=$(awk '$1 == "user" || $1 == "sys" { sum += $2 } END { print sum }' "$build/$target.log")
  findings=$(find "$build/findings/$target" -type f | wc -l)
  printf '%-10s %12s %10s %9s\n' "$target" "${executions:-?}" "$cpu" "$findings"
  if test "$findings" -gt 0 || test -z "$executions"; then
    tail -n 30 "$build/$target.log"
    found=1
  fi
done
exit $found
