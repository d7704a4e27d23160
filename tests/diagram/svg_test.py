# SPDX-License-Identifier: GPL-2.0-or-later
"""The pictures of documents."""
import os
import re
import unittest
import xml.etree.ElementTree as ElementTree

from pictures import STATES, PictureTest, captures, close_in_four, ethernet, handshake, pcap, unreachable

SVG = "{http://www.w3.org/2000/svg}"


def words(element):
    return ["".join(text.itertext()) for text in element.iter(SVG + "text")]


def pills(group):
    """(side, state) in the order of drawing."""
    for pill in group.iter(SVG + "g"):
        if pill.get("class", "").startswith("state "):
            yield pill.get("class").split()[1], words(pill)[0].rstrip("?")


class Drawing(PictureTest):
    def draw(self, *arguments, **more):
        out, self.errors = self.run_command("diagram", "-T", "svg", *arguments, **more)
        return ElementTree.fromstring(out)

    def pictures(self, *arguments, **more):
        return self.draw(*arguments, **more).findall(SVG + "g")


class Ladder(Drawing):
    def test_every_row_says_what_annotate_says(self):
        for path in captures():
            pictures = self.pictures(path)
            told = list(self.connections(path))
            self.assertEqual(len(pictures), len(told))
            for picture, (conn, annotated) in zip(pictures, told):
                with self.subTest(path=os.path.basename(path), stream=conn["stream"]):
                    self.check(picture, annotated)

    def check(self, picture, annotated):
        now = {}
        after = {}
        for child in picture:
            if child.get("class", "").startswith("state "):
                now.update([(child.get("class").split()[1], words(child)[0].rstrip("?"))])
            elif child.get("id"):
                now.update(pills(child))
                after[int(child.get("id").removeprefix("frame-"))] = (now["left"], now["right"])
        for frame, pair in annotated:
            first = max(first for first in after if first <= frame)
            self.assertEqual(after[first], pair, frame)
        self.assertLessEqual(set(after), {frame for frame, _ in annotated})

    def test_a_segment_has_its_flags_numbers_and_time(self):
        picture = self.pictures(self.file("close.pcap", close_in_four()))[0]
        rows = {row.get("id"): words(row) for row in picture if row.get("id")}
        self.assertEqual(rows["frame-2"], ["2", "0.001000", "SYN ACK \u00a0seq 0 ack 1", "ESTABLISHED"])
        self.assertEqual(rows["frame-4"],
                         ["4", "0.003000", "FIN ACK \u00a0seq 1 ack 1", "FIN-1", "FIN-WAIT-1", "CLOSE-WAIT"])

    def test_times_and_numbers_may_be_left_out(self):
        picture = self.pictures("--no-times", "--no-numbers", self.file("close.pcap", close_in_four()))[0]
        rows = {row.get("id"): words(row) for row in picture if row.get("id")}
        self.assertEqual(rows["frame-2"], ["2", "SYN ACK", "ESTABLISHED"])
        self.assertNotIn("seconds", words(picture))

    def test_what_no_segment_did(self):
        picture = self.pictures(self.file("unreachable.pcap", unreachable()))[0]
        self.assertIn(("left", "CLOSED"), list(pills(picture))[-2:])
        hints = ["".join(hint.itertext()) for hint in picture.iter(SVG + "title")]
        self.assertIn("without a segment", hints)

    def test_600_segments_are_readable(self):
        drawing = self.draw(self.file("long.pcap", close_in_four(data=300)))
        self.assertLess(int(drawing.get("height")), 900)
        self.assertIn("300 segments, 30000 bytes", words(drawing))

    def test_everything_is_in_the_picture(self):
        for path in captures():
            for what in ("ladder", "states"):
                drawing = self.draw("--what", what, path)
                width, height = float(drawing.get("width")), float(drawing.get("height"))
                top = 0
                for picture in drawing.findall(SVG + "g"):
                    start = float(re.fullmatch(r"translate\(0 (\d+)\)", picture.get("transform"))[1])
                    self.assertGreaterEqual(start, top)
                    top = start
                    for element in picture.iter():
                        if element.get("y") and element.tag != SVG + "svg":
                            self.assertLessEqual(start + float(element.get("y")), height)
                            self.assertTrue(0 <= float(element.get("x")) <= width, words(element))

    def test_light_and_dark(self):
        sheet = self.draw(captures()[0]).find(SVG + "style").text
        light, dark = sheet.split("@media (prefers-color-scheme:dark)")
        for name in ("back", "open", "estab", "close", "wait", "reset", "none", "dim", "band", "client", "server"):
            self.assertRegex(light, rf"\.{name}\{{")
            self.assertRegex(dark, rf"\.{name}\{{")


