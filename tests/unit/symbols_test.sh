#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# symbols_test.sh SHARED STATIC HEADER: what the library exports, keeps and calls.
set -eu
export LC_ALL=C
shared=$1 static=$2 header=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

complain() {
  echo "$1" >&2
  sed 's/^/  /' "$2" >&2
  failed=1
}

# Exported is what the header declares, no less, no more.
sed -n 's/^TCPSTATE_API.*[ *]\(tcpstate_[a-z_]*\)(.*/\1/p' "$header" | sort >"$work/declared"
nm -D --defined-only "$shared" | awk '{ print $3 }' | sort >"$work/exported"
test -s "$work/declared"
diff "$work/declared" "$work/exported" >"$work/difference" ||
  complain "declared (<) and exported (>) functions differ:" "$work/difference"

# No object lies where it could be written. (.data.rel.ro is constant once it has been relocated.)
objdump -t "$static" | awk '/ O / && $0 !~ /\.rodata|\.data\.rel\.ro/ || / \*COM\* /' >"$work/mutable"
test ! -s "$work/mutable" || complain "objects that can be written:" "$work/mutable"

# Nothing but memory is asked of the C library: no I/O, no clock, no locale.
nm "$static" | awk '$1 == "U" { print $2 }' | sort -u >"$work/wanted"
nm --defined-only "$static" | awk 'NF == 3 { print $3 }' | sort -u >"$work/own"
comm -23 "$work/wanted" "$work/own" |
  grep -vxE 'malloc|calloc|realloc|free|memcpy|memmove|memset|memcmp|strlen|_GLOBAL_OFFSET_TABLE_|__stack_chk_fail' \
    >"$work/foreign" || true
test ! -s "$work/foreign" || complain "calls that the library may not make:" "$work/foreign"

exit $failed
