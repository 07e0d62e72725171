"""What the worker does by the clock: files that nothing names any more are swept."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from yifa.documents import services as documents
from yifa.dossiers import services as dossiers


@app.periodic(cron="17 * * * *")
@app.task(name="sweep_uploads")
def sweep_uploads(timestamp: int) -> int:
    """Uploads whose time has run out; `timestamp` is the moment of the schedule, in seconds."""
    return dossiers.sweep(at=timezone.now())


@app.periodic(cron="47 * * * *")
@app.task(name="sweep_documents")
def sweep_documents(timestamp: int) -> int:
    """Documents of acts that were refused or died between rendering and recording."""
    return documents.sweep(at=timezone.now())
