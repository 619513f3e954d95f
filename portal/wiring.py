"""Settings -> Desk: the only place that knows what is real and what stands in."""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Engine

from callbacks.desk import Desk
from portal.settings import Settings
from portal.visitor import Visitors
from services.identity.national_id import IdIndex, IdSeal
from services.kernel.clock import WallClock
from services.kernel.db import engine_for
from services.kernel.vault import Vault
from services.kernel.work import Office
from services.mtnet.door import MTNetDoor
from services.mtnet.gateway import EmbeddedMTNet, MTNet


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys that find and open national IDs, and the vault: draws' seeds, signatures."""

    index: IdIndex
    seal: IdSeal
    vault: Vault


def keys_for(settings: Settings) -> Keys:
    """Derive the keys from the settings' secrets."""
    key = sha256(settings.seal_key.encode()).digest()
    seeds = sha256(f"draw seeds\0{settings.seal_key}".encode()).digest()
    signs = sha256(f"checkpoints\0{settings.sign_key}".encode()).digest()
    return Keys(
        IdIndex(settings.index_key.encode()), IdSeal({"k1": key}, "k1"), Vault(seeds, signs)
    )


def cookie_name(settings: Settings) -> str:
    """Give the session cookie's name; `__Host-` only where the cookie is secure."""
    return "__Host-sid" if settings.secure_cookies else "sid"


def desk_for(settings: Settings, *, engine: Engine | None = None) -> Desk:
    """Wire everything a hand may reach."""
    keys = keys_for(settings)
    office = Office(engine or engine_for(settings.database_url), WallClock(), keys.vault)
    visitors = Visitors(office, cookie_name(settings))
    return Desk(
        office=office,
        mtnet=_mtnet(settings, office, keys),
        unseal=lambda person_id, sealed: keys.seal.open(sealed, person_id),
        uploads=settings.uploads,
        actor=visitors.actor,
        words=visitors.words,
        index=keys.index.of,
        seal=keys.seal.seal,
    )


def _mtnet(settings: Settings, office: Office, keys: Keys) -> MTNet:
    if settings.mtnet_url:
        return MTNetDoor(settings.mtnet_url.rstrip("/"), settings.mtnet_token)
    return EmbeddedMTNet(office, keys.index.of)
