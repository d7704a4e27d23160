#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# memcheck.sh TSHARK PLUGIN-FOLDER CAPTURES: valgrind sees no error and no leak while tshark dissects all samples with the
# plugin, in one pass and in two. memcheck.supp has what is Wireshark's own. Exit status 77: no valgrind or mergecap.
set -eu
tshark=$1 plugins=$2 captures=$3
here=$(cd "$(dirname "$0")" && pwd)
command -v valgrind >/dev/null && command -v mergecap >/dev/null || exit 77
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mergecap -a -w "$folder/all.pcapng" "$captures"/*.pcap*
cp -r "$plugins" "$folder/plugins"
cp "$here/memcheck.supp" "$folder"
chmod -R a+rX "$folder"

# As root, Wireshark loads no plugin from a folder that it is told.
as_user=
if test "$(id -u)" -eq 0; then
  as_user='setpriv --reuid=65534 --regid=65534 --clear-groups'
fi
for passes in -n -2; do
  # shellcheck disable=SC2086 # words
  $as_user env HOME="$folder" WIRESHARK_PLUGIN_DIR="$folder/plugins" \
    valgrind --quiet --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite --keep-debuginfo=yes \
    --num-callers=40 --suppressions="$folder/memcheck.supp" \
    "$tshark" "$passes" -n -r "$folder/all.pcapng" -V >"$folder/out" 2>"$folder/err" || { cat "$folder/err" && exit 1; }
  test "$(grep -c 'TCP State' "$folder/out")" -gt 100 || { echo "the plugin was not loaded" && exit 1; }
done
