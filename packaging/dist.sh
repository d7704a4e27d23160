#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# dist.sh [--check] [FOLDER]: the source archive of the commit that is checked out and its list of contents (SPDX 2.3), in
# FOLDER (default build/dist). The same commit gives the same bits, today and elsewhere.
# --check makes both twice, builds the archive twice in different folders, and compares every file that is installed.
set -eu
check=
test "${1:-}" != --check || { check=yes && shift; }
cd "$(dirname "$0")/.."
folder=${1:-build/dist}
version=$(sed -n 's/^#define TCPSTATE_VERSION  *"\(.*\)"/\1/p' core/include/tcpstate/tcpstate.h)
name=tcpstate-$version
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH LC_ALL=C TZ=UTC

# make_archive FOLDER
make_archive() {
  mkdir -p "$1"
  git -c core.autocrlf=false -c tar.umask=0022 archive --format=tar --prefix="$name/" HEAD | gzip -9n >"$1/$name.tar.gz"
  packaging/sbom.py "$1/$name.tar.gz" >"$1/$name.spdx.json"
  (cd "$1" && sha256sum "$name.tar.gz" "$name.spdx.json" >SHA256SUMS)
}

# build_archive ARCHIVE FOLDER: builds in a folder of its own and installs into FOLDER/installed.
build_archive() {
  mkdir -p "$2"
  tar -xzf "$1" -C "$2"
  {
    cmake -S "$2/$name" -B "$2/build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/usr -DTCPSTATE_TESTS=OFF
    cmake --build "$2/build" --parallel 2
    DESTDIR=$2/installed cmake --install "$2/build"
  } >"$2/log" 2>&1
}

make_archive "$folder"
(cd "$folder" && cat SHA256SUMS)
test -n "$check" || exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
make_archive "$work/again"
cmp "$folder/SHA256SUMS" "$work/again/SHA256SUMS"
build_archive "$folder/$name.tar.gz" "$work/one"
build_archive "$folder/$name.tar.gz" "$work/a-second-folder/deeper"
diff -r "$work/one/installed" "$work/a-second-folder/deeper/installed"
echo "the same twice: archive, list of contents, and $(find "$work/one/installed" -type f | wc -l) installed files"
