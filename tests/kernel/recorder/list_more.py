# SPDX-License-Identifier: GPL-2.0-or-later
"""The same scenarios under other parameters, losses, seeds and kernel settings; the dev list has none of these."""
from relay import Rule
from scen_close import (abort, abort_synsent, client_speaks_late_ack, close_client, close_server, close_unread, dead_host,
    fin_with_data, half_close, icmp_refused, idle_then_close, linger_and_shut, lossy_hs, merged, no_data_close, refused, sim_close,
    sim_open, write_to_closed)
from scen_extra import (crossed_reset, fin_then_listener_gone, late_data_after_close, listener_gone, port_scan, same_port_pairs,
    split_views, two_listeners)
from scen_forged import inject, inject_teardown, old_dup_syn, stray
from scen_mix import mix
from scen_trouble import (backlog, bulk, fw2_timeout, half_open, half_open_newsyn, keepalive, reuse_after_rst, tfo, tw_expiry,
    tw_reuse, urgent, user_timeout, zero_window)
from talk import isack, isdata, isfin, isrst, issyn, issynack

V6 = dict(v6=True)
NO_TS = dict(tcp_timestamps=0)
PLAIN = dict(tcp_timestamps=0, tcp_sack=0, tcp_window_scaling=0)
PREDICATES = dict(syn=issyn, synack=issynack, ack=isack, data=isdata, fin=isfin, rst=isrst)


def rules(*specs):
    """'c fin 1,2 drop post 0' -> settings with fresh Rule objects for each run."""
    def make():
        out = []
        for spec in specs:
            side, what, nth, act, where, ms = spec.split()
            out.append(Rule(side, act, PREDICATES[what], None if nth == '*' else [int(n) for n in nth.split(',')], where, float(ms)))
        return out
    return dict(rules=make)


def closing():
    return [
        ('close_client_slow', 'close', close_client, dict(rounds=5, gap=.4, resp=3000), dict(delay=(20, 40))),
        ('close_client_fast', 'close', close_client, dict(rounds=1, gap=0, req=1), dict(delay=(.3, .2))),
        ('close_client_plain', 'close', close_client, dict(rounds=2), dict(sysctl=PLAIN)),
        ('close_client_mtu', 'close', close_client, dict(rounds=2, req=3000, resp=9000), dict(mtu=576)),
        ('close_server_v6', 'close', close_server, dict(v6=True, rounds=2), {}),
        ('close_server_fast', 'close', close_server, dict(rounds=1, gap=0), dict(delay=(.2, 4))),
        ('close_server_nots', 'close', close_server, dict(rounds=4, resp=5000, gap=.01), dict(sysctl=NO_TS)),
        ('close_tun_v6', 'close', close_client, dict(v6=True), dict(l3=True)),
        ('no_data_close_v6', 'close', no_data_close, V6, {}),
        ('no_data_close_tun', 'close', no_data_close, {}, dict(l3=True, delay=(.5, .5))),
        ('merged_srv', 'close', merged, dict(srv=True), {}),
        ('merged_v6', 'close', merged, V6, dict(delay=(10, 1))),
        ('fin_with_data_v6', 'close', fin_with_data, dict(v6=True, gap=.2), {}),
        ('fin_with_data_slow', 'close', fin_with_data, dict(gap=.001), dict(delay=(30, 10), sysctl=NO_TS)),
        ('half_close_srv', 'half-close', half_close, dict(srv=True, chunks=8), {}),
        ('half_close_v6', 'half-close', half_close, dict(v6=True, chunks=2), dict(delay=(12, 3))),
        ('half_close_loss', 'half-close', half_close, dict(chunks=12), dict(seed=9, rand=dict(drop=.1, reorder=.2))),
        ('half_close_srv_loss', 'half-close', half_close, dict(srv=True, chunks=12), dict(seed=10, rand=dict(drop=.15, dup=.1))),
        ('both_shutdown_loss', 'half-close', linger_and_shut, {}, rules('s fin 1 drop post 0')),
        ('both_shutdown_v6', 'half-close', linger_and_shut, V6, {}),
        ('sim_close_fast', 'simultaneous', sim_close, {}, dict(delay=(3, 3))),
        ('sim_close_v6', 'simultaneous', sim_close, V6, dict(delay=(25, 5))),
        ('sim_close_data_skew', 'simultaneous', sim_close, dict(pend=True), dict(delay=(2, 40), sysctl=NO_TS)),
        ('sim_close_fin_lost', 'simultaneous', sim_close, {}, dict(delay=(20, 20), **rules('c fin 1 drop post 0'))),
        ('sim_close_both_lost', 'simultaneous', sim_close, {}, dict(delay=(15, 15), **rules('c fin 1 drop post 0', 's fin 1 drop pre 0'))),
        ('sim_close_ack_lost', 'simultaneous', sim_close, dict(pend=True), dict(delay=(15, 15), **rules('s ack 4,5,6 drop post 0'))),
        ('sim_open_skew5', 'simultaneous', sim_open, dict(skew=.005), dict(delay=(30, 30))),
        ('sim_open_skew20', 'simultaneous', sim_open, dict(skew=.02, srvclose=True), dict(delay=(20, 30))),
        ('sim_open_v6', 'simultaneous', sim_open, dict(v6=True, srvclose=True), dict(delay=(30, 10))),
        ('sim_open_syn_lost', 'simultaneous', sim_open, dict(wait=2.2), dict(delay=(25, 25), **rules('c syn 1 drop post 0'))),
        ('sim_open_synack_lost', 'simultaneous', sim_open, dict(wait=2.2, srvclose=True), dict(delay=(25, 25), **rules('s synack 1 drop post 0'))),
        ('sim_open_synacks_lost', 'simultaneous', sim_open, dict(wait=2.5), dict(delay=(25, 25), **rules('s synack 1 drop post 0', 'c synack 1 drop pre 0'))),
        ('late_data', 'abort', late_data_after_close, {}, {}),
        ('late_data_srv', 'abort', late_data_after_close, dict(who='s', v6=True), dict(delay=(15, 5))),
        ('split_views', 'close', split_views, {}, dict(delay=(8, 60))),
    ]


