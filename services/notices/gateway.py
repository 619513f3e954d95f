"""Where letters go: a folder of .eml files, an SMTP server, or nowhere but the count."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Protocol


class Outcome(StrEnum):
    """What became of a letter."""

    ACCEPTED = "accepted"
    RETRY = "retry"
    DEAD = "dead"
    LEFT = "left"  # not tried: the time was up


class Transport(Protocol):
    """Take a letter and say what became of it; `composes` False counts without a letter."""

    composes: bool

    def send(self, message: EmailMessage) -> tuple[Outcome, str]: ...


class Counting:
    """Accept everything without composing it: past mail of the demo is counted, not written."""

    composes = False

    def send(self, message: EmailMessage) -> tuple[Outcome, str]:  # noqa: ARG002
        """Accept."""
        return Outcome.ACCEPTED, ""


@dataclass(frozen=True)
class EmlFolder:
    """Write each letter as an .eml file; the same Message-ID is the same file."""

    folder: Path
    composes = True

    def send(self, message: EmailMessage) -> tuple[Outcome, str]:
        """Write the letter under a name made from its Message-ID."""
        name = sha256(str(message["Message-ID"]).encode()).hexdigest()[:24]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part = self.folder / f".{name}.part"
            part.write_bytes(message.as_bytes())
            part.rename(self.folder / f"{name}.eml")
        except OSError as refusal:
            return Outcome.RETRY, str(refusal.strerror)
        return Outcome.ACCEPTED, ""


@dataclass(frozen=True)
class Smtp:
    """Hand letters to an SMTP server; 4xx and silence are tried again, 5xx is dead."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: bool = True
    timeout: float = 10
    composes = True

    def send(self, message: EmailMessage) -> tuple[Outcome, str]:
        """Send one letter; a drop after DATA is tried again under the same Message-ID.

        Only what the server says about this letter can end it: a refused log-in, greeting or
        sender is the portal's own trouble and is tried again.
        """
        accepted = False
        try:
            with smtplib.SMTP(self.host, self.port, timeout=self.timeout) as server:
                if self.tls:
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(message)
                accepted = True
        except smtplib.SMTPRecipientsRefused as refusal:
            code, text = next(iter(refusal.recipients.values()))
            return _judged(code), _said(code, text)
        except smtplib.SMTPDataError as refusal:
            return _judged(refusal.smtp_code), _said(refusal.smtp_code, refusal.smtp_error)
        except (OSError, smtplib.SMTPException) as silence:
            if not accepted:  # a stumble while saying goodbye costs nothing
                return Outcome.RETRY, f"{type(silence).__name__}: {silence}"
        return Outcome.ACCEPTED, ""


def _judged(code: int) -> Outcome:
    return Outcome.DEAD if 500 <= code < 600 else Outcome.RETRY


def _said(code: int, text: bytes | str) -> str:
    """Give a server's answer in one line, without signs that no database keeps."""
    read = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    plain = "".join(sign if sign.isprintable() else " " for sign in read)
    return " ".join(f"{code} {plain}".split())
