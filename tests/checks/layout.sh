#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# layout.sh [FOLDER]: at the top there is what belongs there and nothing that slipped into a commit; nowhere a file whose
# name a shell or another system would stumble over.
set -eu
cd "${1:-$(dirname "$0")/../..}"
git rev-parse --git-dir >/dev/null 2>&1 || exit 77
belongs='\.[A-Za-z.-]+|CMakeLists\.txt|CMakePresets\.json|LICENSE|README\.md|plugin|core|tests|sample-captures|docs|packaging'
wrong=0
git -c core.quotePath=off ls-files | cut -d/ -f1 | sort -u | grep -vxE "$belongs" && wrong=1
git -c core.quotePath=off ls-files | grep -E '[^A-Za-z0-9._/ -]' && wrong=1
test $wrong -eq 0 || echo 'What stands above does not belong there.' >&2
exit $wrong
