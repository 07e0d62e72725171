"""Addresses of the public portal."""

from __future__ import annotations

from django.urls import path, register_converter

from yifa.portal import following, hearing, objecting, pages, participating, quizzing


class TokenConverter:
    """A case's code (26 letters of base32) or a badge's (32 hexadecimal digits)."""

    regex = "[A-Z2-7]{26}|[0-9a-f]{32}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TokenConverter, "token")

app_name = "portal"
urlpatterns = [
    path("", pages.home, name="home"),
    path("find/", pages.find, name="find"),
    path("v/<token:token>", pages.officer, name="officer"),
    path("c/<token:token>", pages.case, name="case"),
    path("c/<token:token>/open", pages.case_open, name="case_open"),
    path("c/<token:token>/documents/<uuid:document>", pages.case_document, name="case_document"),
    path("c/<token:token>/receipt", pages.case_receipt, name="case_receipt"),
    path("c/<token:token>/rate", pages.rate, name="rate"),
    path("complaints/", pages.complaint, name="complaint"),
    path("complaints/new", pages.complain, name="complain"),
    path("complaints/bodies", pages.bodies, name="bodies"),
    path("participate/", participating.consultations, name="consultations"),
    path("participate/opinion/", participating.opinion, name="opinion"),
    path("participate/questionnaires/<uuid:ident>/", participating.questionnaire, name="questionnaire"),
    path("participate/<uuid:ident>/", participating.consultation, name="consultation"),
    path("documents/<str:code>/objection/", objecting.new, name="object"),
    path("objections/", objecting.objection, name="objection"),
    path("decisions/follow/", following.follow, name="follow"),
    path("decisions/mail/<str:token>/", following.followed, name="followed"),
    path("decisions/hearings/", hearing.hearing_list, name="hearings"),
    path("decisions/hearings/mine/", hearing.application, name="application"),
    path("decisions/hearings/<uuid:ident>/", hearing.hearing, name="hearing"),
    path("quiz/", quizzing.quizzes, name="quizzes"),
    path("quiz/<str:slug>/", quizzing.attempt, name="quiz"),
    path("remedies/", pages.remedies, name="remedies"),
    path("log/", pages.log, name="log"),
    path("verify", pages.verify, name="verify"),
    path("elder/", pages.elder, name="elder"),
]
