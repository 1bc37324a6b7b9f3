"""Put the context of RO-Crate 1.1 into the cache of rocrate-validator, so that it needs no network.

Run by the Python of ``.venv/crate``: ``crate_context.py CACHE``. The context is the file that
rocrate brings with it, answered as if by its own address.
"""

from __future__ import annotations

import io
import sys
from importlib import resources
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests_cache import CachedSession
from urllib3 import HTTPResponse

ADDRESS = "https://w3id.org/ro/crate/1.1/context"


class Kept(HTTPAdapter):
    """Answers every request with the context."""

    def send(self, request: PreparedRequest, **_options: Any) -> Response:
        """Answer from the file."""
        content = resources.files("rocrate").joinpath("data/ro-crate.jsonld").read_bytes()
        kind = {"Content-Type": "application/ld+json"}
        raw = HTTPResponse(io.BytesIO(content), kind, status=200, preload_content=False)
        return self.build_response(request, raw)


with CachedSession(sys.argv[1], backend="sqlite", expire_after=-1) as session:
    session.mount("https://", Kept())
    assert session.get(ADDRESS).json()["@id"] == ADDRESS
