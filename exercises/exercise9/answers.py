"""What each lie did: a letter of the list in README.md."""

ANSWERS = {
    "warmer": "?",
    "version": "?",
    "spread": "?",
    "buffer": "?",
    "reading": "?",
}
