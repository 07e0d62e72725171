"""What every answer tells the browser to refuse."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client

from yifa.dossiers.media import origin
from yifa.site.headers import HeadersMiddleware


def rules(policy: str) -> dict[str, list[str]]:
    """A content security policy by its directives."""
    return {name: sources for name, *sources in (part.split() for part in policy.split(";"))}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/people/sign-in/", f"/c/{'A' * 26}", "/nothing/here/", "/api/v1/openapi.json"])
def test_every_answer_refuses_foreign_and_inline_script(path: str) -> None:
    answer = Client().get(path)
    found = rules(answer["Content-Security-Policy"])
    assert found["default-src"] == ["'none'"]
    assert found["script-src"] == found["connect-src"] == found["form-action"] == ["'self'"]
    assert found["img-src"] == ["'self'", "data:", origin()]
    assert found["media-src"] == ["'self'", origin()]
    assert found["frame-ancestors"] == found["base-uri"] == ["'none'"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert "camera=(self)" in answer["Permissions-Policy"]
    assert "payment=()" in answer["Permissions-Policy"]


@pytest.mark.django_db
def test_the_verifier_may_run_the_one_script_that_stands_in_it() -> None:
    answer = Client().get("/verify")
    scripts = re.findall(r'<script type="module">(.*?)</script>', answer.content.decode(), re.DOTALL)
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts]
    assert rules(answer["Content-Security-Policy"])["script-src"] == ["'self'", *hashes]


def test_the_media_origin_keeps_its_own_stricter_words() -> None:
    answer = Client().get("/" + "a" * 64 + "/x.jpg", headers={"Host": settings.MEDIA_HOST})
    assert answer["Content-Security-Policy"].endswith("sandbox")
    assert "Permissions-Policy" not in answer


def test_an_answer_that_brings_its_own_policy_keeps_it() -> None:
    own = HttpResponse(headers={"Content-Security-Policy": "default-src 'none'"})
    request = HttpRequest()
    request.path_info = "/"
    assert HeadersMiddleware(lambda _: own)(request)["Content-Security-Policy"] == "default-src 'none'"
