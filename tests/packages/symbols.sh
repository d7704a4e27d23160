#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# symbols.sh LIBRARY SYMBOLS_FILE SOVERSION: the shared library promises what the symbols file has, under the name it has.
# A difference is a decision: a function that is gone or takes something else needs a new SOVERSION; a new one, a line with
# the version that brings it.
set -eu
export LC_ALL=C
library=$1 symbols=$2 soversion=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

soname=$(objdump -p "$library" | awk '$1 == "SONAME" { print $2 }')
test "$soname" = "libtcpstate.so.$soversion" || {
  echo "the library calls itself $soname, its SOVERSION is $soversion" >&2
  exit 1
}
head -n 1 "$symbols" | grep -q "^$soname libtcpstate$soversion " || {
  echo "$symbols is for another library than $soname" >&2
  exit 1
}
sed -n 's/^ \([a-z_]*\)@Base [0-9.]*$/\1/p' "$symbols" | sort >"$work/promised"
nm -D --defined-only "$library" | awk '{ print $3 }' | sort >"$work/kept"
test -s "$work/promised"
diff "$work/promised" "$work/kept" || {
  echo "promised (<) and kept (>) differ" >&2
  exit 1
}
