"""参数: every legal number with its article and who set it, and what was proposed. Public law: everybody who signs in may read it."""

from __future__ import annotations

from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yifa.kernel.parameters import queries


@login_required
def parameters(request: HttpRequest) -> HttpResponse:
    table = queries.parameters()
    groups = [(name, list(rows)) for name, rows in groupby(table, key=lambda each: each.name)]
    return render(request, "parameters/parameters.html", {"groups": groups, "proposals": queries.proposals()})
