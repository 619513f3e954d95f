"""Frozen settings; the only reader of the environment (PORTAL_*, PORT)."""

import json
import os
import secrets
from hashlib import sha256
from pathlib import Path
from typing import Literal, Self

from pydantic import AliasChoices, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.kernel.http import is_address

WEAK = 32  # characters a production secret needs at least


class SettingsError(Exception):
    """The settings cannot be used; the message is one line for the operator."""


class Settings(BaseSettings):
    """Everything a deployment may set; demo mode fills missing secrets by itself."""

    model_config = SettingsConfigDict(env_prefix="PORTAL_", frozen=True, extra="ignore")

    environment: Literal["demo", "production"] = "demo"
    var: Path = Path("var")
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(8050, validation_alias=AliasChoices("PORT", "PORTAL_PORT"), ge=1, le=65535)
    base_url: str = ""
    trusted_proxies: int = Field(0, ge=0, le=5)  # whose X-Forwarded-For is believed
    secure_cookies: bool = False  # True behind TLS; always in production
    secret_key: str = ""
    index_key: str = ""
    seal_key: str = ""
    sign_key: str = ""
    mail_from: str = "no-reply@portal.example"
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_tls: bool = True
    mtnet_url: str = ""
    mtnet_token: str = ""
    sms_url: str = ""
    sms_user: str = ""
    sms_password: str = ""

    @property
    def demo(self) -> bool:
        return self.environment == "demo"

    @property
    def uploads(self) -> Path:
        return self.var.resolve() / "uploads"

    @property
    def mail_folder(self) -> Path:
        return self.var.resolve() / "mail"

    @property
    def text_folder(self) -> Path:
        return self.var.resolve() / "texts"

    @property
    def mail_place(self) -> str:
        """Say where mail goes."""
        return f"{self.smtp_host}:{self.smtp_port}" if self.smtp_host else f"{self.var}/mail (.eml)"

    @property
    def text_place(self) -> str:
        """Say where text messages go."""
        return self.sms_url or f"{self.var}/texts (.txt)"

    @classmethod
    def load(cls) -> Self:
        """Read the environment; create demo secrets once.

        Raises:
            SettingsError: a value cannot be used, or a production secret is missing or weak.
        """
        try:
            settings = cls.model_validate({})
        except ValidationError as refusal:
            first = refusal.errors()[0]
            raise SettingsError(f"Setting {first['loc'][0]}: {first['msg']}.") from None
        return settings._completed()

    def _completed(self) -> Self:
        found = self._secrets()
        self._check_gateways()
        values = {
            "database_url": self.database_url or f"sqlite:///{self.var.resolve()}/portal.db",
            "base_url": self.base_url or f"http://{self.host}:{self.port}",
            "secure_cookies": self.secure_cookies or not self.demo,
            **found,
        }
        return self.model_copy(update=values)

    def _check_gateways(self) -> None:
        """Refuse to screen the fleet against nothing, or to tell its data in the clear."""
        if not self.demo and not self.mtnet_url:
            raise SettingsError("PORTAL_MTNET_URL is missing: nobody could be screened.")
        for name in ("mtnet_url", "sms_url"):
            url = getattr(self, name)
            if url and not is_address(url):
                raise SettingsError(f"PORTAL_{name.upper()} must begin with https://.")
        if self.mtnet_url and not self.mtnet_token:
            raise SettingsError("PORTAL_MTNET_TOKEN is missing.")

    def _secrets(self) -> dict[str, str]:
        names = ("secret_key", "index_key", "seal_key", "sign_key")
        given = {name: getattr(self, name) for name in names}
        if not self.demo:
            for name, value in given.items():
                if _is_weak(value):
                    raise SettingsError(
                        f"PORTAL_{name.upper()} is missing, shorter than {WEAK} characters "
                        "or easily guessed; take a random one."
                    )
            if len(set(given.values())) < len(given):
                raise SettingsError("The production secrets must be different from each other.")
            return given
        return _demo_secrets(self.var, names) | {k: v for k, v in given.items() if v}


def _is_weak(secret: str) -> bool:
    """Tell whether a secret is short, of few characters, or the same text over and over."""
    repeats = secret in (secret + secret)[1:-1]
    return len(secret) < WEAK or len(set(secret)) < 10 or repeats


def _demo_secrets(var: Path, names: tuple[str, ...]) -> dict[str, str]:
    path = var / "secrets.json"
    try:
        if not path.exists():
            var.mkdir(parents=True, exist_ok=True)
            made = {name: secrets.token_hex(32) for name in names}
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                json.dump(made, file)
        kept = json.loads(path.read_text())
        return {name: kept.get(name) or _made_from(kept["seal_key"], name) for name in names}
    except OSError as refusal:
        raise SettingsError(
            f"{path} cannot be read or written ({refusal.strerror}); "
            "set PORTAL_VAR to a folder where the portal may write."
        ) from None


def _made_from(secret: str, name: str) -> str:
    """Give a folder of before there was such a key the same one at every start."""
    return sha256(f"{name}\0{secret}".encode()).hexdigest()
