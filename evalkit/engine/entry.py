"""What papermill finds under its entry point ``papermill.engine`` as ``evalkit-warm``."""

from __future__ import annotations

from typing import Any


class WarmEngine:
    """The engine `evalkit.engine.engine.Engine`, imported with the first notebook.

    Papermill loads its entry points while it is itself being imported, when nothing can be derived
    from it yet.
    """

    @staticmethod
    def _engine() -> Any:
        from evalkit.engine.engine import Engine

        return Engine

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, **options: Any) -> Any:
        """See `papermill.engines.Engine.execute_notebook`."""
        return cls._engine().execute_notebook(nb, kernel_name, **options)

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> Any:
        """See `papermill.engines.Engine.nb_kernel_name`."""
        return cls._engine().nb_kernel_name(nb, name)

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> Any:
        """See `papermill.engines.Engine.nb_language`."""
        return cls._engine().nb_language(nb, language)
