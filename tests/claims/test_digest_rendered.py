"""The mail in a real browser: narrow and wide, light and dark, with the worst that an article may hold."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest

from claims.digest import compose as composing
from claims.digest.compose import Composed, compose
from claims.digest.layout import Image
from extractors.claim import Kind

from .digest_making import NOW, WEEK, ZONE, Told, a_week, says

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_browser = pytest.mark.skipif(BROWSER is None, reason="no Chromium here: apt-get install chromium")
WIDTHS = (360, 800)
PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg=="
)
HOSTILE = (
    Told(
        *("script", "wirewatch", "en", "<script>owned = 1</script>"),
        "<script>owned = 1</script><img src=x onerror='owned = 1'> \"quoted\" & </blockquote></div>",
        says(Kind.ORDER, "<script>owned = 1</script>", 9e9, object='" onmouseover="owned = 1'),
    ),
    Told(
        *("turned", "wirewatch", "en", "turned"),
        "Acme \u202eplans\u202c \u2066to\u2069 \u200fbuy\x1b[31m \x00\x07שלום 500 chips and مرحبا",
        says(Kind.ORDER, "\u202eAcme", 8e9, object="Board\u200f"),
    ),
    Told(
        *("long", "wirewatch", "en", "long"),
        f"{'Donaudampfschifffahrtsgesellschaft' * 30} orders 7 boards.",
        says(Kind.ORDER, "W" * 300, 7e9, object="ﷺ" * 40),
        url=f"https://wirewatch.example/{'a' * 700}",
    ),
)
# Runs in the page, after it is laid out; what it finds is handed over in the page itself.
PROBE = """
<script id="probe">
const channels = (text) => (text.match(/[0-9.]+/g) || []).map(Number);
const luminance = (rgb) => rgb.slice(0, 3).map((c) => c / 255)
  .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
  .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const background = (element) => {
  for (let each = element; each; each = each.parentElement) {
    const colour = channels(getComputedStyle(each).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour;
  }
  return [255, 255, 255];
};
const contrast = (element) => {
  const [one, other] = [channels(getComputedStyle(element).color), background(element)].map(luminance);
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
};
window.addEventListener("load", () => {
  const texts = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.data.trim() && !node.parentElement.closest("script")) {
      texts.push([contrast(node.parentElement), node.data.slice(0, 60)]);
    }
  }
  const edges = [...document.body.querySelectorAll("*")].map((e) => e.getBoundingClientRect());
  const found = {
    width: innerWidth, scroll: document.documentElement.scrollWidth,
    right: Math.max(...edges.map((e) => e.right)), left: Math.min(...edges.map((e) => e.left)),
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    paper: getComputedStyle(document.querySelector(".paper")).backgroundColor,
    texts: texts.length, pale: texts.filter(([ratio]) => ratio < 4.5),
    images: [...document.images].map((e) => [e.alt, e.naturalWidth, e.getBoundingClientRect().width]),
    scripts: document.scripts.length, owned: typeof owned !== "undefined",
    remote: performance.getEntriesByType("resource").map((e) => e.name).filter((n) => !n.startsWith("data:")),
  };
  const result = parent.document.createElement("pre");
  result.textContent = JSON.stringify(found);
  parent.document.body.append(result);
});
</script>
"""
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"),
    *("--hide-scrollbars", "--virtual-time-budget=2000"),
)


@pytest.fixture(scope="module")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Composed:
    path = tmp_path_factory.mktemp("digest") / "claims.db"
    a_week(path, HOSTILE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composing, "chart", lambda *_: (Image("thread-1@claims", PNG, 'A "chart" & <more>'),))
        found = compose(path, WEEK, language="de", zone=ZONE, now=NOW, most=10)
    assert found is not None
    return found


def rendered(composed: Composed, folder: Path, dark: bool) -> dict[int, dict[str, Any]]:
    """What the browser says of the page at each width: in frames, since its window is 500 wide at least."""
    data = b64encode(PNG).decode()
    page = composed.html.replace('"cid:thread-1@claims"', f'"data:image/png;base64,{data}"')
    assert "cid:" not in page
    inner = html.escape(page.replace("</body>", f"{PROBE}</body>"))
    frames = [f'<iframe style="border:0;width:{width}px;height:900px" srcdoc="{inner}">' for width in WIDTHS]
    file = folder / "mail.html"
    scheme = '<meta charset="utf-8"><meta name="color-scheme" content="light dark">'
    file.write_text(f"<!doctype html>{scheme}<body>{'</iframe>'.join(frames)}</iframe></body>", "utf-8")
    done = subprocess.run(
        [
            *(str(BROWSER), *FLAGS, f"--user-data-dir={folder / 'profile'}", "--dump-dom"),
            *(f"--blink-settings=preferredColorScheme={0 if dark else 1}", file.as_uri()),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    results = re.findall(r"<pre>(.*?)</pre>", done.stdout, re.DOTALL)
    assert len(results) == len(WIDTHS), done.stderr[-2000:]
    found = [json.loads(html.unescape(result)) for result in results]
    return {each["width"]: each for each in found}


@needs_browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_mail_can_be_read(composed: Composed, tmp_path: Path, dark: bool) -> None:
    every = rendered(composed, tmp_path, dark)
    assert set(every) == set(WIDTHS)
    for width, found in every.items():
        assert found["dark"] == dark
        assert found["paper"] == ("rgb(22, 27, 34)" if dark else "rgb(255, 255, 255)")
        assert found["scroll"] <= width
        assert found["left"] >= 0 and found["right"] <= width
        assert found["texts"] > 100
        assert found["pale"] == []
        assert [alt for alt, *_ in found["images"]] == ['A "chart" & <more>']
        assert all(0 < shown <= width for _, _, shown in found["images"])
        assert found["scripts"] == 1  # the probe itself
        assert not found["owned"]
        assert found["remote"] == []


@needs_browser
def test_the_probe_sees_what_is_wrong(composed: Composed, tmp_path: Path) -> None:
    """Pale words, a page too wide, a picture without words, a script: else the test above could not fail."""
    wrong = (
        '<p style="color:#999">pale</p><div style="width:500px">wide</div>'
        f'<img src="data:image/png;base64,{b64encode(PNG).decode()}"><script>owned = 1</script></body>'
    )
    broken = Composed(composed.subject, composed.text, composed.html.replace("</body>", wrong))
    found = rendered(broken, tmp_path, dark=False)[360]
    assert [text for _, text in found["pale"]] == ["pale"]
    assert found["scroll"] > 360
    assert "" in [alt for alt, *_ in found["images"]]
    assert found["scripts"] == 2
    assert found["owned"]


def test_what_an_article_holds_stays_text(composed: Composed) -> None:
    assert "<script" not in composed.html
    assert "&lt;script&gt;owned = 1&lt;/script&gt;" in composed.html
    assert "שלום" in composed.html
    for text in (composed.html, composed.text, composed.subject):
        assert not set("\u202e\u202c\u2066\u2069\u200f\x1b\x00\x07") & set(text)