def opening():
    return [
        ('refused_v6', 'refused', refused, dict(v6=True, n=3), {}),
        ('refused_slow', 'refused', refused, dict(n=4), dict(delay=(40, 20))),
        ('refused_rst_lost', 'refused', refused, dict(n=1), rules('s rst 1 drop post 0')),
        ('refused_rst_lost_pre', 'refused', refused, dict(n=1), rules('s rst 1,2 drop pre 0')),
        ('refused_dup', 'refused', refused, dict(n=2), rules('c syn 1 dup post 5')),
        ('port_scan', 'refused', port_scan, dict(n=12), {}),
        ('icmp_host', 'refused', icmp_refused, dict(codes=(1, 3)), {}),
        ('icmp_admin', 'refused', icmp_refused, dict(codes=(13, 10)), {}),
        ('dead_host_v6', 'dead', dead_host, V6, dict(sysctl=dict(tcp_syn_retries=1))),
        ('dead_host_pre', 'dead', dead_host, dict(cut=False), dict(sysctl=dict(tcp_syn_retries=1), **rules('c syn * drop pre 0'))),
        ('dead_synack', 'dead', dead_host, dict(cut=False), dict(sysctl=dict(tcp_syn_retries=1), **rules('s rst * drop post 0'))),
        ('syn_lost_pre', 'handshake-loss', lossy_hs, dict(rounds=2), rules('c syn 1 drop pre 0')),
        ('syn_lost_v6', 'handshake-loss', lossy_hs, dict(v6=True, srv=True), rules('c syn 1 drop post 0')),
        ('synack_lost_pre', 'handshake-loss', lossy_hs, dict(srv=True), rules('s synack 1 drop pre 0')),
        ('synack_lost_two', 'handshake-loss', lossy_hs, {}, rules('s synack 1,2 drop post 0')),
        ('syn_and_synack_lost', 'handshake-loss', lossy_hs, {}, rules('c syn 1 drop post 0', 's synack 1 drop pre 0')),
        ('synack_late', 'handshake-loss', lossy_hs, {}, rules('s synack 1 delay post 1300')),
        ('syn_late', 'handshake-loss', lossy_hs, {}, rules('c syn 1 delay post 1200')),
        ('synack_dup', 'handshake-loss', lossy_hs, dict(hold=.2), rules('s synack 1 dup post 40', 'c ack 1 dup pre 30')),
        ('hs_ack_lost_pre', 'handshake-loss', idle_then_close, dict(idle=2.5), rules('c ack 1,2 drop pre 0')),
        ('hs_ack_lost_thrice', 'handshake-loss', idle_then_close, dict(idle=3.6, v6=True), rules('c ack 1,2 drop post 0')),
        ('hs_ack_late', 'handshake-loss', client_speaks_late_ack, dict(idle=.02), rules('c ack 1 delay post 80')),
        ('hs_ack_data_lost', 'handshake-loss', client_speaks_late_ack, dict(idle=.01), rules('c ack 1 drop post 0', 'c data 1 drop post 0')),
        ('hs_all_lossy', 'handshake-loss', lossy_hs, dict(rounds=3), dict(seed=77, rand=dict(drop=.2, dup=.1, reorder=.2))),
        ('hs_all_lossy_b', 'handshake-loss', lossy_hs, dict(rounds=2, srv=True), dict(seed=78, rand=dict(drop=.35))),
        ('hs_ack_on_data_v6', 'handshake', client_speaks_late_ack, dict(copt=dict(quickack=0), idle=0, v6=True), {}),
        ('hs_slow_server', 'handshake', client_speaks_late_ack, dict(idle=.3), dict(delay=(60, 60))),
        ('abort_synsent_v6', 'abort', abort_synsent, V6, {}),
        ('abort_synsent_rst_lost', 'abort', abort_synsent, {}, rules('c rst 1 drop post 0')),
        ('listener_gone', 'abort', listener_gone, {}, {}),
        ('listener_gone_bl', 'backlog', listener_gone, dict(n=3, v6=True), {}),
        ('fin_listener_gone', 'abort', fin_then_listener_gone, {}, dict(delay=(10, 2))),
        ('two_listeners', 'handshake', two_listeners, {}, {}),
        ('backlog_bl1', 'backlog', backlog, dict(n=6, bl=1), {}),
        ('backlog_never', 'backlog', backlog, dict(n=3, bl=0, accept=False, wait2=2.5), {}),
        ('backlog_v6', 'backlog', backlog, dict(n=5, bl=1, v6=True, wait=.6), dict(delay=(10, 10))),
        ('backlog_rst', 'backlog', backlog, dict(n=4, bl=0), dict(sysctl_s=dict(tcp_abort_on_overflow=1))),
        ('backlog_loss', 'backlog', backlog, dict(n=4, bl=0, wait=2.5), dict(seed=31, rand=dict(drop=.1))),
        ('backlog_retries', 'backlog', backlog, dict(n=3, bl=0, accept=False, wait=4.5), dict(sysctl_s=dict(tcp_synack_retries=1))),
    ]


