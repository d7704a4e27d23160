#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# quickstart.sh: builds everything and shows it on a real capture. Made for Debian 12; sudo is used only if you are not
# root, and only to install packages.
set -eu
cd "$(dirname "$0")/.."
build=build/quickstart
capture=sample-captures/https-session.pcap
demo=$(mktemp -d)
trap 'rm -rf "$demo"' EXIT

say() {
  printf '\n=== %s\n' "$*"
}

stop() {
  echo "$*" >&2
  exit 1
}

need() {
  command -v "$1" >/dev/null || stop "Missing: $1 ($2)."
}

say 'Packages: compiler, CMake, libpcap, Wireshark headers and tshark'
packaging/install-packages.sh gcc libc6-dev cmake ninja-build pkg-config libpcap-dev libseccomp-dev zlib1g-dev libzstd-dev wireshark-dev tshark
need cc 'a C11 compiler'
need cmake '3.16 or later'
need ninja 'CMake builds with it'
need tshark '4.0 or later, with its development files'

say "Building into $build"
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DTCPSTATE_TESTS=OFF >"$demo/configure.log" 2>&1 || {
  cat "$demo/configure.log" >&2
  stop "CMake did not find what it needs; what is missing is named above (libpcap or the headers of Wireshark)."
}
cmake --build "$build" --parallel >"$demo/build.log" 2>&1 || {
  cat "$demo/build.log" >&2
  stop 'The build failed; see above.'
}
ls "$build/core/cli/tcpstate" "$build"/plugin/wireshark/*/epan/tcpstate.so

# Wireshark loads no plugin from a folder of the user's choice when it runs as root. So root runs it as nobody, who may
# not be able to read this folder.
cp -r "$build/plugin/wireshark" "$demo/plugins"
cp "$capture" "$demo/capture.pcap"
chmod -R a+rX "$demo"
as_user=
test "$(id -u)" -ne 0 || as_user='setpriv --reuid=65534 --regid=65534 --clear-groups'

say 'A browser and a web server, 30 packets: both endpoints after each packet, by tshark with the plugin'
printf '%5s %4s  %-6s  %-11s  %-12s  %s\n' frame conn sender step client server
$as_user env HOME="$demo" WIRESHARK_CONFIG_DIR="$demo" WIRESHARK_PLUGIN_DIR="$demo/plugins" \
  tshark -r "$demo/capture.pcap" -T fields -E separator=, -e frame.number -e tcpstate.stream -e tcpstate.src.role \
  -e tcpstate.handshake.role -e tcpstate.teardown.step -e tcpstate.client.state -e tcpstate.server.state |
  awk -F, '{ printf "%5d %4d  %-6s  %-11s  %-12s  %s\n", $1, $2, $3, $4 $5, $6, $7 }'

say 'The same by the command, which needs no Wireshark'
"$build/core/cli/tcpstate" "$capture"

say 'Now try'
cat <<END
  $build/core/cli/tcpstate sample-captures/simultaneous-close.pcap
  cmake --install $build            (as root: command, library, and the plugin for tshark and Wireshark)
  tshark -r $capture -Y 'tcpstate.phase == "close"'
END
