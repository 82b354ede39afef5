"""What both terminal checks share: what may reach a terminal, and verdicts."""

import json
import re
import unicodedata

# Colours of our own: SGR with the numbers that Style.swift uses.
OURS = re.compile(r"\x1b\[(?:0|2|31|32|33)m")


def strangers(data):
    """Scalars that must not reach a terminal, in the order of their numbers."""
    text = OURS.sub("", data.decode("utf-8")).replace("\r\n", "\n")
    bad = {
        c
        for c in text
        if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn")
    }
    return sorted("U+%04X" % ord(c) for c in bad)


class Verdict:
    def __init__(self):
        self.checks = {}

    def expect(self, name, holds, seen=None):
        self.checks[name] = True if holds else "failed: " + ascii(seen)

    def print(self):
        print(json.dumps({"checks": self.checks}))
