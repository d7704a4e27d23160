# SPDX-License-Identifier: GPL-2.0-or-later
"""Cost a segment over the length of a capture and over the number of connections, as a table and as a picture. Nothing
is stored: the generator writes into a pipe."""
import os
import re
import subprocess

LENGTHS = [10**n for n in range(5, 9)]
COUNTS = [10**n for n in range(2, 8)]
LEAST = 20000  # connections in all, so that there is something to measure
SEGMENTS = 20  # of a connection of the first kind, on average
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 380, 240, 50, 34, 44
LINES = (("#1f6feb", "engine alone"), ("#bf5700", "annotate -T csv, from a pipe"))


def fed(bench, arguments, command):
    """Output and CPU seconds of a command that reads a generated capture from standard input."""
    generator = subprocess.Popen([bench.tool["generate"], "/dev/stdout", *arguments.split()], stdout=subprocess.PIPE)
    program = subprocess.Popen(command, stdin=generator.stdout, stdout=subprocess.PIPE if "stream" in command[0] else
                               subprocess.DEVNULL, text=True)
    generator.stdout.close()
    output = program.stdout.read() if program.stdout else ""
    _, status, usage = os.wait4(program.pid, 0)
    program.returncode = status
    if status != 0 or generator.wait() != 0:
        raise SystemExit(f"{' '.join(command)} on {arguments} failed")
    return output, usage.ru_utime + usage.ru_stime


def engine(bench, arguments):
    """[(segments so far, ns a segment since the one before, bytes)]"""
    output, _ = fed(bench, arguments, [bench.tool["stream"], "-"])
    return [(int(segments), float(ns), int(size))
            for segments, ns, size in re.findall(r"(\d+) segments: ([\d.]+) ns .* connections, (\d+) bytes", output)]


def annotate(bench, arguments, segments):
    """ns a segment, without what starting the program takes."""
    command = [bench.tcpstate, "annotate", "-q", "-T", "csv", "-"]
    _, start = fed(bench, "1 1 1", command)
    _, seconds = fed(bench, arguments, command)
    return (seconds - start) / segments * 1e9


def over_length(bench, most):
    lengths = [n for n in LENGTHS if n <= most]
    capture = "{} 1000 14".format
    reached = {segments: ns for segments, ns, _ in engine(bench, capture(lengths[-1] // SEGMENTS + 2000))}
    return [(n, reached[n], annotate(bench, capture(n // SEGMENTS), n)) for n in lengths]


def over_connections(bench, most):
    line = []
    for n in (n for n in COUNTS if 10 * n <= most):
        arguments = f"{max(n, LEAST)} {n} 4"
        stretches = engine(bench, arguments)
        total, weights, previous = stretches[-1][0], 0, 0
        for segments, ns, _ in stretches:
            weights += ns * (segments - previous)
            previous = segments
        line.append((n, weights / total, annotate(bench, arguments, total)))
    return line


def points(bench, most):
    """[(title, [(x, engine ns, annotate ns)])]; no capture longer than `most` packets."""
    curves = [("packets so far, 1000 connections at a time", over_length(bench, most)),
              ("connections at once", over_connections(bench, most))]
    for title, line in curves:
        print(f"\n| {title} | engine alone, ns a segment | `annotate -T csv` from a pipe, ns a segment |\n| ---: | ---: | ---: |")
        for x, own, whole in line:
            print(f"| {x} | {own:.0f} | {whole:.0f} |", flush=True)
    return curves


def panel(left, title, line, most):
    def place(i, ns):
        x = left + LEFT + i * (WIDTH - 2 * LEFT) / max(1, len(line) - 1)
        return f"{x:.0f},{TOP + (HEIGHT - TOP - BOTTOM) * (1 - ns / most):.0f}"

    parts = [f'<text x="{left + WIDTH / 2:.0f}" y="{HEIGHT - 6}" text-anchor="middle">{title}</text>']
    step = next(step for step in (20, 50, 100, 200, 500, 1000, 10000) if most / step <= 8)
    for ns in range(0, int(most) + 1, step):
        start, end = place(0, ns), place(len(line) - 1, ns)
        parts.append(f'<polyline fill="none" stroke="#ddd" points="{start} {end}"/>')
        parts.append(f'<text x="{left + LEFT - 6}" y="{start.split(",")[1]}" text-anchor="end">{ns} ns</text>')
    for index, (colour, name) in enumerate(LINES):
        dots = [place(i, point[index + 1]) for i, point in enumerate(line)]
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{" ".join(dots)}"/>')
        parts += [f'<circle cx="{dot.split(",")[0]}" cy="{dot.split(",")[1]}" r="3" fill="{colour}"/>' for dot in dots]
        parts.append(f'<text x="{left + LEFT}" y="{12 + 13 * index}" fill="{colour}">{name}</text>')
    for i, (x, *_) in enumerate(line):
        exponent = len(str(x)) - 1
        parts.append(f'<text x="{place(i, 0).split(",")[0]}" y="{HEIGHT - 26}" text-anchor="middle">10'
                     f'<tspan dy="-4" font-size="7">{exponent}</tspan></text>')
    return parts


def draw(bench, name, most=LENGTHS[-1]):
    curves = points(bench, most)
    highest = 1.1 * max(value for _, line in curves for _, *values in line for value in values)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * WIDTH} {HEIGHT}" font-family="sans-serif" font-size="10">']
    parts.append(f'<rect width="{2 * WIDTH}" height="{HEIGHT}" fill="white"/>')
    for i, (title, line) in enumerate(curves):
        parts += panel(i * WIDTH, title, line, highest)
    with open(name, "w", encoding="utf-8") as file:
        file.write("\n".join(parts + ["</svg>"]) + "\n")
