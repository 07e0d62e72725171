"""What every page writes the same way: addresses of built files, days, moments, money."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import segno
from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from yifa.site.frame import CHINA, short_day

register = template.Library()
DIST = Path(settings.PACKAGE) / "site" / "static" / "dist"


@lru_cache(maxsize=4)
def manifest(changed: float) -> dict[str, str]:
    """Source name -> built name; `changed` is the manifest's time, so that a new build is seen without a restart."""
    entries = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    return {key.removeprefix("src/"): entry["file"] for key, entry in entries.items()}


def built(name: str) -> str:
    """The hashed file of a source; the plain name before the first build, so that a page never fails for its looks."""
    path = DIST / "manifest.json"
    return manifest(path.stat().st_mtime).get(name, name) if path.exists() else name


@register.simple_tag
def asset(name: str) -> str:
    return f"{settings.STATIC_URL}dist/{built(name)}"


@register.simple_tag
def inline(name: str) -> SafeString:
    """A built file's own text inside the page (the verifier must work from a saved copy)."""
    path = Path(f"{DIST}/{built(name)}")
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return mark_safe(text.replace("</script", "<\\/script").replace("</style", "<\\/style"))  # noqa: S308  our own build, and it cannot close its element


@register.simple_tag
def qr(path: str) -> SafeString:
    """The two-dimensional code of one of our own addresses, drawn in place; beside it the page says in words where it leads."""
    drawn = segno.make(f"{settings.PUBLIC_URL}{path}", error="m", micro=False)
    text = drawn.svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None).replace("<svg", '<svg width="68" height="68"', 1)
    return mark_safe(text)  # noqa: S308  squares, no text


@register.filter
def elapsed(start: dt.date | None, due: dt.date | None) -> int | None:
    """How much of a term has gone, 0 to 100; None when there is no term to show."""
    if not start or not due:
        return None
    whole, gone = (due - start).days, (timezone.localdate() - start).days
    return 100 if gone >= whole else max(0, round(100 * gone / whole))


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """11-22 周日, for lists; the year stands before it when it is not this one."""
    return short_day(value, timezone.localdate()) if value else ""


@register.filter
def long_day(value: dt.date | dt.datetime | None) -> str:
    """2026年11月22日, for documents and answers."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        value = value.astimezone(CHINA)
    return f"{value.year}年{value.month}月{value.day}日"


@register.filter
def moment(value: dt.datetime | str | None) -> str:
    """11-22 10:03, in China's time."""
    if not value:
        return ""
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value)
    here = value.astimezone(CHINA)
    year = "" if here.year == timezone.localdate().year else f"{here.year}-"
    return f"{year}{here:%m-%d %H:%M}"


BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Chrome", "Chrome"),
    ("Firefox", "Firefox"),
    ("Safari", "Safari"),
)
SYSTEMS = (("Windows", "Windows"), ("Android", "安卓"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "Mac"), ("Linux", "Linux"))


@register.filter
def browser(agent: str) -> str:
    """Chrome · Windows; a program that is no browser by the start of its own name."""
    name = next((words for mark, words in BROWSERS if mark in agent), "")
    system = next((words for mark, words in SYSTEMS if mark in agent), "")
    return " · ".join(each for each in (name, system) if each) or agent[:30] or "—"


@register.filter
def fen(value: int | None) -> str:
    """Fen as yuan: 2,000.00."""
    return "" if value is None else f"{Decimal(value) / 100:,.2f}"


@register.filter
def yuan(value: int | Decimal | str | None) -> str:
    """Yuan as the declared inputs carry them: 2,000.00."""
    return "" if value in {None, ""} else f"{Decimal(str(value)):,.2f}"


@register.filter
def item(mapping: object, key: object) -> object:
    """`mapping|item:key`, for forms whose keys are data."""
    return mapping.get(key) if isinstance(mapping, dict) else None
