#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh CMAKE GENERATOR BUILD_FOLDER WORK_FOLDER: the installed library, found by CMake and by pkg-config.
set -eu
cmake=$1 generator=$2 build=$3 work=$4
project=$(cd "$(dirname "$0")/project" && pwd)
prefix=$work/prefix

rm -rf "$work"
mkdir -p "$work"
"$cmake" --install "$build" --prefix "$prefix" --component library >"$work/install.log"

# RFC 9293 figure 6.
cat >"$work/expected" <<END
SYN-SENT SYN-RECEIVED
ESTABLISHED SYN-RECEIVED
ESTABLISHED ESTABLISHED
END

check() {
  "$@" >"$work/output"
  if ! diff -u "$work/expected" "$work/output"; then
    echo "wrong states from: $*" >&2
    exit 1
  fi
  echo "ok: $1"
}

"$cmake" -S "$project" -B "$work/cmake" -G "$generator" -DCMAKE_PREFIX_PATH="$prefix" >"$work/configure.log"
"$cmake" --build "$work/cmake" >"$work/build.log"
check "$work/cmake/consumer_shared"
check "$work/cmake/consumer_static"

libdir=$(dirname "$(find "$prefix" -name libtcpstate.a)")
pkg() { PKG_CONFIG_PATH=$libdir/pkgconfig pkg-config "$@" tcpstate; }
# shellcheck disable=SC2046 # flags are words
${CC:-cc} -std=c11 "$project/main.c" $(pkg --cflags --libs) -o "$work/consumer_pkgconfig"
check env LD_LIBRARY_PATH="$libdir" "$work/consumer_pkgconfig"

# The header is for C++ too.
if command -v clang >/dev/null; then
  clang -x c++ -std=c++11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only "$prefix/include/tcpstate/tcpstate.h"
  echo "ok: header as C++"
fi
