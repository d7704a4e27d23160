#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# install-packages.sh PACKAGE...: installs those Debian packages that are missing. Nothing to do: no network, no root.
set -eu
if ! command -v apt-get >/dev/null; then
  echo "No apt-get here: please see to it that you have what these Debian packages contain:" >&2
  echo "  $*" >&2
  exit 0
fi
missing=
for package in "$@"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing="$missing $package"
done
test -n "$missing" || exit 0

root=
if test "$(id -u)" -ne 0; then
  command -v sudo >/dev/null || {
    echo "These packages are missing, and there is no sudo to install them:$missing" >&2
    exit 1
  }
  root=sudo
fi
echo "Installing:$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # a list of words
if ! { $root apt-get -q update && $root env DEBIAN_FRONTEND=noninteractive \
  apt-get -q install -y --no-install-recommends $missing; } >"$log" 2>&1 </dev/null; then
  cat "$log" >&2
  exit 1
fi
