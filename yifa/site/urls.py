"""Addresses of the whole site, one line an app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from yifa.documents import urls as documents
from yifa.documents.queries import papers
from yifa.dossiers import urls as dossiers
from yifa.laws import watch_urls
from yifa.procedures.resting import open_cases
from yifa.site import notice, overrides
from yifa.site.api import api, problems_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("yifa.kernel.people.urls")),
    path("grants/", include("yifa.kernel.access.urls")),
    path("desk/participation/", include("yifa.participation.urls")),
    path("desk/normative/review/", include("yifa.normative.review_urls")),
    path("desk/normative/objections/", include("yifa.normative.objection_urls")),
    path("desk/normative/drafts/", include("yifa.normative.word_urls")),
    path("desk/normative/", include("yifa.normative.register_urls")),
    path("documents/", include("yifa.normative.public_urls")),
    path("desk/decisions/clues/", include("yifa.decisions.clue_urls")),
    path("desk/decisions/templates/", include("yifa.decisions.template_urls")),
    path("desk/decisions/experts/", include("yifa.decisions.expert_urls")),
    path("desk/decisions/hearings/", include("yifa.decisions.hearing_urls")),
    path("desk/decisions/", include("yifa.decisions.desk_urls")),
    path("decisions/", include("yifa.decisions.public_urls")),
    path("desk/", include("yifa.procedures.urls")),
    *watch_urls.urls(open_cases, cleanups="/desk/normative/cleanups/"),
    path("laws/", include("yifa.laws.urls")),
    path("calendar/enter/", notice.enter),
    path("calendar/", include("yifa.kernel.calendar.urls")),
    path("parameters/propose/", overrides.propose, name="propose"),
    path("parameters/proposals/<int:proposal>/", overrides.proposal, name="proposal"),
    path("parameters/proposals/<int:proposal>/<slug:act>/", overrides.decide, name="decide_proposal"),
    path("parameters/", include("yifa.kernel.parameters.urls")),
    *dossiers.urls(papers),
    *documents.urls(papers),
    path("supervision/", include("yifa.supervision.complaint_urls")),
    path("supervision/figures/", include("yifa.supervision.figure_urls")),
    path("assessment/", include("yifa.assessment.urls")),
    path("evaluation/", include("yifa.evaluation.urls")),
    path("", include("yifa.disclosure.urls")),
    path("", include("yifa.portal.urls")),
    path("log/", include("yifa.kernel.ledger.urls")),
    path("api/v1/problems", problems_page, name="problems"),
    path("api/v1/", api.urls),
]
