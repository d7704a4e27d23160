#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""links_test.py ROOT FILE.md...: is there what the pages link to, are there the files that they name, and does
a link lead to each of these pages?

A link leads to a file and, behind #, to a heading of a page. A file is named in backticks, from the project's root."""
import os
import re
import sys

FENCE = re.compile(r'^```.*?^```$', re.DOTALL | re.MULTILINE)
LINK = re.compile(r'\]\(([^)\s]+)\)')
NAMED = re.compile(r'`((?:core|docs|packaging|plugin|sample-captures|tests)/[\w./-]+)')
HEADING = re.compile(r'^#+ (.*)$', re.MULTILINE)


def read(path):
    with open(path, encoding='utf-8') as file:
        return FENCE.sub('', file.read())


def anchors(page):
    """As the forges make them of headings."""
    return {re.sub(r'[^\w -]', '', heading.lower()).replace(' ', '-') for heading in HEADING.findall(read(page))}


def is_dead(page, link):
    path, _, anchor = link.partition('#')
    target = os.path.join(os.path.dirname(page), path) if path else page
    return not os.path.exists(target) or (anchor != '' and anchor not in anchors(target))


def main(root, *pages):
    count = 0
    dead = []
    reached = {os.path.normpath(os.path.join(root, 'README.md'))}
    for page in pages:
        text = read(page)
        links = [link for link in LINK.findall(text) if not re.match(r'\w+:', link)]
        named = NAMED.findall(text)
        count += len(links) + len(named)
        reached |= {os.path.normpath(os.path.join(os.path.dirname(page), link.partition('#')[0])) for link in links}
        dead += [f'{page}: {link}' for link in links if is_dead(page, link)]
        dead += [f'{page}: {name}' for name in named if not os.path.exists(os.path.join(root, name))]
    dead += [f'{page}: no link leads here' for page in pages if os.path.normpath(page) not in reached]
    print('\n'.join([*dead, f'{count} links in {len(pages)} pages, {len(dead)} lead nowhere']))
    return 1 if dead or count == 0 else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
