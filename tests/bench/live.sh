#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Live capture under churn: packets of connections that come and go cross a veth pair, and `tcpstate annotate -i` reads
# them at the other end. Prints what was sent, captured and lost, and the memory over time, as a Markdown table.
#
#   tests/bench/live.sh BUILD [SECONDS [RATE [KEEP]]]
#
# 600 seconds, as many packets a second as go (RATE 0), at most 50000 connections kept, if not said otherwise.
# Fails if memory still grows after the first third. 5000 connections at a time, 20 segments each on average, one of 20
# left open for good: so the tracker is told how many it may keep. Needs root and iproute2; exit status 77 without.
set -eu

build=${1:?the folder that cmake built in}
seconds=${2:-600}
rate=${3:-0}
keep=${4:-50000}
space=tcpstate-$$
work=$(mktemp -d)

[ "$(id -u)" = 0 ] && command -v ip >/dev/null || exit 77
cleanup() {
  ip netns delete "$space" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
ip netns add "$space" 2>/dev/null || exit 77
inside=(ip netns exec "$space")
"${inside[@]}" ip link add from type veth peer name to 2>/dev/null || exit 77
for end in from to; do
  "${inside[@]}" sysctl -qw "net.ipv6.conf.$end.disable_ipv6=1"
  "${inside[@]}" ip link set "$end" up
done

# memory: of the capturing process now, in KiB.
memory() {
  awk '/^VmRSS/ { print $2 }' "/proc/$capture/status"
}

# The program itself is the child: `ip netns exec` becomes it.
"${inside[@]}" "$build/core/cli/tcpstate" annotate -i to -T csv --max-connections "$keep" >/dev/null 2>"$work/said" &
capture=$!
sleep 1
mkfifo "$work/packets"
"$build/tests/bench/generate" "$work/packets" 4000000000 5000 14 &
"${inside[@]}" "$build/tests/bench/send" from "$rate" <"$work/packets" >"$work/sent" &
send=$!

echo '| second | resident memory, KiB |'
echo '|---:|---:|'
parts=$((seconds < 12 ? 3 : 12))
early=0 late=0
for ((part = 1; part <= parts; part++)); do
  sleep "$(awk -v s="$seconds" -v p="$parts" 'BEGIN { print s / p }')"
  late=$(memory)
  [ "$part" != $((parts / 3)) ] || early=$late
  echo "| $((seconds * part / parts)) | $late |"
done

kill -TERM "$send"
wait "$send" || true
sleep 1
kill -INT "$capture"
wait "$capture" || { cat "$work/said" >&2; exit 1; }
sent=$(awk '{ print $1 }' "$work/sent")
captured=$(sed -n 's/.* \([0-9]*\) packets captured.*/\1/p' "$work/said")
dropped=$(sed -n 's/.* \([0-9]*\) dropped by the kernel.*/\1/p' "$work/said")
connections=$(sed -n 's/.* of \([0-9]*\) connections*$/\1/p' "$work/said")
echo
echo "$sent packets sent in $seconds s ($((sent / seconds)) a second), $captured reached libpcap, of which it dropped" \
  "$dropped; $connections connections."
if [ "$captured" = 0 ] || [ $((late * 100)) -gt $((early * 105)) ]; then
  echo "nothing captured, or memory grew: from $early to $late KiB" >&2
  exit 1
fi
