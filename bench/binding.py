"""`binding`: a case of 500 scanned pages bound into one file against pypdf, which merely joins the same files.

Both sides begin with twenty files of 25 pages, some 224 MB, and end with one file on the disk. Ours proves every file by its SHA-256, sets
cover, catalogue and counts, numbers every page and writes an outline; the peer does none of that. What either side takes of memory is
measured once, before all rounds, and ours has a limit.
"""

from __future__ import annotations

import gc
import io
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from PIL import Image
from pypdf import PdfReader, PdfWriter

from yifa.documents.binding import Cover, Head, bind
from yifa.dossiers import store
from yifa.dossiers.catalogue import Paper, Place, arrange

ROUNDS = 9
FILES, PAGES = 20, 25
GOAL = 0.5
MOST_MEMORY = 64  # MB beyond what the process held
SIZE, QUALITY = (1240, 1754), 12  # A4 at 150 points an inch, noise, some 450 KB: as scanners write
BEGAN = datetime(2026, 3, 2, tzinfo=UTC)


def binding() -> dict[str, object]:
    """One row for the table of `make bench`."""
    pictures = [_picture(n) for n in range(PAGES)]
    with tempfile.TemporaryDirectory() as folder:
        settings.configure(FONTS="", FILES=Path(folder) / "files")
        target = Path(folder) / "bound.pdf"
        memory = _memory(_papers(pictures, -1), target)
        rounds, spent, size = [], {"ours": 0.0, "theirs": 0.0}, 0
        for turn in range(ROUNDS):
            papers = _papers(pictures, turn)
            size = sum(store.path(paper.sha256).stat().st_size for paper in papers)
            took = {}
            for name in sorted(SIDES, reverse=bool(turn % 2)):
                began = time.perf_counter()
                with target.open("wb") as out:
                    SIDES[name](papers, out)
                took[name] = time.perf_counter() - began
                spent[name] += took[name]
            _throw_away(papers)
            rounds.append(took["theirs"] / took["ours"])
    ours, theirs = (FILES * PAGES * ROUNDS / spent[name] for name in ("ours", "theirs"))
    return {
        "name": "binding",
        "ratio": round(statistics.median(rounds), 2),
        "goal": GOAL,
        "rounds": [round(ratio, 2) for ratio in rounds],
        "unit": "of the pages per second of pypdf's joining",
        "note": f"{FILES * PAGES} scanned pages, {size / 1e6:.0f} MB: {ours:.0f} pages/s in {memory['ours']} MB of memory "
        f"(limit {MOST_MEMORY}), pypdf {theirs:.0f} in {memory['theirs']} MB; pages counted",
    }


def _ours(papers: Sequence[Paper], out: BinaryIO) -> None:
    cover = Cover("样本局", "样本案卷", "1502030011-31-2026-000018-3", (("案件编号", "样本"),))
    bound = bind(out, cover=cover, volumes=arrange(papers), head=Head("bench", 1, "ab" * 32), day=date(2026, 9, 1))
    if bound.sheets != len(papers) * PAGES or bound.left_out:
        raise AssertionError(f"{bound.sheets} pages of {len(papers) * PAGES} were bound; left out: {bound.left_out}")


def _theirs(papers: Sequence[Paper], out: BinaryIO) -> None:
    writer = PdfWriter()
    for paper in papers:
        writer.append(store.path(paper.sha256))
    writer.write(out)


SIDES: dict[str, Callable[[Sequence[Paper], BinaryIO], None]] = {"ours": _ours, "theirs": _theirs}


def _memory(papers: Sequence[Paper], target: Path) -> dict[str, int]:
    """MB that each side takes at its highest beyond what the process holds after one file (the fonts are in memory then); ours first, so
    that it finds nothing left over.
    """
    found = {}
    for name, write in SIDES.items():
        with target.open("wb") as out:
            write(papers[:1], out)
        gc.collect()
        Path("/proc/self/clear_refs").write_text("5")
        before = _held("VmRSS")
        with target.open("wb") as out:
            write(papers, out)
        found[name] = _held("VmHWM") - before
        pages = len(PdfReader(target).pages)
        if pages < FILES * PAGES:
            raise AssertionError(f"{name}: {pages} pages in the file")
    _throw_away(papers)
    if found["ours"] > MOST_MEMORY:
        raise AssertionError(f"binding took {found['ours']} MB")
    return found


def _held(name: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) // 1024


def _papers(pictures: Sequence[bytes], turn: int) -> list[Paper]:
    """The files of one round, in the store: no page is like another, in this round or any other."""
    found = []
    for n in range(FILES):
        pages = [_marked(picture, f"{turn} {n} {page}") for page, picture in enumerate(pictures)]
        kept = store.put(_scan(pages))
        at = BEGAN + timedelta(minutes=n)
        found.append(Paper(f"{n:04d}", f"扫描件{n + 1}", Place.EVIDENCE, at, len(pages), sha256=kept.sha256))
    return found


def _throw_away(papers: Sequence[Paper]) -> None:
    for paper in papers:
        store.path(paper.sha256).unlink()


def _picture(seed: int) -> bytes:
    noise = random.Random(seed).randbytes(SIZE[0] * SIZE[1])  # noqa: S311  # what a scanner sees is not secret
    out = io.BytesIO()
    Image.frombytes("L", SIZE, noise).convert("RGB").save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _marked(jpeg: bytes, word: str) -> bytes:
    """The picture with a comment of its own (ITU-T T.81 B.2.4.5)."""
    said = word.encode()
    return jpeg[:2] + b"\xff\xfe" + (len(said) + 2).to_bytes(2, "big") + said + jpeg[2:]


def _scan(pictures: Sequence[bytes]) -> bytes:
    """A PDF with a picture on each page, as scanners write them."""
    out, places = io.BytesIO(), []

    def put(head: str, stream: bytes | None = None) -> None:
        places.append(out.tell())
        out.write(f"{len(places)} 0 obj\n".encode())
        out.write(head.encode() if stream is None else f"{head[:-2]}/Length {len(stream)}>>\nstream\n".encode() + stream + b"\nendstream")
        out.write(b"\nendobj\n")

    out.write(b"%PDF-1.4\n")
    put("<</Type/Catalog/Pages 2 0 R>>")
    put(f"<</Type/Pages/Count {len(pictures)}/Kids[{' '.join(f'{3 + 3 * n} 0 R' for n in range(len(pictures)))}]>>")
    width, height = SIZE
    for jpeg in pictures:
        own = len(places) + 1
        put(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I {own + 1} 0 R>>>>/Contents {own + 2} 0 R>>")
        look = f"/Width {width}/Height {height}/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode"
        put(f"<</Type/XObject/Subtype/Image{look}>>", jpeg)
        put("<<>>", b"q 595 0 0 842 0 0 cm /I Do Q")
    table = out.tell()
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    out.write(f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{rows}".encode())
    out.write(f"trailer\n<</Size {len(places) + 1}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n".encode())
    return out.getvalue()


if __name__ == "__main__":
    import json

    print(json.dumps(binding(), ensure_ascii=False, indent=1))
