"""Committed parameters and overrides as one pure table, kept in memory until an override is made."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from time import monotonic

from django.apps import apps
from django.db import connection

from yifa.kernel.parameters.files import article, load
from yifa.kernel.parameters.models import Override
from yifa.kernel.parameters.models import Proposal as Proposal  # readers above are handed it
from yifa.kernel.parameters.rules import Parameter, Parameters

# What a reader in the middle of its own statement asks along, so that it needs no exchange to know whether its copy is current.
STAMP = "(SELECT coalesce(max(id), 0) FROM parameters_override)"
SECONDS = 5.0

_lock = Lock()
_held: dict[str, tuple[int, float, Parameters]] = {}
_extra: list[Path] = []


def parameters(stamp: int | None = None) -> Parameters:
    """The table as of `stamp` (the value of STAMP); without one, a copy that was checked within the last five seconds."""
    database = str(connection.settings_dict["NAME"])
    held = _held.get(database)
    if held and (held[0] == stamp if stamp is not None else monotonic() - held[1] < SECONDS):
        return held[2]
    with _lock:
        now = stamp if stamp is not None else current_stamp()
        if not held or held[0] != now:
            held = (now, 0.0, Parameters([*committed(), *overrides()]))
        _held[database] = (held[0], monotonic(), held[2])
    return held[2]


def current_stamp() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {STAMP}")
        return int(cursor.fetchone()[0])


def forget() -> None:
    """The next reader reads anew."""
    _held.clear()


def install(folders: Iterable[Path]) -> None:
    """Folders of contexts that are no Django apps (a test's, a plug-in's)."""
    _extra[:] = folders
    forget()


def committed() -> list[Parameter]:
    """`parameters/*.toml` of every installed app. A tie between two of them is an error when the table is built."""
    return load([*(Path(config.path) / "parameters" for config in apps.get_app_configs()), *_extra])


def overrides() -> list[Parameter]:
    """What holds of the overrides: all but those that were withdrawn before they came into effect."""
    rows = list(Override.objects.select_related("proposal").order_by("id"))
    gone = {row.withdraws_id for row in rows if row.withdrawn}
    return [_parameter(row) for row in rows if not row.withdrawn and row.pk not in gone]


def proposed(proposal: Proposal) -> Parameter:
    """The parameter a proposal would set; a later act than all others."""
    cites = tuple(article(text) for text in proposal.cites)
    return Parameter(
        name=proposal.name,
        value=proposal.value,
        unit=proposal.unit,
        cites=cites,
        region=proposal.region,
        sector=proposal.sector,
        valid_from=proposal.valid_from,
        valid_to=proposal.valid_to,
        note=proposal.reason,
        source=f"本地设定第{proposal.pk}号" if proposal.pk else "本地设定",
        rank=current_stamp() + 1,
    )


def with_proposal(proposal: Proposal) -> Parameters:
    """The table as it would be."""
    return Parameters([*committed(), *overrides(), proposed(proposal)])


def proposals(limit: int = 200) -> list[Proposal]:
    """What was proposed and decided, newest first."""
    return list(Proposal.objects.order_by("-pk")[:limit])


def proposal(number: int) -> Proposal | None:
    return Proposal.objects.filter(pk=number).first()


def _parameter(row: Override) -> Parameter:
    made: Proposal | None = getattr(row, "proposal", None)
    return Parameter(
        name=row.name,
        value=row.value,
        unit=row.unit,
        cites=tuple(article(text) for text in row.cites),
        region=row.region,
        sector=row.sector,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        note=row.note,
        source=f"本地设定第{made.pk}号，{made.proposed_name}提出、{made.decided_name}批准" if made else f"本地设定第{row.pk}号",
        rank=row.pk,
    )
