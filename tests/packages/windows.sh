#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# windows.sh CMAKE ROOT WORK: the library as built for Windows exports what it does elsewhere.
set -eu
export LC_ALL=C
cmake=$1 root=$2 work=$3
command -v x86_64-w64-mingw32-gcc >/dev/null || exit 77
"$cmake" -S "$root" -B "$work" --toolchain "$root/packaging/cmake/mingw-w64.cmake" -DTCPSTATE_WERROR=ON \
  -DTCPSTATE_COMMAND=OFF -DTCPSTATE_PLUGIN=OFF -DTCPSTATE_TESTS=OFF
"$cmake" --build "$work" --parallel 2
x86_64-w64-mingw32-objdump -p "$work/core/libtcpstate.dll" |
  sed -n 's/.*\[ *[0-9]*\].* \(tcpstate_[a-z_]*\)$/\1/p' | sort >"$work/exported"
sed -n 's/^ \(tcpstate_[a-z_]*\)@Base.*/\1/p' "$root/packaging/debian/libtcpstate0.symbols" | sort |
  diff - "$work/exported"
