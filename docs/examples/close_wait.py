# SPDX-License-Identifier: GPL-2.0-or-later
"""How long does each endpoint stay in CLOSE-WAIT? Reads what `tcpstate -T json` prints."""
import json
import sys

since = {}
for line in sys.stdin:
    segment = json.loads(line)
    for role in ('client', 'server'):
        endpoint = segment['stream'], role
        if segment[f'{role}_state'] == 'CLOSE-WAIT':
            since.setdefault(endpoint, segment['time_epoch'])
        elif endpoint in since:
            waited = segment['time_epoch'] - since.pop(endpoint)
            print(f"connection {segment['stream']}, {role}: {waited * 1000:.0f} ms in CLOSE-WAIT")
for (stream, role), _ in sorted(since.items()):
    print(f'connection {stream}, {role}: still in CLOSE-WAIT')
