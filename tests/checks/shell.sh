#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shell.sh: shellcheck has no warning about any script of ours. Exit status 77: it is not here, or no git is.
set -eu
cd "$(dirname "$0")/../.."
command -v shellcheck >/dev/null || exit 77
git rev-parse --git-dir >/dev/null 2>&1 || exit 77
git ls-files -z '*.sh' '.ci/*' | xargs -0 shellcheck -S warning
