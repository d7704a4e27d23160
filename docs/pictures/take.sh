#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Takes the pictures of this folder: opens a sample in the real Wireshark, with the plugin as it was built and the
# profile "TCP State", on a screen that exists in memory only.
#
#   docs/pictures/take.sh BUILD [OUT]      BUILD: the folder that cmake built in; OUT: default this folder
#
# Needs: wireshark, mergecap, Xvfb, openbox, xdotool, ImageMagick, qt5ct (for the dark picture). Run it as root (it
# becomes "nobody") or as an ordinary user.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
build=${1:?the folder that cmake built in}
out=${2:-$here}
work=$(mktemp -d)
export DISPLAY=:87

user=()
if [ "$(id -u)" = 0 ]; then
  user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi

cleanup() {
  kill "$manager" "$screen" 2>/dev/null || true
  rm -rf "$work"
}

prepare_home() {
  local settings=$work/home/.config/wireshark
  mkdir -p "$settings/profiles" "$work/home/.config/qt5ct"
  cp -r "$source/plugin/profile/TCP State" "$settings/profiles/"
  cat >>"$settings/profiles/TCP State/recent" <<'END'
gui.byte_view_show: FALSE
gui.geometry_main_upper_pane: 400
END
  cat >"$settings/recent_common" <<'END'
gui.geometry_main_x: 0
gui.geometry_main_y: 0
gui.geometry_main_width: 1500
gui.geometry_main_height: 900
gui.geometry_main_maximized: TRUE
END
  printf 'gui.update.enabled: FALSE\ngui.qt.font_name: DejaVu Sans Mono,10\n' >"$settings/preferences"
  cat >"$work/home/.config/qt5ct/qt5ct.conf" <<'END'
[Appearance]
color_scheme_path=/usr/share/qt5ct/colors/darker.conf
custom_palette=true
style=Fusion

[Fonts]
fixed="DejaVu Sans Mono,10,-1,5,50,0,0,0,0,0"
general="DejaVu Sans,10,-1,5,50,0,0,0,0,0"
END
  cp -r "$build/plugin/wireshark" "$work/plugins"
  mergecap -a -w "$work/tour.pcapng" "$source"/sample-captures/{four-segment-close,simultaneous-close}.pcap \
    "$source"/sample-captures/{reset-by-server,refused,half-close-with-data,fin-retransmitted}.pcap
  chmod -R a+rX "$work"
  [ ${#user[@]} = 0 ] || chown -R 65534:65534 "$work/home"
}

# open ARGUMENTS...: starts Wireshark and waits until it has settled.
open() {
  "${user[@]}" env HOME="$work/home" XDG_RUNTIME_DIR="$work/home" LC_ALL=C.UTF-8 TZ=UTC NO_AT_BRIDGE=1 \
    WIRESHARK_PLUGIN_DIR="$work/plugins" QT_QPA_PLATFORMTHEME="${theme:-}" \
    wireshark -C "TCP State" -r "$work/tour.pcapng" "$@" >"$work/log" 2>&1 &
  wireshark=$!
  find_window 'tour.pcapng' >/dev/null
  sleep 5
}

finish() {
  kill "$wireshark"
  wait "$wireshark" 2>/dev/null || true
}

# The newest window with this in its title. Windows come and go while xdotool looks: it is asked again.
find_window() {
  local found=
  while [ -z "$found" ]; do
    sleep 1
    found=$(xdotool search --onlyvisible --name "$1" 2>/dev/null | tail -n 1) || found=
  done
  echo "$found"
}

# picture NAME WINDOW-TITLE [WIDTH HEIGHT]
picture() {
  local window
  window=$(find_window "$2")
  [ $# = 2 ] || xdotool windowsize "$window" "$3" "$4"
  sleep 2
  import -window "$window" "$work/picture.png"
  convert "$work/picture.png" -strip +dither -colors 64 "PNG8:$out/$1.png"
}

# Opens the subtree of TCP State: the last line of the packet's details.
open_subtree() {
  xdotool mousemove 400 525 click 1
  xdotool key Home
  xdotool key --repeat 4 Down
  xdotool key Right
  sleep 1
}

mkdir -p "$out"
Xvfb "$DISPLAY" -screen 0 1500x900x24 >/dev/null 2>&1 &
screen=$!
sleep 1
openbox >/dev/null 2>&1 &
manager=$!
trap cleanup EXIT
prepare_home

open -g 10
open_subtree
picture packets 'tour.pcapng'
finish

theme=qt5ct
open -g 10
open_subtree
picture packets-dark 'tour.pcapng'
finish
theme=

open
xdotool key alt+s Up Return # Statistics, its last entry
sleep 3
picture summary 'TCP State' 1100 720
finish

open -z tcpstate,conns
picture connections 'TCP State Connections' 1100 300
finish

open -z expert
picture expert 'Expert Information' 1100 480
finish
