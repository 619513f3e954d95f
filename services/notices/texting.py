"""Where text messages go: the gateway of a telephone company's reseller, or a folder."""

import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from services.kernel.errors import GatewayError
from services.kernel.http import send
from services.notices.gateway import Outcome

TAIWAN = "+886"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a text: `gateway_id` names it at the gateway, `why` tells a refusal."""

    outcome: Outcome
    why: str = ""
    gateway_id: str | None = None


class TextGateway(Protocol):
    """Take a text for a number in E.164 form; the same key twice is one text."""

    def send(self, number: str, text: str, key: str) -> Answer: ...


@dataclass(frozen=True)
class TextFolder:
    """Write each text as a file, for the demo; the same key is the same file."""

    folder: Path

    def send(self, number: str, text: str, key: str) -> Answer:
        """Write the text under a name made from its key."""
        name = sha256(key.encode()).hexdigest()[:24]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part = self.folder / f".{name}.part"
            part.write_text(f"{number}\n\n{text}\n", encoding="utf-8")
            part.rename(self.folder / f"{name}.txt")
        except OSError as refusal:
            return Answer(Outcome.RETRY, str(refusal.strerror))
        return Answer(Outcome.ACCEPTED, gateway_id=name)


@dataclass(frozen=True)
class Mitake:
    """Speak Mitake's SmSend: a form by POST, an answer in lines of `name=value`.

    `clientid` keeps a repeated text from going out twice within twelve hours. Only a number the
    gateway calls wrong ends a text; a refused account, an empty one, or silence is the portal's
    own trouble and is tried again. Not tried against Mitake itself.
    """

    url: str  # up to and with SmSend
    user: str
    password: str
    timeout: float = 10

    def send(self, number: str, text: str, key: str) -> Answer:
        """Send one text."""
        form = {
            "username": self.user,
            "password": self.password,
            "dstaddr": _dialled(number),
            "smbody": text.replace("\n", "\x06"),  # the protocol's line feed
            "clientid": sha256(key.encode()).hexdigest()[:36],
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
        body = urllib.parse.urlencode(form).encode()
        try:
            reply = send(
                "POST", f"{self.url}?CharsetURL=UTF-8", body, headers, timeout=self.timeout
            )
        except GatewayError as silence:
            return Answer(Outcome.RETRY, str(silence))
        if reply.status != 200:
            return Answer(Outcome.RETRY, f"status {reply.status}")
        return _judged(_lines(reply.text))


_ACCEPTED = ("0", "1", "2", "4")  # kept, on its way (twice), delivered
_WRONG_NUMBER = ("6", "v")


def _judged(answer: Mapping[str, str]) -> Answer:
    code = answer.get("statuscode", "")
    if code in _ACCEPTED:
        return Answer(Outcome.ACCEPTED, gateway_id=answer.get("msgid", "")[:40] or None)
    outcome = Outcome.DEAD if code in _WRONG_NUMBER else Outcome.RETRY
    return Answer(outcome, f"statuscode {code or 'missing'} {answer.get('Error', '')}".strip())


def _lines(text: str) -> dict[str, str]:
    pairs = (line.partition("=") for line in text.splitlines())
    return {name.strip(): value.strip() for name, sign, value in pairs if sign}


def _dialled(number: str) -> str:
    """Write a number as it is dialled in Taiwan; others keep their country code."""
    if number.startswith(TAIWAN):
        return "0" + number.removeprefix(TAIWAN)
    return number.removeprefix("+")
