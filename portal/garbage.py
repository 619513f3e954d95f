"""How often Python looks for garbage that lies in circles."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collecting_rarely(after: int) -> Iterator[None]:
    """Search only after so many new objects, and never what stands for good by now.

    Who handles rows by the thousand would be searched through again and again for nothing.
    """
    usual = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(after, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
