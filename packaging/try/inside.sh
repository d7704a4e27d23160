#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs in a clean chroot, started by try-packages.sh: everything that happens to a package in its life. /try has the
# packages and a capture.
set -eux
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive HOME=/tmp
cd /try

get() {
  apt-get -qq -o Acquire::Check-Valid-Until=false -o APT::Install-Recommends=false -o Dpkg::Use-Pty=0 -y "$@"
}

# Everything that lies about, but for what apt, dpkg and caches note down.
census() {
  find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /try -o -path /tmp -o -path /var/lib/apt \
    -o -path /var/cache -o -path /var/lib/dpkg -o -path /var/log \) -prune -o -print | sort
}

# The same package with a lower version, as if it had been installed long ago.
age() {
  dpkg-deb -R "$1" old
  sed -i 's/^Version: .*/Version: 0.0.9-1/; s/(= [^)]*)/(= 0.0.9-1)/' old/DEBIAN/control
  dpkg-deb -b old "old-$(basename "$1")"
  rm -r old
}

get update

# The command alone, and what it needs comes along.
get install ./tcpstate_*.deb
tcpstate -T fields -e tcpstate.client.state -e tcpstate.server.state four-segment-close.pcap >states
tail -n 1 states | grep '^TIME-WAIT	CLOSED$'
test -s /usr/share/man/man1/tcpstate.1.gz || grep -q 'path-exclude.*man' -r /etc/dpkg # minbase may leave out manuals
test -s /usr/share/bash-completion/completions/tcpstate
test -s /usr/share/zsh/vendor-completions/_tcpstate
get purge --auto-remove tcpstate

# A plugin for another minor version of Wireshark is refused.
if test -e foreign-plugin; then
  mv foreign-plugin foreign-plugin.deb
  if get install ./foreign-plugin.deb; then exit 1; fi
fi

# From here on the ground is a system with Wireshark and a compiler.
get install tshark gcc libc6-dev pkg-config
census >before
for package in ./*_*.deb; do
  age "$package"
done
get install ./old-*.deb
test "$(dpkg-query -W -f '${Version}' libtcpstate0)" = 0.0.9-1
get install ./tcpstate_*.deb ./libtcpstate*.deb ./wireshark-plugin-tcpstate_*.deb
test "$(dpkg-query -W -f '${Version}' libtcpstate0)" != 0.0.9-1

# The plugin and the command say the same of every segment.
tcpstate -T fields -e frame.number -e tcpstate.client.state -e tcpstate.server.state https-session.pcap >by-command
tshark -r https-session.pcap -T fields -e frame.number -e tcpstate.client.state -e tcpstate.server.state >by-plugin
test "$(wc -l <by-plugin)" -gt 20
diff by-command by-plugin
tshark -C 'TCP State' -r https-session.pcap >profile
grep -q FIN-WAIT-1 profile

# The library, by its installed header and shared object.
# shellcheck disable=SC2046 # flags are words
gcc -std=c11 main.c $(pkg-config --cflags --libs tcpstate) -o main
ldd ./main | grep 'libtcpstate.so.0 => /'
./main | grep '^ESTABLISHED ESTABLISHED$'

get purge tcpstate libtcpstate-dev libtcpstate0 wireshark-plugin-tcpstate
census >after
diff before after
if tshark -r https-session.pcap -T fields -e tcpstate.client.state; then exit 1; fi
echo 'all of it passed'
