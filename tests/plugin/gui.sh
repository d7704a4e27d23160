#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# gui.sh BUILD SOURCE [PICTURES]: the real Wireshark on a screen in memory. A packet is marked, ignored and taken back, the file is
# reloaded, a filter is set and cleared, and each time the packet list must look as it should: as before, or not. Wireshark runs
# with strict memory checks and aborts on any dissector bug. PICTURES: a folder that keeps what was seen.
# Exit status 77: a tool is missing.
set -eu
build=$1 source=$2
work=$(mktemp -d)
pictures=${3:-$work/pictures}
export DISPLAY=:${TCPSTATE_DISPLAY:-89}

for tool in wireshark Xvfb openbox xdotool import compare; do
  command -v "$tool" >/dev/null || {
    echo "$tool is not installed: not tried" && exit 77
  }
done
user=()
[ "$(id -u)" != 0 ] || user=(setpriv --reuid=65534 --regid=65534 --clear-groups)

cleanup() {
  kill "${wireshark:-}" "${manager:-}" "${screen:-}" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

settings=$work/home/.config/wireshark
mkdir -p "$settings/profiles" "$pictures"
cp -r "$source/plugin/profile/TCP State" "$settings/profiles/"
printf 'gui.geometry_main_%s\n' 'x: 0' 'y: 0' 'width: 1400' 'height: 800' 'maximized: TRUE' >"$settings/recent_common"
printf 'gui.update.enabled: FALSE\ngui.ask_unsaved: FALSE\n' >"$settings/preferences"
cp -r "$build/plugin/wireshark" "$work/plugins"
cp "$source/sample-captures/port-reuse.pcap" "$work"
chmod -R a+rX "$work"
[ ${#user[@]} = 0 ] || chown -R 65534:65534 "$work/home"

Xvfb "$DISPLAY" -screen 0 1400x800x24 >/dev/null 2>&1 &
screen=$!
sleep 1
openbox >/dev/null 2>&1 &
manager=$!
"${user[@]}" env HOME="$work/home" XDG_RUNTIME_DIR="$work/home" LC_ALL=C.UTF-8 TZ=UTC NO_AT_BRIDGE=1 \
  WIRESHARK_PLUGIN_DIR="$work/plugins" WIRESHARK_DEBUG_WMEM_OVERRIDE=strict WIRESHARK_ABORT_ON_DISSECTOR_BUG=1 \
  wireshark -C "TCP State" -r "$work/port-reuse.pcap" >"$work/log" 2>&1 &
wireshark=$!
for _ in $(seq 60); do
  xdotool search --onlyvisible --name port-reuse.pcap >/dev/null 2>&1 && break
  sleep 1
done

# A picture of the packet list, once it has stopped changing, from the second line on. The first line is always the selected
# one, so that what is compared is what is said of the packets.
look() {
  xdotool mousemove 300 141 click 1
  sleep 1
  xdotool mousemove 700 700
  import -window root -crop 1200x290+0+149 "$pictures/$1.png"
  for _ in $(seq 20); do
    sleep 1
    import -window root -crop 1200x290+0+149 "$work/again.png"
    same "$pictures/$1.png" "$work/again.png" && return
    mv "$work/again.png" "$pictures/$1.png"
  done
}

same() {
  compare -metric AE "$1" "$2" null: >/dev/null 2>&1
}

must_be_same() {
  kill -0 "$wireshark" || { cat "$work/log" && exit 1; }
  same "$pictures/$1.png" "$pictures/$2.png" || { echo "the list after '$2' is not that of '$1'" && exit 1; }
  echo "ok: $2 looks like $1"
}

must_differ() {
  kill -0 "$wireshark" || { cat "$work/log" && exit 1; }
  ! same "$pictures/$1.png" "$pictures/$2.png" || { echo "nothing happened at '$2'" && exit 1; }
  echo "ok: $2 differs from $1"
}

# Line 9: a FIN with the acknowledgement of one.
press_on_fin() {
  xdotool mousemove 300 261 click 1
  sleep 1
  xdotool key "$1"
  sleep 2
}

look opened
press_on_fin ctrl+m
look marked
must_differ opened marked
press_on_fin ctrl+m
look unmarked
must_be_same opened unmarked
press_on_fin ctrl+d
look ignored
must_differ opened ignored
press_on_fin ctrl+d
look unignored
must_be_same opened unignored
xdotool key ctrl+r
sleep 3
look reloaded
must_be_same opened reloaded
xdotool key ctrl+slash
xdotool type 'tcpstate.changed == 1'
xdotool key Return
sleep 3
look filtered
must_differ opened filtered
xdotool key ctrl+slash ctrl+a Delete Return
sleep 3
look unfiltered
must_be_same opened unfiltered
grep -Ei 'bug|assert|abort|critical' "$work/log" && exit 1
exit 0
