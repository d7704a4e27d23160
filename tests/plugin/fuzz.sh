#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fuzz.sh [--minutes N] [--build FOLDER] [-- OPTIONS OF fuzz.py]: builds plugin and command with AddressSanitizer and UBSan
# and gives tshark damaged captures, one minute if no other time is asked for. Each round prints its seed;
# `-- --seed SEED --rounds 1` repeats it. Exit status 1: something was found, and is kept in BUILD/findings.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
minutes=1 build=build/plugin-fuzz
while test $# -gt 0; do
  case $1 in
  --minutes) minutes=${2:?} && shift ;;
  --build) build=${2:?} && shift ;;
  --) shift && break ;;
  *) sed -n 's/^# \(fuzz.sh .*\):.*/usage: \1/p' "$0" >&2 && exit 2 ;;
  esac
  shift
done
for tool in tshark editcap mergecap randpkt; do
  command -v $tool >/dev/null || exit 77
done

mkdir -p "$build"
build=$(cd "$build" && pwd)
cmake -S "$source" -B "$build" -DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=RelWithDebInfo \
  -DTCPSTATE_SANITIZE=address,undefined >"$build/log" 2>&1 || { cat "$build/log" && exit 1; }
cmake --build "$build" --parallel 2 --target tcpstate_plugin tcpstate list_fields >>"$build/log" 2>&1 ||
  { tail -n 40 "$build/log" && exit 1; }
exec python3 "$here/fuzz.py" --plugin-dir "$build/plugin/wireshark" --command "$build/core/cli/tcpstate" \
  --list-fields "$build/tests/plugin/list_fields" --captures "$source/sample-captures" \
  --preload "$(gcc -print-file-name=libasan.so)" --findings "$build/findings" --seconds $((minutes * 60)) "$@"
