"""What every hand may reach: the office, MTNet, who is visiting and in which language."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from services.enter_person import Seal
from services.kernel.actor import Actor
from services.kernel.work import Office
from services.mtnet.fetch import Fetched, Unseal, fetch_record
from services.mtnet.gateway import MTNet
from services.words import Words


def unknown_index(_number: str) -> str:
    """Stand where no key is at hand: no account is opened here."""
    raise LookupError("this desk knows no index of ID numbers")


def no_seal(_number: str, _person_id: int) -> bytes:
    """Stand where no key is at hand: nobody is entered here."""
    raise LookupError("this desk cannot seal ID numbers")


@dataclass(frozen=True, slots=True)
class Desk:
    """Wired once in portal.wiring; `actor` and `words` answer for the present request."""

    office: Office
    mtnet: MTNet
    unseal: Unseal
    uploads: Path
    actor: Callable[[], Actor]
    words: Callable[[], Words]
    index: Callable[[str], str] = unknown_index  # keyed, of an ID number
    seal: Seal = no_seal  # an ID number for the row of its person

    def fetch(self, person_id: int) -> Fetched:
        """Ask MTNet for a person's record, outside any transaction."""
        return fetch_record(self.office, self.mtnet, self.unseal, person_id)
