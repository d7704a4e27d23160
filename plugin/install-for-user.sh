#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Puts the plugin and the profile "TCP State" into your own folders of the Wireshark that is installed. No root needed.
#
#   plugin/install-for-user.sh [BUILD]    BUILD: the folder that cmake built in; without it, builds in build/user
#   plugin/install-for-user.sh --undo     takes away what it has put there, and nothing else
set -eu
project=$(cd "$(dirname "$0")/.." && pwd)

stop() {
  echo "$*" >&2
  exit 1
}

wireshark=$(command -v tshark || command -v wireshark) || stop 'Neither tshark nor wireshark is installed.'

# folder NAME: what Wireshark says of itself.
folder() {
  "$wireshark" -G folders 2>/dev/null | sed -n "s/^$1: *	*//p" | head -n 1
}

plugins=$(folder 'Personal Plugins')
config=$(folder 'Personal configuration')
test -n "$plugins" && test -n "$config" || stop "$wireshark does not say where its folders are (-G folders)."
noted=$config/tcpstate.installed # one path a line, in the order they were made
notes=$(mktemp)
trap 'rm -f "$notes"' EXIT
profile="$config/profiles/TCP State"

undo() {
  test -e "$noted" || stop 'Nothing of tcpstate is installed here.'
  mv "$noted" "$notes"
  # Last made, first removed; a folder only when it is empty.
  sed '1!G;h;$!d' "$notes" | while read -r path; do
    if test -d "$path" && test ! -L "$path"; then
      rmdir "$path" 2>/dev/null && echo "Removed: $path" || true
    elif test -e "$path"; then
      rm "$path" && echo "Removed: $path"
    fi
  done
}

# Folders and files are noted only if this made them.
make_folder() {
  test ! -d "$1" || return 0
  make_folder "$(dirname "$1")"
  mkdir "$1"
  echo "$1" >>"$notes"
}

put() {
  make_folder "$(dirname "$2")"
  cp "$1" "$2"
  echo "$2" >>"$notes"
}

if test "${1:-}" = --undo; then
  undo
  exit 0
fi

build=${1:-}
if test -z "$build"; then
  build=$project/build/user
  echo "Building in $build"
  cmake -S "$project" -B "$build" -DCMAKE_BUILD_TYPE=Release -DTCPSTATE_TESTS=OFF -DTCPSTATE_COMMAND=OFF
  cmake --build "$build" --parallel
fi
version=$(basename "$plugins")
built=$build/plugin/wireshark/$version/epan/tcpstate.so
test -e "$built" || stop "Your Wireshark is $version; $build has a plugin for: $(ls "$build/plugin/wireshark" 2>/dev/null)"

test ! -e "$noted" || undo >/dev/null # another version of it
: >"$notes"
make_folder "$config"
put "$built" "$plugins/epan/tcpstate.so"
echo "Plugin:  $plugins/epan/tcpstate.so"
if test -e "$profile"; then
  echo "Profile: $profile is there already and was left as it is"
else
  for file in "$project/plugin/profile/TCP State"/*; do
    put "$file" "$profile/$(basename "$file")"
  done
  echo "Profile: $profile (choose it at the lower right of the window, or start with -C 'TCP State')"
fi
cp "$notes" "$noted"
if test "$(id -u)" -eq 0; then
  echo "Beware: started by root, Wireshark loads no plugins of a user. Start it as yourself."
else
  "$wireshark" -G plugins 2>/dev/null | grep -q '^tcpstate' || stop "Yet $wireshark does not load it."
  echo "$wireshark loads it."
fi
echo "To take all of it away: plugin/install-for-user.sh --undo"