def losing():
    out = [
        ('fin_lost_pre', 'teardown-loss', lossy_hs, dict(srv=True), rules('s fin 1 drop pre 0')),
        ('fin_lost_thrice', 'teardown-loss', lossy_hs, dict(after=2.5), rules('c fin 1,2,3 drop post 0')),
        ('fins_lost', 'teardown-loss', lossy_hs, dict(after=2, gap=.001), rules('c fin 1 drop post 0', 's fin 1 drop post 0')),
        ('fin2_lost', 'teardown-loss', lossy_hs, dict(srv=True, after=1.5), rules('c fin 1,2 drop post 0')),
        ('fin_ack_lost', 'teardown-loss', lossy_hs, dict(gap=.9), rules('s ack 2,3 drop post 0')),
        ('fin_ack_lost_pre', 'teardown-loss', lossy_hs, dict(gap=.9, v6=True), rules('s ack 2,3 drop pre 0')),
        ('last_ack_lost_c', 'teardown-loss', lossy_hs, dict(after=2), rules('c ack 3,4,5 drop post 0')),
        ('last_ack_lost_pre', 'teardown-loss', lossy_hs, dict(srv=True, after=2), rules('s ack 2,3,4 drop pre 0')),
        ('fin_dup', 'teardown-loss', lossy_hs, {}, rules('c fin 1 dup post 20', 's fin 1 dup pre 30')),
        ('fin_late', 'teardown-loss', lossy_hs, dict(gap=.3), rules('c fin 1 delay post 350')),
        ('fin_late_pre', 'teardown-loss', lossy_hs, dict(gap=.3, srv=True), rules('s fin 1 delay pre 350')),
        ('half_open_c', 'half-open', half_open, dict(who='c'), {}),
        ('half_open_c_v6', 'half-open', half_open, dict(who='c', v6=True, idle=1), dict(delay=(15, 15))),
        ('half_open_nots', 'half-open', half_open, dict(who='s', idle=.01), dict(sysctl=NO_TS)),
        ('half_open_rst_lost', 'half-open', half_open, dict(who='s'), rules('s rst 2 drop post 0')),
        ('half_open_newsyn_v6', 'half-open', half_open_newsyn, V6, {}),
        ('half_open_newsyn_nots', 'half-open', half_open_newsyn, {}, dict(sysctl=NO_TS, delay=(10, 2))),
        ('half_open_newsyn_loss', 'half-open', half_open_newsyn, {}, rules('c rst 2 drop post 0')),
        ('half_open_newsyn_lossy', 'half-open', half_open_newsyn, {}, rules('s ack 3 drop post 0')),
        ('bulk_down', 'reorder', bulk, dict(who='s', bytes=60000), dict(rand=dict(drop=.06, dup=.03, reorder=.1), seed=21)),
        ('bulk_up_v6', 'reorder', bulk, dict(v6=True, bytes=40000), dict(rand=dict(drop=.08, reorder=.2, reoms=40), seed=22)),
        ('bulk_plain', 'reorder', bulk, dict(bytes=30000), dict(sysctl=PLAIN, rand=dict(drop=.05, reorder=.1), seed=23)),
        ('bulk_hard', 'reorder', bulk, dict(bytes=25000, after=2), dict(rand=dict(drop=.2, dup=.1, reorder=.2), seed=24)),
        ('bulk_tail', 'reorder', bulk, dict(bytes=7000, after=1.5), rules('c data 4,5 drop post 0')),
        ('bulk_tail_pre', 'reorder', bulk, dict(bytes=7000, who='s', after=1.5), rules('s data 3,5 drop pre 0')),
        ('fin_ooo_down', 'reorder', bulk, dict(bytes=4000, who='s'), rules('s data 2 delay post 60')),
        ('fin_ooo_pre', 'reorder', bulk, dict(bytes=4000), rules('c data 2 delay pre 60')),
        ('fin_ooo_long', 'reorder', bulk, dict(bytes=5000), rules('c data 1 delay post 150', 'c data 3 delay post 40')),
        ('bulk_ackloss', 'reorder', bulk, dict(bytes=30000), rules('s ack 3,5,6,8,9,10 drop post 0')),
    ]
    return out


