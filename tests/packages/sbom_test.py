#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""sbom_test.py DIST_SH: the list of contents by the rules of SPDX 2.3, and against the archive as tar and sha1sum see it."""
import datetime
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

DIST = sys.argv.pop(1)
IDENTIFIER = re.compile(r'SPDXRef-[A-Za-z0-9.-]+')
# The licences that may occur: those of the project and of what it links.
LICENCES = {'GPL-2.0-or-later', 'GPL-2.0-only', 'BSD-3-Clause', 'LGPL-2.1-only', 'Zlib'}


def made(folder):
    subprocess.run([DIST, folder], check=True, stdout=subprocess.DEVNULL)
    return {name: os.path.join(folder, name) for name in os.listdir(folder)}


class Contents(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix='tcpstate-dist-')
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.one, cls.two = (made(os.path.join(cls.folder, name)) for name in ('one', 'two'))
        cls.archive = next(path for name, path in cls.one.items() if name.endswith('.tar.gz'))
        with open(cls.archive.replace('.tar.gz', '.spdx.json'), encoding='utf-8') as file:
            cls.document = json.load(file)
        subprocess.run(['tar', '-xzf', cls.archive, '-C', cls.folder], check=True)
        cls.unpacked = os.path.join(cls.folder, os.path.basename(cls.archive)[:-len('.tar.gz')])

    def test_twice_the_same_bits(self):
        self.assertEqual(sorted(self.one), sorted(self.two))
        self.assertEqual(len(self.one), 3)
        for name, path in self.one.items():
            with open(path, 'rb') as one, open(self.two[name], 'rb') as two:
                self.assertEqual(one.read(), two.read(), name)

    def test_document(self):
        """SPDX 2.3, chapter 6."""
        self.assertEqual(self.document['spdxVersion'], 'SPDX-2.3')
        self.assertEqual(self.document['dataLicense'], 'CC0-1.0')
        self.assertEqual(self.document['SPDXID'], 'SPDXRef-DOCUMENT')
        self.assertRegex(self.document['documentNamespace'], r'^https://[^#]+$')
        created = self.document['creationInfo']['created']
        datetime.datetime.strptime(created, '%Y-%m-%dT%H:%M:%SZ')
        for creator in self.document['creationInfo']['creators']:
            self.assertRegex(creator, r'^(Tool|Person|Organization): .+')

    def test_every_file_with_its_sums(self):
        """Chapter 8. The sums are those of sha1sum and sha256sum over what tar has unpacked."""
        paths = [os.path.join(folder, name) for folder, _, names in os.walk(self.unpacked) for name in names]
        listed = {file['fileName']: file for file in self.document['files']}
        self.assertEqual(sorted(listed), sorted('./' + os.path.relpath(path, self.unpacked) for path in paths))
        for tool, algorithm in (('sha1sum', 'SHA1'), ('sha256sum', 'SHA256')):
            out = subprocess.run([tool, *sorted(listed)], cwd=self.unpacked, check=True, capture_output=True, text=True)
            for line in out.stdout.splitlines():
                digest, name = line.split('  ', 1)
                sums = {entry['algorithm']: entry['checksumValue'] for entry in listed[name]['checksums']}
                self.assertEqual(sums[algorithm], digest, name)

    def test_package(self):
        """Chapter 7; the verification code as 7.9.1 has it."""
        for package in self.document['packages']:
            for field in ('name', 'downloadLocation', 'licenseConcluded', 'licenseDeclared', 'copyrightText'):
                self.assertTrue(package[field], field)
        ours = self.document['packages'][0]
        sums = sorted(file['checksums'][0]['checksumValue'] for file in self.document['files'])
        self.assertEqual(ours['packageVerificationCode']['packageVerificationCodeValue'],
                         hashlib.sha1(''.join(sums).encode()).hexdigest())
        with open(self.archive, 'rb') as file:
            self.assertEqual(ours['checksums'][0]['checksumValue'], hashlib.sha256(file.read()).hexdigest())

    def test_licences(self):
        """Annex D: identifiers joined by OR."""
        for thing in self.document['packages'] + self.document['files']:
            self.assertLessEqual(set(thing['licenseConcluded'].split(' OR ')), LICENCES)

    def test_relationships_lead_somewhere(self):
        """Chapter 11: both ends of each exist, every file is contained, one package is described."""
        things = self.document['packages'] + self.document['files'] + [self.document]
        known = [thing['SPDXID'] for thing in things]
        self.assertEqual(len(known), len(set(known)))
        for identifier in known:
            self.assertIsNotNone(IDENTIFIER.fullmatch(identifier), identifier)
        kinds = [link['relationshipType'] for link in self.document['relationships']]
        self.assertEqual(kinds.count('DESCRIBES'), 1)
        self.assertEqual(kinds.count('CONTAINS'), len(self.document['files']))
        for link in self.document['relationships']:
            self.assertIn(link['spdxElementId'], known)
            self.assertIn(link['relatedSpdxElement'], known)

    @unittest.skipUnless(shutil.which('pyspdxtools'), 'pyspdxtools is not here')
    def test_tools_of_spdx_agree(self):
        subprocess.run(['pyspdxtools', '-i', self.archive.replace('.tar.gz', '.spdx.json')], check=True)


if __name__ == '__main__':
    unittest.main()
