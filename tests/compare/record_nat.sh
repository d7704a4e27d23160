#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Records two connections through a real NAT (nftables masquerade, MSS clamping) from both sides, in three network
# namespaces: client - router - server. On the way of the first, one segment in six is dropped; the second is cut by the
# router, which answers the server with a reset in the client's name.
#   record_nat.sh FOLDER      (root; needs iproute2, nftables, tcpdump, python3)
# Leaves nat-client-side.pcap and nat-server-side.pcap there.
set -eu
folder=$1
here="tcpstate-nat-$$"
c=$here-c r=$here-r s=$here-s
tools=()

clean() {
  for tool in "${tools[@]}"; do kill "$tool" 2>/dev/null || true; done
  for name in "$c" "$r" "$s"; do ip netns del "$name" 2>/dev/null || true; done
}
trap clean EXIT

for name in "$c" "$r" "$s"; do ip netns add "$name"; ip -n "$name" link set lo up; done
ip -n "$c" link add near type veth peer name inside netns "$r"
ip -n "$s" link add near type veth peer name outside netns "$r"
ip -n "$c" addr add 192.168.7.2/24 dev near
ip -n "$r" addr add 192.168.7.1/24 dev inside
ip -n "$r" addr add 198.51.100.1/24 dev outside
ip -n "$s" addr add 198.51.100.80/24 dev near
for end in "$c near" "$s near" "$r inside" "$r outside"; do
  read -r name device <<<"$end"
  ip -n "$name" link set "$device" up
  ip netns exec "$name" ethtool -K "$device" tso off gso off gro off tx off >/dev/null 2>&1 || true
done
ip -n "$c" route add default via 192.168.7.1
ip netns exec "$r" sysctl -qw net.ipv4.ip_forward=1
ip netns exec "$r" nft -f - <<'RULES'
table ip nat {
  chain post { type nat hook postrouting priority srcnat; oifname "outside" masquerade random; }
}
table ip filter {
  set cut { type inet_service; }
  chain forward {
    type filter hook forward priority filter;
    tcp flags syn tcp option maxseg size set 1200
    tcp sport @cut ct direction reply tcp flags & (syn|fin|rst) == 0 reject with tcp reset
    tcp dport 8001 tcp flags & (syn|fin|rst) == 0 numgen inc mod 6 == 3 drop
  }
}
RULES
for end in "client $c" "server $s"; do
  read -r side name <<<"$end"
  ip netns exec "$name" tcpdump -i near -U -s 96 --time-stamp-precision nano -w "$folder/nat-$side-side.pcap" tcp 2>/dev/null &
  tools+=($!)
done
sleep 1
ip netns exec "$s" python3 - <<'SERVER' &
import socket, threading
def serve(port):
    listener = socket.create_server(("", port))
    end, _ = listener.accept()
    while True:
        try:
            data = end.recv(65536)
            if not data:
                break
            end.sendall(b"r" * 300)
        except OSError:
            break
    end.close()
threads = [threading.Thread(target=serve, args=(port,)) for port in (8001, 8002)]
for thread in threads: thread.start()
for thread in threads: thread.join()
SERVER
tools+=($!)
sleep 1
talk='
import socket, sys, time
end = socket.create_connection(("198.51.100.80", int(sys.argv[1])))
try:
    for i in range(int(sys.argv[2])):
        end.sendall(b"q" * 200)
        end.recv(65536)
        time.sleep(0.02)
    end.close()
except OSError as error:
    print(error, file=sys.stderr)
'
ip netns exec "$c" python3 -c "$talk" 8001 8
(sleep 0.1; ip netns exec "$r" nft add element ip filter cut '{ 8002 }') &
ip netns exec "$c" python3 -c "$talk" 8002 40 || true
sleep 1