def aborting():
    out = []
    for who in 'cs':
        for where in ('est', 'closewait', 'finwait1', 'finwait2', 'lastack', 'closing'):
            if (where, who) not in (('est', 'c'), ('closewait', 's'), ('finwait2', 'c'), ('finwait1', 'c')):
                out.append(('abort_%s_%s' % (where, who), 'abort', abort, dict(where=where, who=who), {}))
        out.append(('abort_rst_lost_%s' % who, 'abort', abort, dict(where='est', who=who), rules('%s rst 1 drop post 0' % who)))
        out.append(('abort_rst_lost_pre_%s' % who, 'abort', abort, dict(where='finwait2', who=who), rules('%s rst 1 drop pre 0' % who)))
        out.append(('abort_closewait_lost_%s' % who, 'abort', abort, dict(where='closewait', who=who), rules('%s rst 1 drop post 0' % who)))
    return out + [
        ('abort_est_v6', 'abort', abort, dict(where='est', v6=True, who='s'), dict(delay=(20, 3))),
        ('abort_closing_v6', 'abort', abort, dict(where='closing', v6=True), {}),
        ('abort_nots', 'abort', abort, dict(where='finwait2', who='s'), dict(sysctl=NO_TS)),
        ('close_unread_c', 'abort', close_unread, dict(who='c'), {}),
        ('close_unread_fin', 'abort', close_unread, dict(who='s', finfirst=True), {}),
        ('close_unread_fin_c', 'abort', close_unread, dict(who='c', finfirst=True, v6=True), {}),
        ('close_unread_lost', 'abort', close_unread, dict(who='s'), rules('s rst 1 drop post 0')),
        ('write_to_closed_s', 'abort', write_to_closed, dict(who='s'), {}),
        ('write_to_closed_v6', 'abort', write_to_closed, dict(who='c', v6=True), dict(delay=(1, 30))),
        ('write_to_closed_lost', 'abort', write_to_closed, dict(who='c'), rules('c rst 1 drop post 0')),
        ('write_to_closed_lost_s', 'abort', write_to_closed, dict(who='s'), rules('s rst 1 drop pre 0')),
        ('crossed_reset', 'abort', crossed_reset, {}, dict(delay=(20, 20))),
        ('crossed_reset_data', 'abort', crossed_reset, dict(data=True, v6=True), dict(delay=(10, 30))),
    ]


