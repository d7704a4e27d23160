#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# spdx.sh [FILE...]: each file (default: all that git knows and that can carry it) says its licence in its first lines.
set -eu
if test $# -eq 0; then
  cd "$(dirname "$0")/../.."
  git rev-parse --git-dir >/dev/null 2>&1 || exit 77
  # shellcheck disable=SC2046 # no name of ours has a blank where it counts
  set -- $(git ls-files '*.[ch]' '*.sh' '*.py' '*.cmake' '*CMakeLists.txt')
fi
missing=0
for file in "$@"; do
  head -n 5 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0-or-later' || {
    echo "$file: no SPDX-License-Identifier in its first lines" >&2
    missing=1
  }
done
exit $missing
