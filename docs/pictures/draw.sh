#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Draws the SVG pictures of this folder. They are light or dark as the reader's browser prefers.
#
#   docs/pictures/draw.sh TCPSTATE [OUT]      TCPSTATE: the command; OUT: default this folder
set -eu

here=$(cd "$(dirname "$0")" && pwd)
samples=$here/../../sample-captures
capture=$samples/four-segment-close.pcap
command=${1:?the command tcpstate}
out=${2:-$here}

"$command" diagram -T svg "$capture" > "$out/ladder.svg"
"$command" diagram -T svg --what states "$capture" > "$out/states.svg"
"$command" compare -T svg --stream 1 "$samples/nat-client-side.pcap" "$samples/nat-server-side.pcap" > "$out/compare.svg"
