"""What lies in a case file: its log, the round objected to, the one in its place, and papers."""

from __future__ import annotations

LOG_FILE, ORIGINAL, ROUND, PAPERS = "appeal.sqlite", "original", "round", "papers"
