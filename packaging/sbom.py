#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""sbom.py ARCHIVE: what a source archive contains and what a build of it needs, as SPDX 2.3 JSON on standard output.

The time is that of SOURCE_DATE_EPOCH. Licences are read from the files; one that names none falls under LICENSE."""
import datetime
import hashlib
import json
import os
import re
import sys
import tarfile

LICENCE = 'GPL-2.0-or-later'
TAG = re.compile(rb'SPDX-License-Identifier: ([\w.+-]+)')

# What is linked, with the licence each says it has. Nothing is bundled.
NEEDS = [('libpcap', 'BSD-3-Clause', 'the command'), ('libseccomp', 'LGPL-2.1-only', 'the command on Linux'),
         ('zlib', 'Zlib', 'the command'),
         ('zstd', 'BSD-3-Clause OR GPL-2.0-only', 'the command'), ('wireshark', LICENCE, 'the plugin')]
KINDS = {'.c': 'SOURCE', '.h': 'SOURCE', '.py': 'SOURCE', '.sh': 'SOURCE', '.cmake': 'SOURCE', '.md': 'DOCUMENTATION',
         '.png': 'IMAGE', '.txt': 'TEXT', '.xz': 'ARCHIVE'}


def entry(number, path, data):
    tag = TAG.search(data[:1000])
    licence = tag[1].decode() if tag else LICENCE
    return {'SPDXID': f'SPDXRef-File-{number}', 'fileName': f'./{path}',
            'fileTypes': [KINDS.get(os.path.splitext(path)[1], 'OTHER')],
            'checksums': [{'algorithm': name.upper(), 'checksumValue': hashlib.new(name, data).hexdigest()}
                          for name in ('sha1', 'sha256')],
            'licenseConcluded': licence, 'licenseInfoInFiles': [tag[1].decode() if tag else 'NONE'],
            'copyrightText': 'NOASSERTION'}


def files_of(archive):
    with tarfile.open(archive) as tar:
        members = sorted((m for m in tar.getmembers() if m.isfile()), key=lambda m: m.name)
        return [entry(number, member.name.split('/', 1)[1], tar.extractfile(member).read())
                for number, member in enumerate(members)]


def verification_code(files):
    """SPDX 2.3, 7.9.1: over the SHA1 of all files, sorted."""
    sums = sorted(file['checksums'][0]['checksumValue'] for file in files)
    return hashlib.sha1(''.join(sums).encode()).hexdigest()


def package(name, licence, **more):
    return {'SPDXID': f'SPDXRef-Package-{name}', 'name': name, 'downloadLocation': 'NOASSERTION', 'filesAnalyzed': False,
            'licenseConcluded': licence, 'licenseDeclared': licence, 'copyrightText': 'NOASSERTION', **more}


def relation(one, kind, other, **more):
    return {'spdxElementId': one, 'relationshipType': kind, 'relatedSpdxElement': other, **more}


def document(archive):
    files = files_of(archive)
    name, version = re.fullmatch(r'(\w+)-([\d.]+)\.tar\.gz', os.path.basename(archive)).groups()
    with open(archive, 'rb') as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    ours = package(name, LICENCE, versionInfo=version, filesAnalyzed=True, packageFileName=os.path.basename(archive),
                   packageVerificationCode={'packageVerificationCodeValue': verification_code(files)},
                   checksums=[{'algorithm': 'SHA256', 'checksumValue': digest}],
                   licenseInfoFromFiles=sorted({file['licenseInfoInFiles'][0] for file in files}))
    created = datetime.datetime.fromtimestamp(int(os.environ['SOURCE_DATE_EPOCH']), datetime.timezone.utc)
    links = [relation('SPDXRef-DOCUMENT', 'DESCRIBES', ours['SPDXID'])]
    links += [relation(ours['SPDXID'], 'CONTAINS', file['SPDXID']) for file in files]
    links += [relation(ours['SPDXID'], 'DEPENDS_ON', f'SPDXRef-Package-{needed}', comment=f'by {who}')
              for needed, _, who in NEEDS]
    return {'spdxVersion': 'SPDX-2.3', 'dataLicense': 'CC0-1.0', 'SPDXID': 'SPDXRef-DOCUMENT', 'name': f'{name}-{version}',
            'documentNamespace': f'https://spdx.org/spdxdocs/{name}-{version}-{digest}',
            'creationInfo': {'created': created.strftime('%Y-%m-%dT%H:%M:%SZ'), 'creators': ['Tool: packaging/sbom.py']},
            'packages': [ours] + [package(needed, licence) for needed, licence, _ in NEEDS],
            'files': files, 'relationships': links}


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    json.dump(document(sys.argv[1]), sys.stdout, indent=1)
    print()
