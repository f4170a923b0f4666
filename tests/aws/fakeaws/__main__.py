"""Runs the server: python3 -m fakeaws --ready FILE. Started by server.py; ends with its standard input."""

import argparse
import gc
import os
import sys
import threading
from pathlib import Path

from . import motoapp
from .answers import request_id
from .app import App
from .tls import context_in
from .web import Server


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ready", required=True, help="a file that gets the server's address once it listens")
    parser.add_argument("--tls", metavar="FOLDER", help="makes certificates there, and uses them")
    given = parser.parse_args()
    # The services' descriptions make up most of the memory, and live as long as the server: looking through them for
    # garbage again and again takes a tenth of the time.
    gc.set_threshold(100_000, 50, 1000)
    motoapp.assert_version()
    app = App()
    context = context_in(Path(given.tls)) if given.tls else None
    server = Server(("127.0.0.1", given.port), app, lambda: app.settings["clock_offset"], request_id, context)
    app.control.on_stop = lambda: os.close(0)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    scheme = "https" if context else "http"
    beside = Path(given.ready + ".new")
    beside.write_text(f"{scheme}://127.0.0.1:{server.server_address[1]}\n")
    beside.rename(given.ready)
    sys.stdin.buffer.read()
    server.stop()
    os._exit(0)  # connections that hang have threads that wait


if __name__ == "__main__":
    main()
