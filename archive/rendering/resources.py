"""What travels with the package as data: templates, styles, fonts, standing pages."""

from importlib.resources import files
from importlib.resources.abc import Traversable

DATA = files("archive") / "data"


def style_sheet() -> bytes:
    """Return the one style sheet: the files of `site/styles`, in the order of their names."""
    parts = _by_name(DATA / "site" / "styles")
    return b"\n".join(part.read_bytes() for part in parts if part.name.endswith(".css"))


def style_sheet_without_fonts() -> bytes:
    """Return the style sheet for a page that stands alone, which no font file lies beside."""
    parts = _by_name(DATA / "site" / "styles")
    alone = (part for part in parts if part.name.endswith(".css") and "faces" not in part.name)
    return b"\n".join(part.read_bytes() for part in alone)


def assets() -> dict[str, bytes]:
    """Return what every site carries beside its pages, by path."""
    files = _by_name(DATA / "site" / "fonts")
    fonts = {f"fonts/{file.name}": file.read_bytes() for file in files if file.name != "README.md"}
    icon = (DATA / "site" / "icon.svg").read_bytes()
    return {**fonts, "icon.svg": icon, "styles/site.css": style_sheet()}


def standing_pages() -> dict[str, str]:
    """Return the Markdown of the standing pages that ship, by slug."""
    pages = _by_name(DATA / "site" / "pages")
    return {page.name.removesuffix(".md"): page.read_text("utf-8") for page in pages}


def _by_name(folder: Traversable) -> list[Traversable]:
    return sorted(folder.iterdir(), key=lambda item: item.name)
