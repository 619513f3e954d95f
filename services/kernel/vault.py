"""Seal small secrets for a row, so that reading the database does not tell them; sign in public."""

import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


@dataclass(frozen=True, slots=True)
class Vault:
    """AES-256-GCM under one key; what was sealed for one row does not open for another.

    The other key signs with Ed25519 what the portal publishes.
    """

    key: bytes
    signing_key: bytes

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

    def sign(self, text: str) -> str:
        """Sign a text; the signature in hexadecimal digits."""
        return self._signer().sign(text.encode()).hex()

    @property
    def public_key(self) -> str:
        """What everybody needs to verify a signature, in hexadecimal digits."""
        return self._signer().public_key().public_bytes_raw().hex()

    def _signer(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.signing_key)


def signed_by(public_key: str, text: str, signature: str) -> bool:
    """Tell whether a signature of a text was made with the key behind a public key."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
