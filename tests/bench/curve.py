# SPDX-License-Identifier: GPL-2.0-or-later
"""Cost a segment over the length of the capture and over the number of connections, as a picture."""
import os

LENGTHS = [10**n for n in (5, 6, 7)]
COUNTS = [10**n for n in (2, 3, 4, 5, 6)]
LEAST = 20000  # connections in all, so that the start of the program does not show
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 340, 220, 50, 30, 40


def points(bench):
    """[(title, [(x, engine ns, conns ns)])]"""
    result = []
    for title, captures in (
        ("packets (one thousand connections at a time)", [(n, f"{n // 20} {min(1000, n // 20)} 14") for n in LENGTHS]),
        ("connections at once", [(n, f"{max(n, LEAST)} {n} 4") for n in COUNTS]),
    ):
        line = []
        for x, arguments in captures:
            path = bench.capture(arguments)
            packets = bench.floor(path)
            _, ns, _ = bench.engine(path)
            seconds, _, _ = bench.paired("{tcpstate} conns -q {file}", path)
            line.append((x, ns, seconds / packets * 1e9))
            print(f"{title}: {x}: {packets} packets, engine {ns:.1f} ns, conns -q {line[-1][2]:.1f} ns", flush=True)
            os.remove(path)
        result.append((title, line))
    return result


def panel(left, title, line, most):
    def place(i, ns):
        x = left + LEFT + i * (WIDTH - 2 * LEFT) / max(1, len(line) - 1)
        return f"{x:.0f},{TOP + (HEIGHT - TOP - BOTTOM) * (1 - ns / most):.0f}"

    parts = [f'<text x="{left + WIDTH / 2:.0f}" y="{HEIGHT - 6}" text-anchor="middle">{title}</text>']
    for index, (colour, name) in enumerate((("#1f6feb", "engine alone"), ("#bf5700", "conns -q"))):
        dots = " ".join(place(i, point[index + 1]) for i, point in enumerate(line))
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{dots}"/>')
        parts.append(f'<text x="{left + LEFT}" y="{14 + 13 * index}" fill="{colour}">{name}</text>')
    for i, (x, *_) in enumerate(line):
        parts.append(f'<text x="{place(i, 0).split(",")[0]}" y="{HEIGHT - 24}" text-anchor="middle">{x:.0e}</text>')
    for ns in range(0, int(most) + 1, 50 if most < 400 else 100):
        parts.append(f'<text x="{left + LEFT - 26}" y="{place(0, ns).split(",")[1]}" text-anchor="end">{ns} ns</text>')
    return parts


def draw(bench, name):
    curves = points(bench)
    most = 1.1 * max(value for _, line in curves for _, *values in line for value in values)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * WIDTH} {HEIGHT}" font-family="sans-serif" font-size="10">']
    parts.append(f'<rect width="{2 * WIDTH}" height="{HEIGHT}" fill="white"/>')
    for i, (title, line) in enumerate(curves):
        parts += panel(i * WIDTH, title, line, most)
    with open(name, "w", encoding="utf-8") as file:
        file.write("\n".join(parts + ["</svg>"]) + "\n")
