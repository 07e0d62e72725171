"""What every answer tells the browser to refuse: foreign and inline script, frames, devices that no page uses.

The media origin and what is downloaded from it carry their own, stricter words (yifa.dossiers.media); they never come this far.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import lru_cache

from django.http import HttpRequest, HttpResponseBase

from yifa.dossiers.media import origin
from yifa.site.templatetags.page import inline

# A roadside page takes pictures, sound and a place, and signs in with a key; nothing else of the device is ever asked for.
PERMISSIONS = (
    "camera=(self), microphone=(self), geolocation=(self), publickey-credentials-get=(self), publickey-credentials-create=(self), "
    "display-capture=(), payment=(), usb=(), serial=(), bluetooth=(), midi=(), browsing-topics=()"
)
VERIFIER = "/verify"


def policy(*hashes: str, media: str) -> str:
    """The content security policy; `hashes` are those of scripts that stand in the page itself (the verifier only).

    Styles may stand in the page: the verifier carries its own, and the drawings of charts and documents set theirs.
    """
    scripts = " ".join(["'self'", *(f"'sha256-{each}'" for each in hashes)])
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: {media}; "
        f"media-src 'self' {media}; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )


@lru_cache(maxsize=4)
def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


class HeadersMiddleware:
    """Stands above Django's security middleware, so that answers given early carry the same words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.media = origin()
        self.policy = policy(media=self.media)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        own = policy(_hash(inline("verify.js")), media=self.media) if request.path_info == VERIFIER else self.policy
        response.headers.setdefault("Content-Security-Policy", own)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response
