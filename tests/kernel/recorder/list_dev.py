# SPDX-License-Identifier: GPL-2.0-or-later
"""The dev list: (name, class, scenario, parameters, lab settings)."""
from relay import Rule
from scen_close import (abort, abort_synsent, client_speaks_late_ack, close_client, close_server, close_unread, dead_host,
    fin_with_data, half_close, icmp_refused, idle_then_close, linger_and_shut, lossy_hs, merged, no_data_close, refused,
    sim_close, sim_open, write_to_closed)
from scen_forged import inject, inject_teardown, old_dup_syn, stray
from scen_mix import mix
from scen_trouble import (backlog, bulk, fw2_timeout, half_open, half_open_newsyn, keepalive, reuse_after_rst, tfo, tw_reuse,
    urgent, user_timeout, zero_window)
from talk import isack, isdata, isfin, issyn, issynack



def scenarios():
    return [
        ('close_client', 'close', close_client, {}, {}),
        ('close_client_v6', 'close', close_client, dict(v6=True, rounds=1), {}),
        ('close_server', 'close', close_server, dict(rounds=3, resp=1200), {}),
        ('no_data_close', 'close', no_data_close, {}, {}),
        ('merged_finack', 'close', merged, {}, {}),
        ('fin_with_data', 'close', fin_with_data, {}, {}),
        ('half_close', 'half-close', half_close, {}, {}),
        ('both_shutdown', 'half-close', linger_and_shut, {}, {}),
        ('sim_close', 'simultaneous', sim_close, {}, dict(delay=(20, 20))),
        ('sim_close_data', 'simultaneous', sim_close, dict(pend=True), dict(delay=(15, 25))),
        ('sim_open', 'simultaneous', sim_open, {}, dict(delay=(30, 30))),
        ('refused', 'refused', refused, {}, {}),
        ('icmp_refused', 'refused', icmp_refused, {}, {}),
        ('dead_host', 'dead', dead_host, {}, dict(sysctl=dict(tcp_syn_retries=2))),
        ('dead_host_back', 'handshake-loss', lossy_hs, {}, dict(rules=lambda: [Rule('c', pred=issyn, nth=(1, 2))])),
        ('synack_lost', 'handshake-loss', lossy_hs, {}, dict(rules=lambda: [Rule('s', pred=issynack, nth=1)])),
        ('hs_ack_lost_idle', 'handshake-loss', idle_then_close, {}, dict(rules=lambda: [Rule('c', pred=isack, nth=1)])),
        ('hs_ack_lost_data', 'handshake-loss', client_speaks_late_ack, {}, dict(rules=lambda: [Rule('c', pred=isack, nth=1)])),
        ('hs_ack_on_data', 'handshake', client_speaks_late_ack, dict(copt=dict(quickack=0), idle=0), {}),
        ('syn_dup', 'handshake-loss', lossy_hs, {}, dict(rules=lambda: [Rule('c', 'dup', issyn, nth=1, ms=1), Rule('s', 'dup', issynack, nth=1, ms=3, where='pre')])),
        ('fin_lost', 'teardown-loss', lossy_hs, {}, dict(rules=lambda: [Rule('c', pred=isfin, nth=1)])),
        ('fin2_lost_pre', 'teardown-loss', lossy_hs, {}, dict(rules=lambda: [Rule('s', pred=isfin, nth=1, where='pre')])),
        ('last_ack_lost', 'teardown-loss', lossy_hs, dict(srv=True), dict(rules=lambda: [Rule('s', pred=isack, nth=(2, 3, 4)), Rule('s', 'delay', isack, nth=99, ms=1)])),
        ('data_lost_before_fin', 'reorder', bulk, dict(bytes=9000), dict(rules=lambda: [Rule('c', pred=isdata, nth=3)])),
        ('fin_ooo', 'reorder', bulk, dict(bytes=4000), dict(rules=lambda: [Rule('c', 'delay', lambda p: p.len > 0, nth=2, ms=60)])),
        ('bulk_loss', 'reorder', bulk, dict(bytes=80000), dict(rand=dict(drop=.05, dup=.02, reorder=.08), seed=5)),
        ('abort_est', 'abort', abort, dict(where='est'), {}),
        ('abort_closewait', 'abort', abort, dict(where='closewait', who='s'), {}),
        ('abort_finwait2', 'abort', abort, dict(where='finwait2'), {}),
        ('abort_finwait1', 'abort', abort, dict(where='finwait1'), {}),
        ('abort_synsent', 'abort', abort_synsent, {}, {}),
        ('close_unread', 'abort', close_unread, {}, {}),
        ('write_to_closed', 'abort', write_to_closed, {}, {}),
        ('backlog_overflow', 'backlog', backlog, dict(n=4, bl=0), {}),
        ('keepalive_ok', 'keepalive', keepalive, {}, {}),
        ('keepalive_dead', 'keepalive', keepalive, dict(dead=True), {}),
        ('zero_window', 'window', zero_window, {}, {}),
        ('zero_window_close', 'window', zero_window, dict(closefirst=True), {}),
        ('urgent', 'urgent', urgent, {}, {}),
        ('tw_reuse_server', 'reuse', tw_reuse, dict(who='s', n=3, gap=.2), {}),
        ('reuse_after_rst', 'reuse', reuse_after_rst, {}, {}),
        ('tfo', 'tfo', tfo, {}, dict(sysctl=dict(tcp_fastopen=3))),
        ('half_open', 'half-open', half_open, {}, {}),
        ('half_open_newsyn', 'half-open', half_open_newsyn, {}, {}),
        ('challenge_rst', 'inject', inject, dict(kinds=['rst_inwin', 'rst_outwin', 'rst_exact']), {}),
        ('challenge_syn', 'inject', inject, dict(kinds=['syn', 'fin_future', 'fin_old']), {}),
        ('paws_fin', 'inject', inject, dict(kinds=['fin_paws', 'data_future']), {}),
        ('tw_rst', 'inject', inject_teardown, dict(state='tw', kinds=['ack_dup', 'fin_dup', 'rst_exact', 'ack_dup']), {}),
        ('stray', 'stray', stray, {}, {}),
        ('old_dup_syn', 'stray', old_dup_syn, {}, dict(rules=lambda: [Rule('c', 'dup', issyn, nth=1, ms=500)])),
        ('fw2_timeout', 'timer', fw2_timeout, {}, dict(sysctl=dict(tcp_fin_timeout=1))),
        ('user_timeout', 'timer', user_timeout, {}, {}),
        ('tun_close_server', 'close', close_server, {}, dict(l3=True)),
        ('mix_clean', 'mix', mix, dict(n=150, seed=101, threads=12), dict(delay=(1, 2))),
        ('mix_loss', 'mix-loss', mix, dict(n=600, seed=102), dict(delay=(1, 2), seed=102, rand=dict(drop=.04, dup=.02, reorder=.05))),
    ]


# captures derived from recorded ones by filtering: (new name, class, source scenario, source vantage, kind, arg)
def derived():
    return [
        ('mid_start_close', 'mid-start', 'close_client', 'mid', 'from', 6),
        ('mid_start_half', 'mid-start', 'half_close', 'client', 'from', 7),
        ('oneway_c2s', 'one-way', 'close_server', 'mid', 'dir', 'c'),
        ('oneway_s2c', 'one-way', 'close_client', 'server', 'dir', 's'),
    ]
