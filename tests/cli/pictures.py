#!/usr/bin/python3
# SPDX-License-Identifier: MIT
#
# What pictures.sh asks of a picture: that it can be read.
#
#	pictures.py FILE	a page of HTML, or an SVG
#
# Prints, for each picture, "ROWS rows, LANES lanes" and a line for each edge
# that is no plain read and each row that the finding names.  Fails when boxes
# overlap, text does not fit, an edge leads to nothing, or something would have
# to be loaded from elsewhere.
import re
import sys
import xml.etree.ElementTree as tree

CHAR = 6.63  # pixels of a character


def local(element):
    return element.tag.split("}")[-1]


def classes(element):
    return element.get("class", "").split()


def check_row(group, boxes, width, height):
    box = next(e for e in group if local(e) == "rect")
    x, y, w, h = (float(box.get(k)) for k in ("x", "y", "width", "height"))
    assert 0 <= x and x + w <= width and 0 <= y and y + h <= height
    for ox, oy, ow, oh in boxes:
        assert x >= ox + ow or ox >= x + w or y >= oy + oh or oy >= y + h, \
            "boxes overlap"
    boxes.append((x, y, w, h))
    right = x + w
    for text in (e for e in group if local(e) == "text"):
        at, length = float(text.get("x")), len(text.text or "") * CHAR
        if "tag" in classes(text):
            right = at - length
        elif at > x:
            assert at + length <= x + w, "text is wider than its box"
    what = next(e for e in group if "what" in classes(e))
    assert float(what.get("x")) + len(what.text) * CHAR <= right, \
        "text runs into the tag"
    return y


def check_picture(svg):
    width, height = (float(svg.get(k)) for k in ("width", "height"))
    rows = [g for g in svg if "row" in classes(g)]
    lanes = [g for g in svg if "lane" in classes(g)]
    boxes, tops = [], []
    for row in rows:
        tops.append(check_row(row, boxes, width, height))
        assert 0 <= int(row.get("data-lane")) < len(lanes)
    assert tops == sorted(tops), "time does not run downwards"
    print(f"{len(rows)} rows, {len(lanes)} lanes")
    events = {row.get("data-event") for row in rows}
    markers = {m.get("id") for m in svg.iter() if local(m) == "marker"}
    for row in rows:
        look, *role = classes(row)[1:]
        if role or look in ("ghost", "barrier"):
            what = next(e for e in row if "what" in classes(e))
            print(f"{' '.join([look, *role])}: {what.text}")
    for edge in (e for e in svg if "edge" in classes(e)):
        ends = edge.get("data-from"), edge.get("data-to")
        assert set(ends) <= events, "an edge leads to nothing"
        assert re.sub(r"url\(#(.*)\)", r"\1",
                      edge.get("marker-end")) in markers
        if "saw" not in classes(edge):
            print(f"{classes(edge)[1]} {ends[0]} -> {ends[1]}")


def main(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for word in ("<script", "<link", "<img", "<iframe", "@import", "src="):
        assert word not in text, f"{word} would load something"
    assert not re.search(r"(?<!xmlns=\")https?:", text), "it names a host"
    for target in re.findall(r'href="([^"]*)"', text):
        assert target[0] == "#" and f'id="{target[1:]}"' in text
    assert "prefers-color-scheme:dark" in text
    ids = re.findall(r'\bid="([^"]*)"', text)
    assert len(ids) == len(set(ids)), "an id is there twice"
    for svg in re.findall(r"<svg.*?</svg>", text, re.S):
        check_picture(tree.fromstring(svg))


if __name__ == "__main__":
    main(sys.argv[1])
