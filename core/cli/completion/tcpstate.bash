# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion of tcpstate

_tcpstate() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local commands="annotate compare conns diagram explain"
  local options="-i -T -e -w -q -V -h --tcpdump-text --stream --lang --color --progress --time-wait
    --max-connections --max-memory --jobs --what --explain --no-times --no-numbers --interface --quiet --version --help"
  local fields="frame.number frame.time_epoch ip.src ip.dst tcp.srcport tcp.dstport tcp.flags tcp.seq tcp.ack
    tcp.len tcpstate.stream tcpstate.phase tcpstate.src.state tcpstate.dst.state tcpstate.client.state
    tcpstate.server.state tcpstate.state tcpstate.client.previous tcpstate.server.previous
    tcpstate.changed tcpstate.transition tcpstate.src.role tcpstate.roles tcpstate.handshake.role
    tcpstate.teardown.step tcpstate.teardown.role tcpstate.client.certainty tcpstate.server.certainty
    tcpstate.client.possible tcpstate.server.possible tcpstate.event tcpstate.conn.outcome
    tcpstate.conn.close tcpstate.conn.active_closer tcpstate.conn.state tcpstate.conn.history
    tcpstate.conn.vantage tcpstate.conn.control_segments"

  case $previous in
  -T)
    COMPREPLY=($(compgen -W "text csv json fields svg" -- "$current"))
    return
    ;;
  -e)
    COMPREPLY=($(compgen -W "$fields" -- "$current"))
    return
    ;;
  -i | --interface)
    COMPREPLY=($(compgen -W "$(ls /sys/class/net 2>/dev/null)" -- "$current"))
    return
    ;;
  --color | --progress)
    COMPREPLY=($(compgen -W "auto always never" -- "$current"))
    return
    ;;
  --lang)
    COMPREPLY=($(compgen -W "en zh" -- "$current"))
    return
    ;;
  --what)
    COMPREPLY=($(compgen -W "ladder states" -- "$current"))
    return
    ;;
  --stream | --time-wait | --max-connections | --max-memory | --jobs)
    return
    ;;
  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W "$commands" -- "$current") $(compgen -f -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}

complete -o filenames -F _tcpstate tcpstate