def forging():
    one = [['rst_exact'], ['rst_exact_s'], ['rst_inwin', 'rst_old'], ['rst_outwin', 'rst_inwin', 'rst_exact_s'], ['syn', 'syn', 'rst_inwin'],
           ['synack', 'rst_old', 'rst_exact'], ['fin_future'], ['fin_old', 'fin_badack'], ['fin_noack', 'fin_badsum'], ['fin_paws', 'fin_badsum', 'fin_noack'],
           ['data_future', 'ack_future'], ['ack_future', 'syn', 'synack'], ['fin_badack', 'fin_future', 'rst_exact_s'], ['data_future', 'fin_future', 'rst_exact']]
    out = [('inject_%d' % i, 'inject', inject, dict(kinds=k), {}) for i, k in enumerate(one)]
    out += [('inject_v6_%d' % i, 'inject', inject, dict(kinds=one[k], v6=True), dict(delay=(10, 5))) for i, k in enumerate((2, 4, 5, 11))]
    out += [('inject_nots_%d' % i, 'inject', inject, dict(kinds=one[k], slow=True), dict(sysctl=NO_TS)) for i, k in enumerate((3, 6, 7, 8, 10))]
    late = dict(tw=[['syn'], ['syn_old', 'ack_dup'], ['rst_off', 'fin_dup', 'data'], ['rst_exact', 'syn'], ['syn_old', 'rst_off', 'rst_exact']],
                fw2=[['rst_exact'], ['rst_off', 'ack_dup', 'syn'], ['fin_dup', 'data'], ['syn_old', 'rst_exact']],
                fw2orphan=[['rst_exact', 'ack_dup'], ['rst_off', 'syn'], ['data', 'ack_dup'], ['fin_dup', 'syn_old']])
    for st, lists in late.items():
        out += [('late_%s_%d' % (st, i), 'inject', inject_teardown, dict(state=st, kinds=k), {}) for i, k in enumerate(lists)]
    return out + [
        ('late_tw_1337', 'inject', inject_teardown, dict(state='tw', kinds=['rst_exact', 'ack_dup']), dict(sysctl=dict(tcp_rfc1337=1))),
        ('late_tw_v6', 'inject', inject_teardown, dict(state='tw', kinds=['fin_dup', 'syn', 'ack_dup'], v6=True), {}),
        ('late_tw_nots', 'inject', inject_teardown, dict(state='tw', kinds=['syn', 'syn_old', 'rst_exact']), dict(sysctl=NO_TS)),
        ('stray_v6', 'stray', stray, V6, {}),
        ('stray_some', 'stray', stray, dict(n=3), dict(delay=(20, 10))),
        ('old_dup_syn_s', 'stray', old_dup_syn, dict(who='s'), rules('c syn 1 dup post 500')),
        ('old_dup_syn_live', 'stray', old_dup_syn, dict(wait=1.2), rules('c syn 1 dup post 30', 's synack 1 dup post 700')),
        ('old_dup_fin', 'stray', old_dup_syn, dict(wait=1.2), rules('c fin 1 dup post 600', 's fin 1 dup post 500')),
        ('old_dup_data', 'stray', old_dup_syn, dict(wait=1.2, v6=True), rules('c data 1 dup pre 600', 's data 1 dup post 650')),
    ]


