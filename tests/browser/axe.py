"""What axe finds on a page: WCAG 2.1 A and AA, its serious and critical findings."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


def serious(page: Page) -> list[str]:
    """Each finding that keeps somebody out, with the element it is about."""
    page.wait_for_load_state("load")  # with its styles
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
