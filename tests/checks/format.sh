#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# format.sh SOURCE: every C file is as .clang-format wants it. Versions of the tool disagree: 14 is asked.
set -eu
cd "$1"
tool=$(command -v clang-format-14 || command -v clang-format) || exit 77
case $("$tool" --version) in
*"version 14."*) ;;
*) exit 77 ;;
esac
find core plugin tests docs -name '*.[ch]' -exec "$tool" --dry-run -Werror {} +
