"""The README's pictures: funnel, comparison and a lead, in both languages, taken of the running demo: `make shots`."""

import re
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from docs.house import chromium, demo, signed_in

PICTURES = Path(__file__).parent / "pictures"
LEADS = 300
SIZE = (1280, 940)


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="landfall-shots-"))
    folder.rmdir()  # the demo makes its own: as root it belongs to the database's user
    with demo(folder, LEADS) as address, chromium() as browser:
        for language in ("zh", "en"):
            with signed_in(browser, address, "manager", language=language, size=SIZE) as page:
                take(page, "/funnel", f"funnel-{language}")
                take(page, "/since", f"since-{language}")
                take(page, a_lead(page), f"lead-{language}")
    shutil.rmtree(folder)


def a_lead(page: Page) -> str:
    """The path of a lead with a story: the first that signed its intent."""
    page.goto("/leads?stage=intent_signed&sort=amount")
    links: list[str] = page.eval_on_selector_all("#results a", "all => all.map(a => a.getAttribute('href'))")
    return next(link for link in links if re.fullmatch(r"/leads/[0-9a-f-]{36}", link))


def take(page: Page, path: str, name: str) -> None:
    page.goto(path)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png")
    print(PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
