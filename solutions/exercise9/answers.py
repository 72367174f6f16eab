"""What each lie did: a letter of the list in README.md."""

ANSWERS = {
    "warmer": "B",
    "version": "A",
    "spread": "C",
    "buffer": "G",
    "reading": "E",
}
