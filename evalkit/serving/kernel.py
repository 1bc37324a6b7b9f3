"""The process behind a page: ipykernel without its debugger, which nobody may use here and which
would take a third of the memory. Run as ``python -m evalkit.serving.kernel -f connection.json``.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Be a kernel until told to end."""
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # ipykernel does without
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance()


if __name__ == "__main__":
    main()
