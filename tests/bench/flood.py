#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""flood.py BUILD [--packets N] [--limit SIZE] [--picture FILE.svg]

Memory of `tcpstate annotate` while it reads lone SYNs of as many sources (10 million) from a pipe, without a limit and
with --max-memory SIZE: a table, and a picture of both curves. BUILD is a build folder."""
import argparse
import re
import subprocess

HEADER = 24
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 460, 240, 60, 20, 44
COLOURS = ("#bf5700", "#1f6feb")


def resident(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+) kB", status.read()).group(1)) * 1024


def generated(build, packets, pipe):
    return subprocess.Popen([f"{build}/tests/bench/generate", "/dev/stdout", "flood", str(packets)], stdout=pipe)


def packet_size(build):
    with generated(build, 1, subprocess.PIPE) as generator:
        return len(generator.stdout.read()) - HEADER


def fed(generator, program, size):
    """[(packets that the program was given, bytes that it had then)]"""
    curve, done = [(0, resident(program))], 0
    while block := generator.stdout.read(size * 10000):
        program.stdin.write(block)
        done += len(block) / size
        curve.append((done, resident(program)))
    program.stdin.close()
    return curve


def measure(build, packets, options):
    """The curve, and how many connections were given up."""
    command = [f"{build}/core/cli/tcpstate", "annotate", "-T", "csv", *options, "-"]
    with generated(build, packets, subprocess.PIPE) as generator, subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as program:
        curve = fed(generator, program, packet_size(build))
        said = program.stderr.read().decode()
    if program.returncode != 0 or generator.returncode != 0:
        raise SystemExit(said)
    given_up = re.search(r"(\d+) connections? given up", said)
    return curve, int(given_up.group(1)) if given_up else 0


def draw(name, lines, packets):
    most = 1.1 * max(size for _, curve in lines for _, size in curve)

    def place(done, size):
        x = LEFT + done / packets * (WIDTH - 2 * LEFT)
        return f"{x:.1f},{TOP + (HEIGHT - TOP - BOTTOM) * (1 - size / most):.1f}"

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="10">',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>']
    step = next(step for step in (1 << 20, 1 << 24, 1 << 26, 1 << 28, 1 << 30, 1 << 32) if most / step <= 8)
    for size in range(0, int(most) + 1, step):
        parts.append(f'<polyline fill="none" stroke="#ddd" points="{place(0, size)} {place(packets, size)}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{place(0, size).split(",")[1]}" text-anchor="end">{size >> 20} MiB</text>')
    for i in range(6):
        x = place(packets * i / 5, 0).split(",")[0]
        parts.append(f'<text x="{x}" y="{HEIGHT - 26}" text-anchor="middle">{packets * i / 5 / 1e6:g} M</text>')
    parts.append(f'<text x="{WIDTH / 2:.0f}" y="{HEIGHT - 8}" text-anchor="middle">lone SYNs read</text>')
    for i, (colour, (title, curve)) in enumerate(zip(COLOURS, lines)):
        dots = " ".join(place(*point) for point in curve[::max(1, len(curve) // 100)])
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{dots}"/>')
        parts.append(f'<text x="{LEFT + 8}" y="{TOP + 12 + 13 * i}" fill="{colour}">{title}</text>')
    with open(name, "w", encoding="utf-8") as file:
        file.write("\n".join(parts + ["</svg>"]) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--packets", type=int, default=10_000_000)
    parser.add_argument("--limit", default="64M")
    parser.add_argument("--picture")
    options = parser.parse_args()
    print("| lone SYNs | limit | most memory, MiB | connections given up |\n|---:|---|---:|---:|")
    lines = []
    for title, words in ("no limit", []), (f"--max-memory {options.limit}", ["--max-memory", options.limit]):
        curve, given_up = measure(options.build, options.packets, words)
        lines.append((title, curve))
        print(f"| {options.packets} | {title} | {max(size for _, size in curve) / (1 << 20):.1f} | {given_up} |", flush=True)
    if options.picture:
        draw(options.picture, lines, options.packets)


if __name__ == "__main__":
    main()
