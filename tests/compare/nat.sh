#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# nat.sh: records through the NAT of this kernel afresh, and asks of that what is asked of the recording in
# sample-captures. Exit status 77: not possible here.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
test "$(id -u)" -eq 0 || exit 77
for tool in nft ip tcpdump; do command -v "$tool" >/dev/null || exit 77; done
ip netns add "tcpstate-may-$$" 2>/dev/null || exit 77
ip netns del "tcpstate-may-$$"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$here/record_nat.sh" "$folder"
TCPSTATE_NAT=$folder python3 "$here/compare_test.py" Nat
