#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# debs.sh [FOLDER]: assembles the Debian source package of the commit that is checked out in FOLDER (default build/debs)
# and builds the packages there. Needs the build dependencies of packaging/debian/control. The root of the project has no
# folder debian/, so the source package is put together here.
#   debs.sh --source-only FOLDER    stops before the build
set -eu
only=
test "${1:-}" != --source-only || { only=yes && shift; }
cd "$(dirname "$0")/.."
mkdir -p "${1:-build/debs}"
folder=$(cd "${1:-build/debs}" && pwd)
packaging/dist.sh "$folder" >/dev/null
archive=$(basename "$(ls "$folder"/tcpstate-*.tar.gz)")
name=${archive%.tar.gz}
rm -rf "${folder:?}/$name"
mv "$folder/$archive" "$folder/tcpstate_${name#tcpstate-}.orig.tar.gz"
tar -xzf "$folder/tcpstate_${name#tcpstate-}.orig.tar.gz" -C "$folder"
cp -r packaging/debian "$folder/$name/debian"
test -z "$only" || exit 0
cd "$folder/$name"
exec dpkg-buildpackage -us -uc