def waiting():
    return [
        ('keepalive_srv', 'keepalive', keepalive, dict(who='s'), {}),
        ('keepalive_v6', 'keepalive', keepalive, dict(v6=True), dict(sysctl=NO_TS)),
        ('keepalive_dead_srv', 'keepalive', keepalive, dict(who='s', dead=True, cnt=2), {}),
        ('keepalive_back', 'keepalive', keepalive, dict(dead=True, back=True, cnt=2), {}),
        ('zero_window_srv', 'window', zero_window, dict(who='s', total=50000), {}),
        ('zero_window_close_srv', 'window', zero_window, dict(who='s', closefirst=True, stall=.8), {}),
        ('zero_window_v6', 'window', zero_window, dict(v6=True, stall=2.5, total=30000), dict(delay=(10, 2))),
        ('zero_window_plain', 'window', zero_window, dict(closefirst=True), dict(sysctl=PLAIN)),
        ('zero_window_loss', 'window', zero_window, dict(total=30000), dict(seed=41, rand=dict(drop=.05, reorder=.1))),
        ('urgent_unread', 'urgent', urgent, dict(unread=True), {}),
        ('urgent_v6', 'urgent', urgent, V6, dict(delay=(15, 15))),
        ('tw_reuse_client', 'reuse', tw_reuse, dict(who='c', n=3, gap=1.2), dict(sysctl_c=dict(tcp_tw_reuse=1))),
        ('tw_reuse_client_v6', 'reuse', tw_reuse, dict(who='c', n=2, gap=1.3, v6=True), dict(sysctl_c=dict(tcp_tw_reuse=1))),
        ('tw_reuse_server_nots', 'reuse', tw_reuse, dict(who='s', n=4, gap=.05), dict(sysctl=NO_TS)),
        ('tw_reuse_server_fast', 'reuse', tw_reuse, dict(who='s', n=5, gap=.0), dict(delay=(5, 20))),
        ('tw_reuse_server_loss', 'reuse', tw_reuse, dict(who='s', n=4, gap=.1), dict(seed=51, rand=dict(drop=.08))),
        ('tw_reuse_server_v6', 'reuse', tw_reuse, dict(who='s', n=3, gap=.3, v6=True), {}),
        ('reuse_after_rst_par', 'reuse', reuse_after_rst, dict(par=1), {}),
        ('reuse_after_rst_lost', 'reuse', reuse_after_rst, {}, rules('c rst 1 drop post 0')),
        ('reuse_after_rst_nots', 'reuse', reuse_after_rst, V6, dict(sysctl=NO_TS)),
        ('same_ports', 'reuse', same_port_pairs, dict(n=4), {}),
        ('tw_expiry', 'timer', tw_expiry, {}, {}),
        ('tfo_fast', 'tfo', tfo, dict(n=4, fastclose=True), dict(sysctl=dict(tcp_fastopen=3))),
        ('tfo_v6', 'tfo', tfo, dict(n=3, v6=True), dict(sysctl=dict(tcp_fastopen=3), delay=(15, 5))),
        ('tfo_refused', 'tfo', tfo, dict(n=3, qlen=0), dict(sysctl=dict(tcp_fastopen=3))),
        ('tfo_syn_lost', 'tfo', tfo, dict(n=3), dict(sysctl=dict(tcp_fastopen=3), **rules('c syn 2 drop post 0'))),
        ('tfo_synack_lost', 'tfo', tfo, dict(n=3, fastclose=True), dict(sysctl=dict(tcp_fastopen=3), **rules('s synack 2 drop post 0'))),
        ('tfo_synack_lost_b', 'tfo', tfo, dict(n=3), dict(sysctl=dict(tcp_fastopen=3), **rules('s synack 2 drop pre 0'))),
        ('tfo_lossy', 'tfo', tfo, dict(n=4, resp=5000), dict(sysctl=dict(tcp_fastopen=3), seed=61, rand=dict(drop=.1, reorder=.1))),
        ('fw2_timeout_s', 'timer', fw2_timeout, dict(who='s'), dict(sysctl=dict(tcp_fin_timeout=1))),
        ('fw2_timeout_early', 'timer', fw2_timeout, dict(wait=.5, v6=True), dict(sysctl=dict(tcp_fin_timeout=1))),
        ('user_timeout_s', 'timer', user_timeout, dict(who='s'), {}),
        ('user_timeout_v6', 'timer', user_timeout, V6, dict(delay=(8, 8))),
    ]


