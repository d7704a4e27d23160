#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds the plugin and runs its tests on Wireshark 4.0, 4.4 and 4.6, and prints a table.
#
#   tests/plugin/versions.sh [FOLDER]     FOLDER (default /var/tmp/tcpstate-versions) keeps the chroots for the next run
#
# 4.0 is that of this machine (Debian 12), the others live in chroots of Debian 13 and of testing. Needs root,
# mmdebstrap and about 2 GB. Warnings are errors. Captures in folders named by TCPSTATE_CAPTURES are compared too. The
# long tests are not run there: they need what a chroot lacks, a screen and /proc.
set -eu

folder=${1:-/var/tmp/tcpstate-versions}
source=$(cd "$(dirname "$0")/../.." && pwd)
packages=gcc,libc6-dev,cmake,make,pkg-config,libglib2.0-dev,wireshark-dev,tshark,libpcap-dev
packages=$packages,zlib1g-dev,libzstd-dev,libcmocka-dev,python3
table=$folder/table

if [ "$(id -u)" != 0 ]; then
  echo "versions.sh: chroots need root" >&2
  exit 2
fi
mkdir -p "$folder"

# The mirror that this machine takes its own packages from.
mirror() {
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Component: main' |
    grep -v security | head -n 1
}

# The Release file of a mirror that is no longer updated has expired: what it lists is still good.
make_chroot() {
  mmdebstrap --mode=root --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' --include="$packages" \
    "$1" "$2.new" "deb [trusted=yes] $(mirror) $1 main" >"$2.log" 2>&1
  mv "$2.new" "$2"
}

# What is committed, not what lies about.
copy_source() {
  rm -rf "$1"
  mkdir -p "$1"
  git -C "$source" archive HEAD | tar -xf - -C "$1"
}

# run ROOT COMMAND...: in the chroot, or here where ROOT is empty.
run() {
  root=$1
  shift
  if [ -n "$root" ]; then
    chroot "$root" "$@"
  else
    "$@"
  fi
}

lend_captures() {
  rm -rf "$1"
  mkdir -p "$1"
  number=0
  for captures in $(echo "${TCPSTATE_CAPTURES:-}" | tr ':' ' '); do
    number=$((number + 1))
    cp -r "$captures" "$1/$number"
  done
}

# check NAME ROOT: builds and tests, adds a line to the table.
check() {
  name=$1
  root=$2
  log=$folder/$name.log
  place=$folder/build-$name
  inside=$place
  if [ -n "$root" ]; then
    place=$root/tcpstate
    inside=/tcpstate
  fi
  copy_source "$place/source"
  lend_captures "$place/captures"
  version=$(run "$root" tshark --version 2>/dev/null | sed -n '1s/^TShark (Wireshark) \([0-9]*\.[0-9]*\.[0-9]*\).*/\1/p')
  build=failed
  tests=-
  if run "$root" cmake -S "$inside/source" -B "$inside/build" -DTCPSTATE_WERROR=ON >"$log" 2>&1 &&
    run "$root" cmake --build "$inside/build" -j "$(nproc)" --target tcpstate tcpstate_plugin list_fields >>"$log" 2>&1; then
    build=ok
    tests=failed
    if run "$root" env TCPSTATE_CAPTURES="$inside/captures" \
      ctest --test-dir "$inside/build" -R '^plugin\.' -LE long --output-on-failure >>"$log" 2>&1; then
      tests=passed
    fi
  fi
  count=$(sed -n 's/.*tests failed out of \([0-9]*\)$/\1/p' "$log" | tail -n 1)
  printf '%-10s %-9s %-7s %-8s %-6s %s\n' "$name" "$version" "$build" "$tests" "${count:--}" "$log" >>"$table"
  [ "$tests" = passed ]
}

printf '%-10s %-9s %-7s %-8s %-6s %s\n' debian wireshark build tests count log >"$table"
status=0
check bookworm "" || status=1
for suite in trixie forky; do
  [ -d "$folder/$suite" ] || make_chroot "$suite" "$folder/$suite"
  check "$suite" "$folder/$suite" || status=1
done
cat "$table"
exit $status
