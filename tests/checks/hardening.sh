#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# hardening.sh COMMAND LIBRARY PLUGIN STATIC-LIBRARY: reads from the binaries what packaging/cmake/hardening.cmake asks for.
# PLUGIN may be "" where it is not built.
set -eu
command=$1 library=$2 plugin=$3 archive=$4
failed=0

# has WORD FILE WHAT...: does readelf -W OPTIONS print it?
has() {
  word=$1 file=$2
  shift 2
  if readelf -W "$@" "$file" 2>/dev/null | grep -Eq "$word"; then
    echo "ok      $(basename "$file"): $word"
  else
    echo "MISSING $(basename "$file"): $word"
    failed=1
  fi
}

for file in "$command" "$library" $plugin; do
  has 'Type:.* DYN' "$file" --file-header
  has 'GNU_RELRO' "$file" --program-headers
  has 'BIND_NOW|Flags: NOW' "$file" --dynamic
  has 'GNU_STACK .* RW +0x' "$file" --program-headers
done
has 'Flags:.* PIE' "$command" --dynamic
has '__stack_chk_fail' "$command" --dyn-syms
has '__[a-z]*printf_chk' "$command" --dyn-syms

case $(readelf --file-header "$command" | sed -n 's/ *Machine: *//p') in
*X86-64*) has 'IBT, SHSTK' "$archive" --notes ;; # of our objects; the C library's start files decide for the whole
esac
exit $failed
