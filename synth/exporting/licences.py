"""Licences of the source questions, in the Hub's words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

_KNOWN: Final = """
afl-3.0 agpl-3.0 apache-2.0 artistic-2.0 bigcode-openrail-m bigscience-bloom-rail-1.0 bigscience-openrail-m
bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear bsl-1.0 c-uda cc cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0
cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0
cc-by-nc-sa-4.0 cc-by-nd-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc0-1.0 cdla-permissive-1.0 cdla-permissive-2.0
cdla-sharing-1.0 creativeml-openrail-m deepfloyd-if-license ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1
eupl-1.2 gemma gfdl gpl gpl-2.0 gpl-3.0 isc lgpl lgpl-2.1 lgpl-3.0 lgpl-lr llama2 llama3 llama3.1 llama3.2
llama3.3 lppl-1.3c mit mpl-2.0 ms-pl ncsa odbl odc-by ofl-1.1 openrail openrail++ osl-3.0 pddl postgresql
unknown unlicense wtfpl zlib
"""

HUB: Final = frozenset(_KNOWN.split())
"""Identifiers that the Hub takes as `license`."""


def licence_keys(licences: Iterable[str | None]) -> dict[str, Any]:
    """The front matter's licence keys: the one licence, or `other` with the names of them all."""
    found = sorted({_identifier(licence) for licence in licences if licence and licence.strip()})
    if not found:
        return {"license": "unknown"}
    if len(found) == 1 and found[0] in HUB:
        return {"license": found[0]}
    name = "-and-".join(found)[:100].rstrip("-")
    return {"license": "other", "license_name": name, "license_details": ", ".join(found)}


def _identifier(licence: str) -> str:
    words = licence.strip().lower().replace("_", "-").split()
    return "-".join("".join(mark for mark in word if mark.isalnum() or mark in "-.+") for word in words)
