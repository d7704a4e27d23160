#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Installs the plugin and the profile "TCP State" for the user who runs it.
#
#   plugin/install-for-user.sh BUILD     BUILD: the folder that cmake built in
set -eu

here=$(cd "$(dirname "$0")" && pwd)
built=${1:?the folder that cmake built in}/plugin/wireshark
plugins=$HOME/.local/lib/wireshark/plugins
profiles=${XDG_CONFIG_HOME:-$HOME/.config}/wireshark/profiles

mkdir -p "$plugins" "$profiles"
cp -R "$built/." "$plugins/"
if [ -e "$profiles/TCP State" ]; then
  echo "The profile \"TCP State\" is there already and was left as it is."
else
  cp -R "$here/profile/TCP State" "$profiles/"
  echo "Profile: $profiles/TCP State (Wireshark: Edit > Configuration Profiles; or wireshark -C 'TCP State')"
fi
echo "Plugin: $plugins"
