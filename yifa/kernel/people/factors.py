"""The second factor: TOTP and security keys, kept by django-allauth's authenticators; the secret is sealed at rest."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings
from django.core.exceptions import ValidationError

from yifa.kernel.people import sealing
from yifa.kernel.people.models import Person

ISSUER = "依法"


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """allauth's door to this installation: seals the TOTP secret and names the relying party by the public address."""

    def encrypt(self, text: str) -> str:
        return sealing.seal(text).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(bytes.fromhex(encrypted_text))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": urlsplit(settings.PUBLIC_URL).hostname or "localhost", "name": ISSUER}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        return {"id": str(user.pk).encode(), "display_name": user.name, "name": user.login}


def optional() -> bool:
    """Only in demonstrations and drills may an account go without a second factor; the page says so."""
    return str(settings.LOG_ORIGIN).startswith(("demo.", "drill."))


def kinds(person: Person) -> set[str]:
    """Which factors the person has enrolled."""
    wanted = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return set(Authenticator.objects.filter(user=person, type__in=wanted).values_list("type", flat=True))


def new_secret() -> str:
    return str(generate_totp_secret())


def address(person: Person, secret: str) -> str:
    """The otpauth address that the enrolment page shows as a QR code."""
    label = quote(f"{ISSUER}:{person.login}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': ISSUER, 'algorithm': 'SHA1', 'digits': 6, 'period': 30})}"


def enrol_code(person: Person, secret: str, code: str) -> bool:
    """Bind an authenticator app, replacing an earlier one; the code proves that the app has the secret."""
    if not validate_totp_code(secret, code):
        return False
    Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(person, secret)
    return True


def check_code(person: Person, code: str) -> bool:
    """Does the app's code fit now? A code is taken once."""
    held = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first()
    return held is not None and bool(TOTP(held).validate_code("".join(code.split())))


def begin_key(person: Person) -> dict[str, Any]:
    """The challenge for a new security key; its state waits in the session."""
    return dict(webauthn.begin_registration(person, False))


def enrol_key(person: Person, name: str, credential: dict[str, Any]) -> bool:
    try:
        webauthn.parse_registration_response(credential)
        webauthn.complete_registration(credential)
    except ValidationError:
        return False
    WebAuthn.add(person, name or "安全密钥", credential)
    return True


def ask_key(person: Person) -> dict[str, Any]:
    """The challenge for signing in with a security key."""
    return dict(webauthn.begin_authentication(person))


def check_key(person: Person, credential: dict[str, Any]) -> bool:
    try:
        webauthn.parse_authentication_response(credential)
        webauthn.complete_authentication(person, credential)
    except ValidationError:
        return False
    return True
