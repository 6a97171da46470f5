"""Take a picture of the page with a real search in it: ``python -m benchmarks.screenshot docs/images/page.png``.

Needs Debian's ``chromium`` and a sample that is learned and indexed (``make sample``).
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx

from benchmarks.latency import free_port, start, wait_until_ready

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--virtual-time-budget=8000",
)


def main(picture: Path) -> int:
    """Start the service, take the picture, stop the service; 1 where there is no browser."""
    browser = shutil.which("chromium")
    if browser is None:
        print("no chromium found; install it (`apt-get install chromium`) and try again", file=sys.stderr)
        return 1
    picture.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        server = start(port, Path(folder))
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                wait_until_ready(client)
            profile = f"--user-data-dir={folder}/browser"
            address = f"http://127.0.0.1:{port}/?lang=en#q=Umlaut im Dateinamen"
            command = [browser, *_FLAGS, profile, "--window-size=1280,1100", f"--screenshot={picture}", address]
            subprocess.run(command, check=True, capture_output=True, timeout=120)
        finally:
            server.terminate()
            server.wait(timeout=30)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
