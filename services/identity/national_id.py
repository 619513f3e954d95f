"""National IDs and resident certificate (ARC) numbers: check, mask, index and seal them (pure)."""

import hmac
import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.kernel.errors import DomainError
from services.words import mark

CODES = dict(
    zip("ABCDEFGHJKLMNPQRSTUVXYWZIO", range(10, 36), strict=True)
)  # A10 B11 ... Y31 W32 Z33 I34 O35
WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)


class BadIdNumber(DomainError):
    """The number cannot be a national ID or ARC number."""

    code = "identity.bad_id_number"
    sentence = mark("The ID number is not right. Please check it.")


class WrongLength(BadIdNumber):
    """Ten characters are needed."""

    code = "identity.wrong_length"
    sentence = mark("The ID number has {n} characters; it needs 10: 1 letter and 9 digits.")


class WrongShape(BadIdNumber):
    """A letter, then 1, 2, 8 or 9 (or A to D on an old ARC), then eight digits."""

    code = "identity.wrong_shape"
    sentence = mark("An ID number is 1 letter and 9 digits (old resident certificates: 2 letters).")


class WrongChecksum(BadIdNumber):
    """The last digit does not fit the others."""

    code = "identity.wrong_checksum"
    sentence = mark("The ID number has a typing error: its last digit does not fit.")


def normalise(text: str) -> str:
    """Give upper-case half-width characters without blanks and dashes."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()


def validate(text: str) -> str:
    """Give the normalised number of a valid ID.

    Raises:
        WrongLength, WrongShape, WrongChecksum: as they say.
    """
    number = normalise(text)
    if len(number) != 10:
        raise WrongLength(field="id_number", n=len(number))
    if not re.fullmatch(r"[A-Z][1289A-D]\d{8}", number):
        raise WrongShape(field="id_number")
    if checksum(number):
        raise WrongChecksum(field="id_number")
    return number


def checksum(number: str) -> int:
    """Give the weighted sum modulo 10: 0 for a valid number."""
    second = number[1] if number[1].isdigit() else str(CODES[number[1]] % 10)
    digits = f"{CODES[number[0]]}{second}{number[2:]}"
    return sum(int(d) * w for d, w in zip(digits, WEIGHTS, strict=True)) % 10


def nationality(number: str) -> str:
    """Tell what the number says: national, foreigner, or open where a person must look."""
    second, third = number[1], number[2]
    if second in "12":
        return "national"
    if second in "CD" or (second in "89" and third in "0123456"):
        return "foreigner"
    return "open"


def sex(number: str) -> str:
    """Tell what the second character says: M or F."""
    return "M" if number[1] in "18AC" else "F"


def mask(number: str) -> str:
    """Hide the last four characters, as public notices do: A12345****."""
    return f"{number[:-4]}****"


def make_id(letter: str, second: str, serial: str) -> str:
    """Build a valid number from a letter, the second character and seven digits."""
    stem = f"{letter}{second}{serial}"
    return next(f"{stem}{last}" for last in "0123456789" if not checksum(f"{stem}{last}"))


@dataclass(frozen=True, slots=True)
class IdIndex:
    """A keyed hash to find people by: without the key the number cannot be guessed from it."""

    key: bytes

    def of(self, number: str) -> str:
        """Give the HMAC-SHA256 of a number as hex."""
        text = f"national-id\0{normalise(number)}"
        return hmac.new(self.key, text.encode(), sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class IdSeal:
    """AES-256-GCM sealing bound to the row: a ciphertext moved to another row does not open."""

    keys: Mapping[str, bytes]
    current: str

    def seal(self, number: str, row_id: int) -> bytes:
        """Seal a number for a row: key id, nonce, ciphertext."""
        nonce = os.urandom(12)
        kid = self.current.encode()
        sealed = AESGCM(self.keys[self.current]).encrypt(nonce, number.encode(), _bound(row_id))
        return bytes([len(kid)]) + kid + nonce + sealed

    def open(self, sealed: bytes, row_id: int) -> str:
        """Open what was sealed for that row.

        Raises:
            cryptography.exceptions.InvalidTag: another row's or a changed ciphertext.
        """
        size = sealed[0]
        kid, rest = sealed[1 : 1 + size].decode(), sealed[1 + size :]
        return AESGCM(self.keys[kid]).decrypt(rest[:12], rest[12:], _bound(row_id)).decode()


def _bound(row_id: int) -> bytes:
    return f"person:{row_id}".encode()
