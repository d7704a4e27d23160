#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the plugin keeps of each frame: peak memory of tshark with it, beside that of tshark without it, over the length of
# a capture with one connection. What a connection takes is not in it. Needs tshark, GNU time.
#
#   tests/bench/plugin_memory.sh BUILD
set -eu

build=${1:?the folder that cmake built in}
few=100000 many=1100000
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
user=()
[ "$(id -u)" != 0 ] || user=(setpriv --reuid=65534 --regid=65534 --clear-groups)

mkdir "$work/home" "$work/none"
cp -r "$build/plugin/wireshark" "$work/plugin"
"$build/tests/bench/generate" "$work/$few.pcap" 1 1 -$few
"$build/tests/bench/generate" "$work/$many.pcap" 1 1 -$many
chmod -R a+rX "$work"
[ ${#user[@]} = 0 ] || chown 65534:65534 "$work/home"

# peak PLUGINS PACKETS: bytes.
peak() {
  "${user[@]}" env HOME="$work/home" LC_ALL=C.UTF-8 WIRESHARK_PLUGIN_DIR="$work/$1" \
    /usr/bin/time -f '%M' tshark -r "$work/$2.pcap" -q -z io,stat,0 2>&1 >/dev/null | awk 'END { print $1 * 1024 }'
}

without=$((($(peak none $many) - $(peak none $few)) / (many - few)))
with=$((($(peak plugin $many) - $(peak plugin $few)) / (many - few)))
echo "tshark: $without bytes a frame without the plugin, $with with it: $((with - without)) more"
