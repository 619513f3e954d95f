"""Gather every table for migrations and tests."""

from services.catalogue import records as _catalogue
from services.checkpoints import records as _checkpoints
from services.identity import records as _identity
from services.kernel import records as _kernel
from services.kernel.db import metadata
from services.lottery import records as _lottery
from services.mtnet import records as _mtnet
from services.notices import records as _notices
from services.registration import records as _registration
from services.reports import records as _reports
from services.tally import records as _tally

__all__ = ["metadata"]
TABLES = (
    _catalogue,
    _checkpoints,
    _identity,
    _kernel,
    _lottery,
    _mtnet,
    _notices,
    _registration,
    _reports,
    _tally,
)
