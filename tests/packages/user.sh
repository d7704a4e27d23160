#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# user.sh ROOT BUILD: the install for one user, and that it leaves nothing behind. Root becomes nobody, for Wireshark loads
# no personal plugins for root.
set -eu
root=$1 build=$2
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT

# All in a place that nobody can read.
cp -r "$root/plugin" "$home/plugin"
mkdir -p "$home/build/plugin"
cp -r "$build/plugin/wireshark" "$home/build/plugin/"
cp "$root/sample-captures/four-segment-close.pcap" "$home/"
mkdir "$home/home"
as_user=
if test "$(id -u)" -eq 0; then
  chown -R 65534:65534 "$home"
  as_user='setpriv --reuid=65534 --regid=65534 --clear-groups'
fi

run() {
  (cd "$home" && $as_user env -u XDG_CONFIG_HOME -u WIRESHARK_PLUGIN_DIR HOME="$home/home" "$@")
}

list() {
  (cd "$home/home" && find . | sort)
}

say_wrong() {
  echo "$*" >&2
  exit 1
}

list >"$home/before"
run plugin/install-for-user.sh build
run tshark -C 'TCP State' -r four-segment-close.pcap -T fields -e tcpstate.client.state >"$home/states"
test "$(tail -n 1 "$home/states")" = TIME-WAIT || say_wrong 'tshark does not tell the states'
find "$home/home" -path '*/profiles/TCP State/preferences' | grep -q . || say_wrong 'there is no profile'

# Twice is like once, and undoing it leaves nothing.
list >"$home/once"
run plugin/install-for-user.sh build >/dev/null
list | diff "$home/once" -
run plugin/install-for-user.sh --undo
list | diff "$home/before" - || say_wrong 'something is left behind'
! run plugin/install-for-user.sh --undo 2>/dev/null || say_wrong 'there was nothing to undo'

# A profile of that name that is the user's own stays, whatever happens; so does what lies beside.
run sh -c 'mkdir -p "$HOME/.config/wireshark/profiles/TCP State" && echo mine >"$HOME/.config/wireshark/profiles/TCP State/notes"'
list >"$home/before"
run plugin/install-for-user.sh build | grep -q 'left as it is'
run plugin/install-for-user.sh --undo >/dev/null
list | diff "$home/before" -

# A plugin for another Wireshark is not installed.
mv "$home/build/plugin/wireshark/"* "$home/build/plugin/wireshark/1.0"
! run plugin/install-for-user.sh build 2>"$home/said" || say_wrong 'installed for the wrong Wireshark'
grep -q 'has a plugin for: 1.0' "$home/said"
list | diff "$home/before" -
