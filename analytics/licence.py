"""Under which licence the public tables may be used, and what internal files are marked with."""

from services.words import mark

NAME = mark("Open Government Data License, version 1.0 (Taiwan)")
IDENTIFIER = "OGDL-Taiwan-1.0"
URL = "https://data.gov.tw/license"
ATTRIBUTION = mark("Source: Maritime and Port Bureau, MOTC, Seafarer Training Portal")
TERMS = mark(
    "Open Government Data License, version 1.0 (Taiwan). Name the source: Maritime and Port "
    "Bureau, Seafarer Training Portal."
)
INTERNAL = mark("For the work of MPB and the institutions only; not for publication.")
