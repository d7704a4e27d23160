#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# share.sh K N: a pcap filter for share K, from 0, of N. Both directions of a connection have the same sum, so a share has
# whole connections. What has no sum of its own (ICMP errors, later fragments, tunnels, VLAN tags) goes into every share.
v4='ip proto 6 and ip[6:2] & 0x1fff = 0'
echo "($v4 and (ip[12:4] + ip[16:4] + tcp[0:2] + tcp[2:2]) % $2 = $1)" \
  "or (ip6 and not icmp6 and (ip6[20:4] + ip6[36:4]) % $2 = $1) or not (($v4) or (ip6 and not icmp6))"
