"""The site as it was YIFA_DAYS_AGO days ago, for a journey that a statutory wait lies in: thirty days before the public, say.

Served to a browser like the site itself; only a record that is a demonstration takes such a clock.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from yifa.site.wsgi import application as site  # first: it sets Django up

from yifa.procedures import take  # isort: skip

DAYS = int(os.environ["YIFA_DAYS_AGO"])
_now = timezone.now


def then() -> Any:
    return _now() - timedelta(days=DAYS)


timezone.now = then


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    with take.simulated(then()):
        return site(environ, start_response)
