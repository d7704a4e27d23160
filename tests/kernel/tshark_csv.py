#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin says inside tshark, in the CSV of `tcpstate annotate`, so that score.py and possible.py can judge it.

  score.py DIR --run 'tshark_csv.py --plugin-dir BUILD/plugin/wireshark {pcap}'
"""
import argparse
import csv
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'plugin'))
from wireshark import Wireshark

COLUMNS = {
    'time_epoch': 'frame.time_epoch', 'src': 'ip.src', 'src6': 'ipv6.src', 'sport': 'tcp.srcport', 'dst': 'ip.dst', 'dst6': 'ipv6.dst',
    'dport': 'tcp.dstport', 'src_state': 'tcpstate.src.state', 'dst_state': 'tcpstate.dst.state',
    'client_state': 'tcpstate.client.state', 'server_state': 'tcpstate.server.state', 'src_role': 'tcpstate.src.role',
    'client_certainty': 'tcpstate.client.certainty', 'server_certainty': 'tcpstate.server.certainty',
    'client_possible': 'tcpstate.client.possible', 'server_possible': 'tcpstate.server.possible',
}


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--plugin-dir', required=True, help='folder to be used as WIRESHARK_PLUGIN_DIR')
    ap.add_argument('--tshark', default='tshark')
    ap.add_argument('--two-pass', action='store_true')
    ap.add_argument('capture')
    o = ap.parse_args()
    with Wireshark(o.plugin_dir, o.tshark) as wireshark:
        frames = wireshark.fields(wireshark.lend(o.capture), COLUMNS.values(), *(['-2'] if o.two_pass else []))
    out = csv.writer(sys.stdout)
    out.writerow(['frame'] + [c for c in COLUMNS if not c.endswith('6')])
    for number, texts in frames.items():
        row = dict(zip(COLUMNS, texts))
        row['src'], row['dst'] = row['src'] or row['src6'], row['dst'] or row['dst6']
        out.writerow([number] + [row[c] for c in COLUMNS if not c.endswith('6')])


if __name__ == '__main__':
    main()
