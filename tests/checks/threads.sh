#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# threads.sh CMAKE CTEST SOURCE BUILD GENERATOR: the command with two threads under ThreadSanitizer.
set -eu
cmake=$1 ctest=$2 source=$3 build=$4 generator=$5
"$cmake" -S "$source" -B "$build" -G "$generator" -DCMAKE_BUILD_TYPE=Debug -DTCPSTATE_WERROR=ON \
  -DTCPSTATE_SANITIZE=thread -DTCPSTATE_PLUGIN=OFF
"$cmake" --build "$build" --parallel 2 --target tcpstate cli_batch_ring_test
export TSAN_OPTIONS=halt_on_error=1:exitcode=66
# Its places in memory are fixed, which some kernels' layout of a process is not.
setarch "$(uname -m)" -R "$ctest" --test-dir "$build" --output-on-failure -R '^cli[.](jobs|unit[.]batch_ring)$'
