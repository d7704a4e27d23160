# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the command that is under test; its path is in TCPSTATE."""
import csv
import io
import os
import subprocess
import tempfile
import unittest

COMMAND = os.environ.get("TCPSTATE", "tcpstate")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SAMPLES = os.path.join(ROOT, "sample-captures")
HEADER = (
    "frame,time_epoch,src,sport,dst,dport,flags,seq,ack,len,stream,phase,src_state,dst_state,client_state,"
    "server_state,src_role,handshake_role,teardown_step,teardown_role,client_certainty,server_certainty,"
    "client_possible,server_possible,events"
)


class CommandTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def file(self, name, content):
        path = os.path.join(self.folder.name, name)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def run_command(self, *arguments, stdin=b"", code=0, env=None):
        done = subprocess.run(
            [COMMAND, *arguments], input=stdin, capture_output=True, timeout=60, env={**os.environ, **(env or {})}
        )
        self.assertEqual(done.returncode, code, done.stderr.decode())
        return done.stdout.decode(), done.stderr.decode()

    def rows(self, *arguments, **more):
        """CSV of annotate as dictionaries."""
        out, self.errors = self.run_command("-T", "csv", *arguments, **more)
        self.assertEqual(out.splitlines()[0], HEADER)
        return list(csv.DictReader(io.StringIO(out)))
