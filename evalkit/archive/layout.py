"""Where things lie in a bag. Bags are kept for years: a name here is never changed, only added.

Outside BagIt [RFC8493]_, inside (``data/``) an RO-Crate 1.1 [ROC11]_ that is a Process Run Crate.
"""

from __future__ import annotations

FORMAT = "evalkit-archive/1"
"""What ``ABOUT`` says of the layout below."""

# beside the payload
DECLARATION, INFO = "bagit.txt", "bag-info.txt"
MANIFEST, TAGMANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
README, SIGNERS = "README.md", "allowed_signers"
SIGNATURE = f"{TAGMANIFEST}.sig"
PREDECESSOR = "Predecessor-Tagmanifest-SHA256"
"""In ``INFO`` of a bag of a round that supersedes another, or that was made at the end of an
appeal: the digest of the tag manifest of the bag before it, where there was one.
"""
NAMESPACE = "evalkit-archive"
"""What a signature is for, see ``ssh-keygen -Y``."""

# the payload, which is the root of the crate
PAYLOAD = "data"
CRATE = "ro-crate-metadata.json"
ABOUT = "archive.json"
"""``format``, ``kind`` (one of `KINDS`), panel, root of the lock, digests, levels of reports."""
ROUND = "round"
"""The folder of the round as it was locked; `ek.open` opens it."""
EVENTS = "log.jsonl"
"""Beside each log: its events as text, one a line, in stored order."""
RESULTS, ANALYSIS = "results.json", "analysis.json"
RESULT = "result.json"
"""In a bag for one applicant, in place of the round: what its report is made from."""
REPORTS, PAPERS = "reports", "papers"
APPEAL = "appeal.jsonl"
"""Below ``PAPERS``, in a bag that was made at the end of an appeal: its steps as text."""
EVIDENCE = "evidence-sha256.txt"
"""In a bag that only refers to evidence: the digest of each file, by its path in the round."""
CODE, WHEELHOUSE = "code", "wheelhouse"
INSTALLED, LOCK, ENVIRONMENT = "installed.csv", "requirements.lock", "environment.json"
"""Below ``CODE``, with the wheel of evalkit itself."""

WHOLE, APPLICANT = "round", "applicant"
KINDS = (WHOLE, APPLICANT)
"""A bag of the whole round, and one that is handed over to an applicant."""
