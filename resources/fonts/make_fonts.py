#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the fonts of this folder from Debian's fonts-inter and fonts-jetbrains-mono.

Qt 6.4 cannot switch on OpenType features, so a column of numbers set in Inter does not line up: its
digits are proportional. Here the tabular digits take the place of the proportional ones. Rules that
rewrite text ("->" to an arrow) are left out, since people must see what a model really wrote. The
result is a modified version and carries its own family name. Needs python3-fonttools.
"""
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
INTER = Path("/usr/share/fonts/opentype/inter")
MONO = Path("/usr/share/fonts/truetype/jetbrains-mono")
RANGES = [(0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x36F), (0x370, 0x3FF), (0x400, 0x52F), (0x1E00, 0x1EFF),
          (0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2190, 0x21FF),
          (0x2200, 0x22FF), (0x2300, 0x23FF), (0x2500, 0x25FF), (0x2700, 0x27BF), (0xFFFD, 0xFFFD)]
KEEP = ["kern", "ccmp", "locl", "mark", "mkmk"]


def tabular_digits(font):
    """Lets the characters 0 to 9 show the glyphs that the feature tnum would choose."""
    gsub = font["GSUB"].table
    swap = {}
    for record in gsub.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for index in record.Feature.LookupListIndex:
                for table in gsub.LookupList.Lookup[index].SubTable:
                    swap |= getattr(table, "ExtSubTable", table).mapping
    for table in font["cmap"].tables:
        for code in range(ord("0"), ord("9") + 1):
            if code in table.cmap:
                table.cmap[code] = swap.get(table.cmap[code], table.cmap[code])


def rename(font, family, style):
    """One family for all weights; the weight class in OS/2 tells them apart."""
    names = font["name"]
    names.names = [n for n in names.names if n.nameID in (0, 7, 13, 14)]
    texts = {1: family if style == "Regular" else f"{family} {style}", 2: "Regular",
             4: f"{family} {style}", 6: f"{family.replace(' ', '')}-{style}", 16: family, 17: style}
    texts[3] = texts[6]
    for number, text in texts.items():
        names.setName(text, number, 3, 1, 0x409)


def make(source, target, family, style, tabular):
    font = TTFont(source)
    if tabular:
        tabular_digits(font)
    options = subset.Options()
    options.layout_features = KEEP
    options.name_IDs = ["*"]
    options.hinting = False
    options.glyph_names = False
    options.notdef_outline = True
    maker = subset.Subsetter(options)
    maker.populate(unicodes=[c for first, last in RANGES for c in range(first, last + 1)])
    maker.subset(font)
    rename(font, family, style)
    font.save(HERE / target)
    print(target, (HERE / target).stat().st_size)


for weight in ("Regular", "Medium", "SemiBold"):
    make(INTER / f"Inter-{weight}.otf", f"InterTabular-{weight}.otf", "Inter Tabular", weight, True)
make(MONO / "JetBrainsMono-Regular.ttf", "JetBrainsMonoPlain-Regular.ttf", "JetBrains Mono Plain", "Regular",
     False)
