#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds the Debian packages in clean chroots of Debian 12, 13 and testing and tries them in others: install, do the
# main job, upgrade, remove. Prints a table.
#
#   packaging/try-packages.sh [FOLDER] [SUITE...]   FOLDER (default /var/tmp/tcpstate-packages) keeps chroots and packages
#
# Needs root, mmdebstrap and about 4 GB; exit status 77 without root.
set -eu
folder=${1:-/var/tmp/tcpstate-packages}
test $# -eq 0 || shift
test $# -gt 0 || set -- bookworm trixie forky
project=$(cd "$(dirname "$0")/.." && pwd)
test "$(id -u)" = 0 || {
  echo 'try-packages.sh: chroots need root' >&2
  exit 77
}
mkdir -p "$folder"

# The mirror that this machine takes its own packages from. What it has may be older than its date of expiry.
# shellcheck disable=SC2016 # REPO_URI is apt's
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Component: main' |
  grep -v security | head -n 1)
needs=$(sed -n '/^Build-Depends:/,/^Standards/p' "$project/packaging/debian/control" |
  sed 's/^Build-Depends://; /^Standards/d; s/([^)]*)//g; s/<[^>]*>//g; s/debhelper-compat/debhelper/' | tr -d ' \n')

# make_chroot SUITE ROOT [PACKAGES]
make_chroot() {
  test ! -d "$2" || return 0
  rm -rf "$2.new"
  mmdebstrap --mode=root --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' ${3:+--include="$3"} \
    "$1" "$2.new" "deb [trusted=yes] $mirror $1 main" >"$2.log" 2>&1
  mv "$2.new" "$2"
}

# build SUITE: the packages end up in FOLDER/SUITE.
build() {
  root=$folder/build-$1
  make_chroot "$1" "$root" "build-essential,fakeroot,lintian,$needs"
  rm -rf "$root/package" "${folder:?}/$1"
  "$project/packaging/debs.sh" --source-only "$root/package"
  chroot "$root" sh -c 'cd /package/tcpstate-*/ && dpkg-buildpackage -us -uc'
  mkdir "$folder/$1"
  cp "$root"/package/*.deb "$folder/$1"
}

# Hints are shown, but what is new enough for one release is too old for the next.
tidy() {
  chroot "$folder/build-$1" sh -c 'cd /package && lintian --allow-root --display-info --pedantic \
    --fail-on error,warning ./*.changes'
}

# try_in SUITE: in a fresh copy of a chroot that has nothing but the essentials.
try_in() {
  make_chroot "$1" "$folder/clean-$1"
  root=$folder/try-$1
  rm -rf "$root"
  cp -a "$folder/clean-$1" "$root"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  mkdir "$root/try"
  cp "$project"/packaging/try/* "$project"/sample-captures/*.pcap "$project"/tests/consumer/project/main.c \
    "$folder/$1"/*.deb "$root/try"
  rm -f "$root"/try/*-dbgsym_*
  for suite in "$folder"/*/built; do
    suite=$(basename "$(dirname "$suite")")
    test "$suite" = "$1" || cp "$folder/$suite"/wireshark-plugin-tcpstate_*.deb "$root/try/foreign-plugin"
  done
  chroot "$root" /try/inside.sh
}

# step LOG FUNCTION SUITE: in a process of its own, for "set -e" counts for nothing behind an if.
step() {
  (set -ex && "$2" "$3") >>"$1" 2>&1 &
  wait $!
}

# All are built before the first is tried: each is offered the plugin of another suite, which must be refused.
for suite in "$@"; do
  : >"$folder/$suite.log"
  ! step "$folder/$suite.log" build "$suite" || touch "$folder/$suite/built"
done

status=0
printf '%-10s %-8s %-8s %-8s %s\n' suite build lintian life log
for suite in "$@"; do
  log=$folder/$suite.log
  built=failed tidied=- tried=-
  if test -e "$folder/$suite/built"; then
    built=ok tidied=failed tried=failed
    ! step "$log" tidy "$suite" || tidied=clean
    ! step "$log" try_in "$suite" || tried=passed
  fi
  printf '%-10s %-8s %-8s %-8s %s\n' "$suite" "$built" "$tidied" "$tried" "$log"
  test "$built $tidied $tried" = 'ok clean passed' || status=1
done
exit $status
