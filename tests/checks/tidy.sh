#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# tidy.sh SOURCE BUILD: clang-tidy with .clang-tidy on every file that the build compiles.
set -eu
cd "$1"
tool=$(command -v clang-tidy-14 || command -v clang-tidy) || exit 77
case $("$tool" --version) in
*"version 14."*) ;;
*) exit 77 ;;
esac
log=$2/tidy.log
sed -n 's/^ *"file": "\(.*\)",\{0,1\}$/\1/p' "$2/compile_commands.json" | sort -u >"$2/tidy.files"
test -s "$2/tidy.files"
if ! xargs -P "$(nproc)" -n 1 "$tool" -p "$2" --quiet <"$2/tidy.files" >"$log" 2>&1; then
  grep -v 'warnings\{0,1\} generated\.$' "$log"
  exit 1
fi
