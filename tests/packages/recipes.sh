#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# recipes.sh PACKAGING: the recipes for systems that are not at hand, as far as their own tools can read them here. Says what
# was not looked at; exit status 77 if that is all of it.
set -eu
cd "$1"
looked=
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

here() {
  if command -v "$1" >/dev/null; then
    looked=yes
  else
    echo "not looked at: $2 ($1 is not here)"
    return 1
  fi
}

if here rpmspec 'rpm/tcpstate.spec'; then
  rpmspec -P rpm/tcpstate.spec >"$work/spec"
  grep -qx 'Version: *0.*' "$work/spec"
  rpmspec -q --qf '%{NAME}\n' rpm/tcpstate.spec | sort >"$work/names"
  printf '%s\n' libtcpstate libtcpstate-devel tcpstate wireshark-plugin-tcpstate | diff - "$work/names"
fi
if here rpmlint 'rpm/tcpstate.spec'; then
  rpmlint -c rpm/rpmlint.toml rpm/tcpstate.spec | tee "$work/rpmlint"
  grep -q ' 0 errors, 0 warnings' "$work/rpmlint"
fi
if here ruby 'homebrew/tcpstate.rb'; then
  ruby -wc homebrew/tcpstate.rb
fi
if here bash 'core/cli/completion/tcpstate.bash'; then
  bash -n ../core/cli/completion/tcpstate.bash
fi
test -n "$looked" || exit 77
