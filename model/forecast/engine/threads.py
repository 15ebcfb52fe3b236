"""Keep the matrix library to one thread: our products are small, and threads that wait for each other cost tenfold.

Measured on two busy cores: a whole package's back-test 5 s on one thread, 46 s on two.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache

from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]


def one_thread() -> AbstractContextManager[object]:
    """Return a context in which matrix products run on one thread."""
    return _controller().limit(limits=1, user_api="blas")


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()
