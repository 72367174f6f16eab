"""Digits that are five rows high, for the back of a room (Textual's own have three)."""

#: Three columns and five rows of each, from the top.
_GLYPHS = {
    "0": ("###", "# #", "# #", "# #", "###"),
    "1": (" # ", "## ", " # ", " # ", "###"),
    "2": ("###", "  #", "###", "#  ", "###"),
    "3": ("###", "  #", " ##", "  #", "###"),
    "4": ("# #", "# #", "###", "  #", "  #"),
    "5": ("###", "#  ", "###", "  #", "###"),
    "6": ("###", "#  ", "###", "# #", "###"),
    "7": ("###", "  #", "  #", " # ", " # "),
    "8": ("###", "# #", "###", "# #", "###"),
    "9": ("###", "# #", "###", "  #", "###"),
    ".": (" ", " ", " ", " ", "#"),
    ",": (" ", " ", " ", "#", "#"),
}

ROWS = 5


def large(number: str) -> list[str]:
    """Return the rows of a number; a character that has no large form is left out."""
    glyphs = [_GLYPHS[character] for character in number if character in _GLYPHS]
    return [
        "  ".join("".join("██" if dot == "#" else "  " for dot in glyph[row]) for glyph in glyphs)
        for row in range(ROWS)
    ]
