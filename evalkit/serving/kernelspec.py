"""The one kernel that there is: this very Python, without the settings of whoever starts it."""

from __future__ import annotations

import sys
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

NAME = "python3"


class OwnPython(KernelSpecManager):
    """Knows this interpreter alone; kernels that somebody has installed do not count."""

    def find_kernel_specs(self) -> dict[str, str]:
        """The name of the kernel; there is no folder."""
        return {NAME: ""}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:  # noqa: ARG002
        """How it is started: no history on disk, no profile, no completions."""
        argv = [sys.executable, "-m", "evalkit.serving.kernel", "-f", "{connection_file}"]
        argv.append("--HistoryManager.enabled=False")
        return KernelSpec(argv=argv, display_name="Python 3 (ipykernel)", language="python")

    def get_all_specs(self) -> dict[str, Any]:
        """All that there is."""
        return {NAME: {"resource_dir": "", "spec": self.get_kernel_spec(NAME).to_dict()}}