def mixes():
    return [
        ('mix_plain', 'mix', mix, dict(n=150, seed=501, threads=10), dict(delay=(.5, 3), sysctl=PLAIN)),
        ('mix_v6', 'mix', mix, dict(n=200, seed=502, v6=True), dict(delay=(4, 1))),
        ('mix_loss_low', 'mix-loss', mix, dict(n=500, seed=503), dict(delay=(1, 2), seed=503, rand=dict(drop=.01, dup=.01, reorder=.02))),
        ('mix_loss_high', 'mix-loss', mix, dict(n=400, seed=504), dict(delay=(2, 1), seed=504, rand=dict(drop=.12, dup=.05, reorder=.1))),
        ('mix_reorder', 'mix-loss', mix, dict(n=300, seed=505), dict(delay=(3, 3), seed=505, rand=dict(reorder=.3, reoms=30))),
        ('mix_dup', 'mix-loss', mix, dict(n=300, seed=516), dict(delay=(2, 2), seed=516, rand=dict(dup=.25, dupms=60))),
        ('mix_nots_loss', 'mix-loss', mix, dict(n=300, seed=507), dict(delay=(1, 1), seed=507, rand=dict(drop=.06), sysctl=NO_TS)),
        ('mix_2000', 'mix-loss', mix, dict(n=2000, seed=508, threads=24), dict(delay=(1, 2), seed=508, rand=dict(drop=.03, dup=.02, reorder=.04))),
    ]


def scenarios():
    return closing() + opening() + losing() + aborting() + forging() + waiting() + mixes()


STARTS = [('close_client_slow', 4), ('close_client_slow', 9), ('half_close_srv', 5), ('half_close_srv', 12), ('sim_close_fast', 6),
          ('sim_close_data_skew', 9), ('abort_lastack_c', 8), ('abort_est_s', 6), ('close_unread_fin', 7), ('bulk_down', 30), ('bulk_up_v6', 12),
          ('merged_srv', 3), ('merged_v6', 2), ('fin_with_data_v6', 8), ('half_open_c', 7), ('half_open_newsyn_v6', 9), ('tw_reuse_server_fast', 14),
          ('fin_lost_thrice', 8), ('fin_late', 9), ('keepalive_srv', 9), ('zero_window_close_srv', 20), ('tfo_v6', 3), ('inject_3', 8),
          ('write_to_closed_s', 10), ('sim_open_skew5', 3), ('synack_late', 3), ('fw2_timeout_s', 9), ('crossed_reset', 7), ('mix_v6', 900)]
HALVES = ['close_client_slow', 'close_server_fast', 'half_close_srv', 'half_close_v6', 'sim_close_fast', 'sim_open_skew5', 'abort_est_s', 'abort_finwait2_s',
          'abort_closewait_c', 'write_to_closed_s', 'merged_srv', 'fin_with_data_v6', 'bulk_down', 'synack_lost_two', 'fin_lost_pre', 'last_ack_lost_c',
          'refused_slow', 'half_open_c', 'half_open_newsyn_v6', 'tw_reuse_server_v6', 'tfo_fast', 'keepalive_srv', 'mix_v6', 'close_unread_c']


def derived():
    """(new name, class, source scenario, source vantage, kind, argument): filtered copies of recorded captures."""
    out = []
    for i, (name, n) in enumerate(STARTS):
        v = ('client', 'mid', 'server')[i % 3]
        out.append(('start_%s_%d' % (name, n), 'mid-start', name, v, 'from', n))
    for i, name in enumerate(HALVES):
        for d in 'cs':
            v = ('client', 'mid', 'server')[(i + (d == 's')) % 3]
            out.append(('oneway_%s_%s' % (d, name), 'one-way', name, v, 'dir', d))
    return out
