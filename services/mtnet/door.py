"""The door to the real MTNet: JSON over HTTPS, with a pause when it does not answer.

The portal's own proposal of an interface, since MPB has published none; not tried against MTNet.

    POST {url}/records                    {"id_number": ...} -> the record; 404: not known there
    PUT  {url}/rosters/{class}/{version}  the roster of an opened class; the same again is one
    PUT  {url}/results/{class}/{version}  attendance and results
"""

import json
import time
from dataclasses import dataclass, field

from services.kernel.errors import GatewayError
from services.kernel.http import Reply, send
from services.mtnet.gateway import UNKNOWN_PERSON, MTNetUnavailable, Payload
from services.mtnet.record import SeafarerRecord, from_json

PATIENCE = 3  # silences in a row
PAUSE = 30.0  # seconds in which nobody waits for an MTNet that is down


@dataclass
class _Silence:
    """How often MTNet has been silent in a row, and until when it is left alone."""

    times: int = 0
    until: float = 0.0


@dataclass(frozen=True)
class MTNetDoor:
    """MTNet over the network.

    Everybody registers in the same minute: when MTNet has been silent three times in a row,
    nobody waits for it for half a minute. What it owes is asked for again by the clock.
    """

    url: str
    token: str
    timeout: float = 3
    pause: float = PAUSE
    _silence: _Silence = field(default_factory=_Silence, repr=False, compare=False)

    def record_of(self, id_number: str) -> SeafarerRecord:
        """Give a person's record; the number travels in the body, so that no log keeps it."""
        reply = self._ask("POST", "records", {"id_number": id_number})
        if reply.status == 404:
            return UNKNOWN_PERSON
        if reply.status != 200:
            raise MTNetUnavailable(f"status {reply.status}")
        try:
            return from_json(json.loads(reply.body))
        except ValueError:  # no JSON, or no text
            raise MTNetUnavailable("the record cannot be read") from None

    def hand_over_roster(self, payload: Payload) -> None:
        """Hand over the roster of an opened class."""
        self._hand_over("rosters", payload)

    def hand_over_results(self, payload: Payload) -> None:
        """Hand over the attendance and results of a class."""
        self._hand_over("results", payload)

    def _hand_over(self, kind: str, payload: Payload) -> None:
        where = f"{kind}/{payload['class_id']}/{payload['version']}"
        reply = self._ask("PUT", where, payload)
        if not 200 <= reply.status < 300:
            raise MTNetUnavailable(f"status {reply.status}")

    def _ask(self, method: str, where: str, said: Payload) -> Reply:
        if time.monotonic() < self._silence.until:
            raise MTNetUnavailable("silent a moment ago")
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        body = json.dumps(said, ensure_ascii=False).encode()
        try:
            reply = send(method, f"{self.url}/{where}", body, headers, timeout=self.timeout)
            if reply.status >= 500:
                raise GatewayError(f"status {reply.status}")
        except GatewayError as silence:
            self._was_silent()
            raise MTNetUnavailable(str(silence)) from None
        self._silence.times = 0
        return reply

    def _was_silent(self) -> None:
        self._silence.times += 1
        if self._silence.times >= PATIENCE:
            self._silence.until = time.monotonic() + self.pause
            self._silence.times = PATIENCE - 1  # the first one after the pause decides again