class States(Drawing):
    def test_the_figure_is_the_rfcs(self):
        drawing = self.draw("--what", "states", self.file("close.pcap", close_in_four()))
        for state in STATES[:-1]:
            self.assertIn(state, words(drawing))
        self.assertEqual(len([path for path in drawing.iter(SVG + "path") if path.get("class") == "arc"]), 21)

    def way(self, drawing, side):
        """Frames of the badges on that side's way."""
        boxes = list(drawing.iter())
        return [boxes[i + 1].text for i, box in enumerate(boxes)
                if box.get("class") == f"{side} word" and boxes[i + 1].get("class") == "badge middle on"
                and boxes[i + 1].text not in ("client", "server")]

    def test_the_way_is_marked_with_frames(self):
        """RFC 9293 figures 6 and 12: who opens and closes first, and who follows."""
        drawing = self.draw("--what", "states", self.file("close.pcap", close_in_four()))
        self.assertEqual(self.way(drawing, "client"), ["1", "2", "4", "5", "6"])
        self.assertEqual(self.way(drawing, "server"), ["1", "3", "4", "6", "7"])
        self.assertFalse([path for path in drawing.iter(SVG + "path") if "again" in path.get("class", "")])

    def test_what_the_figure_leaves_out_is_dashed(self):
        drawing = self.draw("--what", "states", self.file("reset.pcap", close_in_four(reset=True)))
        dashed = [path for path in drawing.iter(SVG + "path") if "again" in path.get("class", "")]
        self.assertEqual(len(dashed), 2)


class Document(Drawing):
    def test_each_connection_has_a_picture_up_to_fifty(self):
        frames = [ethernet(p) for port in range(40000, 40053) for p in handshake(ports=(port, 80))]
        path = self.file("many.pcap", pcap(frames))
        self.assertEqual(len(self.pictures(path)), 50)
        self.assertEqual(self.errors, "tcpstate: 50 connections drawn, 3 not; --stream N picks one, conns lists them\n")
        self.assertEqual(len(self.pictures("--stream", "52", path)), 1)
        self.assertEqual(self.errors, "")
        self.pictures("-q", path)
        self.assertEqual(self.errors, "")

    def test_nothing_to_draw(self):
        out, err = self.run_command("diagram", "-T", "svg", self.file("empty.pcap", pcap([])))
        self.assertEqual((out, err), ("", "tcpstate: there is no connection to draw\n"))

    def test_names_are_escaped(self):
        name = "<script>&amp;\"'\x01\x1b\u202e\ufffe ü.pcap"
        for what in ("ladder", "states"):
            drawing = self.draw("--what", what, self.file(name, close_in_four()))
            shown = "<script>&amp;\"'???? ü.pcap"
            self.assertEqual(drawing.find(SVG + "title").text, shown)
            self.assertIn(shown + ", connection 0", words(drawing))
            self.assertFalse(list(drawing.iter(SVG + "script")))
        bytes_of_no_character = os.fsencode(self.folder.name) + b"/\xff\xfe\xc3.pcap"
        with open(bytes_of_no_character, "wb") as file:
            file.write(close_in_four())
        self.assertEqual(self.draw(os.fsdecode(bytes_of_no_character)).find(SVG + "title").text, "???.pcap")


if __name__ == "__main__":
    unittest.main()
