#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the plugin costs: instructions of tshark with it, by those of tshark without it, as a Markdown table.
#
#   tests/bench/plugin_cost.sh BUILD [CAPTURE]   CAPTURE: pcap or pcapng with 4000 packets or more of plain TCP; one is
#                                                generated if none is given
#
# Instructions, for they are the same on a busy machine. Each is counted over the first 2000 packets and over all (at
# most 8000): the difference leaves out what starting the program takes. Needs valgrind, tshark, editcap, capinfos.
set -eu

build=${1:?the folder that cmake built in}
work=$(mktemp -d)
capture=${2:-$work/capture.pcap}
trap 'rm -rf "$work"' EXIT
user=()
[ "$(id -u)" != 0 ] || user=(setpriv --reuid=65534 --regid=65534 --clear-groups)

[ $# -gt 1 ] || "$build/tests/bench/generate" "$capture" 5000 500 14
mkdir "$work/home" "$work/none"
cp -r "$build/plugin/wireshark" "$work/plugin"
editcap -F pcap -r "$capture" "$work/few.pcap" 1-2000 2>/dev/null
editcap -F pcap -r "$capture" "$work/many.pcap" 1-8000 2>/dev/null
chmod -R a+rX "$work"
[ ${#user[@]} = 0 ] || chown 65534:65534 "$work/home"
packets=$(($(capinfos -TMrc "$work/many.pcap" | awk '{ print $NF }') - 2000))

# count PLUGINS FILE ARGUMENTS...
count() {
  local plugins=$1 file=$2
  shift 2
  "${user[@]}" env HOME="$work/home" LC_ALL=C.UTF-8 WIRESHARK_PLUGIN_DIR="$work/$plugins" \
    valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null \
    tshark -r "$work/$file.pcap" "$@" 2>&1 >/dev/null | sed -n 's/.*I *refs: *//p' | tr -d ,
}

# each_packet PLUGINS ARGUMENTS...: instructions for one packet.
each_packet() {
  local plugins=$1
  shift
  echo $((($(count "$plugins" many "$@") - $(count "$plugins" few "$@")) / packets))
}

# row TITLE "ARGUMENTS WITH" "ARGUMENTS WITHOUT"
row() {
  local with without
  eval "with=\$(each_packet plugin $2)"
  eval "without=\$(each_packet none ${3:-$2})"
  printf '| `%s` | %d | %d | %s |\n' "$1" "$without" "$with" \
    "$(awk -v a="$with" -v b="$without" 'BEGIN { printf "%.3f", a / b }')"
}

echo "$(tshark --version | sed -n '1s/^\(TShark (Wireshark) [0-9.]*[0-9]\).*/\1/p'), instructions for each of $packets packets"
echo
echo '| tshark | without | with the plugin | ratio |'
echo '|---|---|---|---|'
row '-q -z io,stat,0' '-q -z io,stat,0'
row '-T fields -e frame.number' '-T fields -e frame.number'
row '-T fields -e frame.number -e tcpstate.client.state (without: -e tcp.flags)' \
  '-T fields -e frame.number -e tcpstate.client.state' '-T fields -e frame.number -e tcp.flags'
row '(a line for each packet)' ''
row '-Y '\''tcpstate.phase == "close"'\'' (without: tcp.flags.fin == 1)' "-Y 'tcpstate.phase == \"close\"'" \
  "-Y 'tcp.flags.fin == 1'"
row '-Y '\''udp.port == 53'\' "-Y 'udp.port == 53'"
row '-V' '-V'
row 'disabled, -q -z io,stat,0' '--disable-protocol tcpstate -q -z io,stat,0' '-q -z io,stat,0'
