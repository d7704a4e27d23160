#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# versions.sh ROOT: what has to repeat the version of the public header (lists of changes, recipes) repeats it rightly.
set -eu
cd "$1"
version=$(sed -n 's/^#define TCPSTATE_VERSION  *"\(.*\)"/\1/p' core/include/tcpstate/tcpstate.h)
major=$(sed -n 's/^#define TCPSTATE_VERSION_MAJOR  *//p' core/include/tcpstate/tcpstate.h)
minor=$(sed -n 's/^#define TCPSTATE_VERSION_MINOR  *//p' core/include/tcpstate/tcpstate.h)
patch=$(sed -n 's/^#define TCPSTATE_VERSION_PATCH  *//p' core/include/tcpstate/tcpstate.h)
failed=0

same() {
  test "$2" = "$version" || {
    echo "$1 says \"$2\", the header $version" >&2
    failed=1
  }
}

same 'the three numbers of the header' "$major.$minor.$patch"
same packaging/CHANGELOG.md "$(sed -n 's/^## \[\([0-9.]*\)\] - [0-9]\{4\}-[0-9][0-9]-[0-9][0-9]$/\1/p' packaging/CHANGELOG.md | head -n 1)"
same packaging/debian/changelog "$(sed -n '1s/^tcpstate (\(.*\)-[0-9a-z]*) .*/\1/p' packaging/debian/changelog)"
same packaging/rpm/tcpstate.spec "$(sed -n 's/^Version: *//p' packaging/rpm/tcpstate.spec)"
same packaging/homebrew/tcpstate.rb "$(sed -n 's/.*tcpstate-\([0-9.]*\)\.tar\.gz.*/\1/p' packaging/homebrew/tcpstate.rb)"
exit $failed
