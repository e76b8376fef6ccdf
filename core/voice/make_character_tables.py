#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes character_tables.h: the Unicode properties that the voice measures need, as sorted ranges.

usage: make_character_tables.py > character_tables.h
"""
import unicodedata

LAST = 0x10FFFF


def ranges(holds):
    """Maximal (first, last, stride) runs, stride 1 or 2, of the code points that `holds`."""
    points = [c for c in range(LAST + 1) if not 0xD800 <= c <= 0xDFFF and holds(chr(c))]
    return runs([(c, 0) for c in points])


def runs(pairs):
    result = []
    start = 0
    while start < len(pairs):
        best, step = start, 1
        for stride in (1, 2):
            end = start
            while (end + 1 < len(pairs) and pairs[end + 1][0] == pairs[end][0] + stride
                   and pairs[end + 1][1] == pairs[start][1]):
                end += 1
            if end > best:
                best, step = end, stride
        result.append((pairs[start][0], pairs[best][0], step, pairs[start][1]))
        start = best + 1
    return result


def table(name, rows, comment):
    print(f"\n/// {comment}")
    print(f"inline constexpr CharacterRange {name}[] = {{")
    line = "    "
    for first, last, stride, shift in rows:
        cell = f"{{{first:#x}, {last:#x}, {stride}, {shift}}}, "
        if len(line) + len(cell) > 100:
            print(line.rstrip())
            line = "    "
        line += cell
    print(line.rstrip())
    print("};")


lower = [(c, ord(chr(c).lower()) - c) for c in range(LAST + 1)
         if not 0xD800 <= c <= 0xDFFF and len(chr(c).lower()) == 1 and chr(c).lower() != chr(c)]
print("// SPDX-License-Identifier: Apache-2.0")
print(f"// Written by make_character_tables.py from Unicode {unicodedata.unidata_version}; not by hand.")
print("#pragma once\n")
print("#include <cstdint>\n")
print("// clang-format off")
print("namespace signalbox {\n")
print("/// Code points first, first + stride, … last; `shift` leads to the lower-case letter.")
print("struct CharacterRange")
print("{")
print("    std::uint32_t first, last, stride;")
print("    std::int32_t shift;")
print("};")
table("kDecimalRanges", ranges(str.isdecimal), "General category Nd.")
table("kLowerCaseRanges", ranges(str.islower), "Property Lowercase.")
table("kToLowerRanges", runs(lower), "Simple lower-case mappings.")
print("\n} // namespace signalbox")
