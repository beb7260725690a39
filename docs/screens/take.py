"""Takes the pictures of this folder from the sample pages that the tests of `web` write out.

    cargo test -p web
    python3 docs/screens/take.py /tmp/payphone-pages

Each has a palette and at most 80 kB. It needs Chromium and Pillow.
"""

import pathlib
import subprocess
import sys
import tempfile

from PIL import Image

# The page, the window, and whether it is dark.
SHOWN = [
    ("welcome", 320, 900, False),
    ("setup-begun", 1280, 1000, False),
    ("overview", 1280, 1150, False),
    ("overview.de", 1280, 1150, True),
    ("usage", 1280, 1000, True),
    ("hour-accepted", 768, 1000, False),
    ("subscription", 1280, 1000, False),
    ("keys", 1280, 1000, True),
    ("api-keys", 1280, 1200, False),
    ("api-keys", 320, 1200, True),
    ("api-keys-revoke", 768, 700, False),
    ("people", 1280, 1000, False),
    ("people", 320, 1400, False),
    ("account", 768, 1200, True),
    ("activity", 1280, 900, True),
    ("operator-registrations", 1280, 900, False),
    ("error-role", 768, 700, False),
    ("docs", 1280, 900, False),
    ("design", 768, 1400, True),
]
MOST = 80_000
# A headless window is at least this wide: what is narrower stands in a frame.
NARROWEST = 500


def take(pages: pathlib.Path, page: str, width: int, height: int, dark: bool) -> Image.Image:
    """The page in a window of that size."""
    with tempfile.TemporaryDirectory(dir=pages) as folder:
        shown = pages / f"{page}.html"
        if width < NARROWEST:
            shown = pathlib.Path(folder) / "frame.html"
            frame = f"<iframe src='../{page}.html' width={width} height={height} style='border:0'>"
            shown.write_text(f"<body style='margin:0'>{frame}</iframe>")
        picture = pathlib.Path(folder) / "picture.png"
        subprocess.run(
            [
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                f"--window-size={max(width, NARROWEST)},{height}",
                f"--blink-settings=preferredColorScheme={0 if dark else 1}",
                f"--screenshot={picture}",
                shown.resolve().as_uri(),
            ],
            check=True,
            stderr=subprocess.DEVNULL,
        )
        return Image.open(picture).convert("RGB").crop((0, 0, width, height))


def keep(picture: Image.Image, file: pathlib.Path) -> None:
    """With as many colours as fit."""
    for colours in (128, 64, 32, 16):
        picture.quantize(colours, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
        if file.stat().st_size <= MOST:
            return
    raise SystemExit(f"{file} is too large with any palette")


def main(pages: pathlib.Path) -> None:
    """Writes each beside this file."""
    for page, width, height, dark in SHOWN:
        look = "dark" if dark else "light"
        file = pathlib.Path(__file__).parent / f"{page}-{width}-{look}.png"
        keep(take(pages, page, width, height, dark), file)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
