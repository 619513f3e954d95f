"""Seal small secrets for a row, so that reading the database does not tell them."""

import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


@dataclass(frozen=True, slots=True)
class Vault:
    """AES-256-GCM under one key; what was sealed for one row does not open for another."""

    key: bytes

    def seal(self, secret: str, row: str) -> bytes:
        """Seal a secret for a row: nonce, then ciphertext."""
        nonce = os.urandom(12)
        return nonce + AESGCM(self.key).encrypt(nonce, secret.encode(), row.encode())

    def open(self, sealed: bytes, row: str) -> str:
        """Open what was sealed for that row.

        Raises:
            cryptography.exceptions.InvalidTag: another row's, another key's or a changed one.
        """
        return AESGCM(self.key).decrypt(sealed[:12], sealed[12:], row.encode()).decode()
