#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh [--long] [--build FOLDER]: installs what the tests need, builds with warnings as errors, runs every test.
# The sanitizer build, clang-format and clang-tidy are tests too (tests/checks). --long adds those labelled "long".
set -eu
cd "$(dirname "$0")/.."
build=build/tests
without='-LE long'
long=
while test $# -gt 0; do
  case $1 in
  --long) without="" long=1 ;;
  --build) build=${2:?} && shift ;;
  *) sed -n 's/^# \(run.sh .*\)/usage: \1/p' "$0" >&2 && exit 2 ;;
  esac
  shift
done

packaging/install-packages.sh gcc libc6-dev clang clang-format clang-tidy libclang-rt-dev cmake ninja-build pkg-config \
  libcmocka-dev libpcap-dev libseccomp-dev zlib1g-dev libzstd-dev wireshark-dev tshark tcpdump python3 jq shellcheck valgrind parallel sqlite3
if test -n "$long"; then
  packaging/install-packages.sh cppcheck clang-tools mmdebstrap gcc-12-multilib gcc-s390x-linux-gnu \
    libc6-dev-s390x-cross qemu-user-static gcc-mingw-w64-x86-64 libz-mingw-w64-dev wine64 slurm-wlm munge nftables iproute2 ethtool rpm rpmlint ruby wireshark xvfb openbox xdotool imagemagick
fi

cmake -S . -B "$build" -G Ninja -DTCPSTATE_WERROR=ON
cmake --build "$build"
# shellcheck disable=SC2086 # two words or none
exec ctest --test-dir "$build" --output-on-failure --parallel "$(nproc)" $without
