"""moto's server behind ours: it answers what we don't."""

import io
import threading
from importlib.metadata import version

from .answers import Answer

# moto's internals (its WSGI application, the x-moto-account-id header) are used, so its version is pinned.
MOTO_VERSION = "5.2.1"


def assert_version():
    found = version("moto")
    if found != MOTO_VERSION:
        raise SystemExit(f"moto {found} is installed; this server is made for {MOTO_VERSION}")


class Moto:
    """Started at the first request that needs it: that takes a second, and many tests never do."""

    def __init__(self):
        self.lock = threading.Lock()
        self.app = None

    def _application(self):
        with self.lock:
            if self.app is None:
                from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
                self.app = DomainDispatcherApplication(create_backend_app)
            return self.app

    def answer(self, call):
        """moto's answer, or None where moto has none (it says so with a page of HTML and 500)."""
        request = call.request
        environ = {
            "REQUEST_METHOD": request.method, "PATH_INFO": request.path, "QUERY_STRING": request.query, "SCRIPT_NAME": "",
            "RAW_URI": request.target, "REQUEST_URI": request.target,
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(request.body),
            "wsgi.errors": io.StringIO(), "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
            "CONTENT_LENGTH": str(len(request.body)),
        }
        for name, value in request.headers:
            if name.lower() == "content-type":
                environ["CONTENT_TYPE"] = value
            elif name.lower() not in ("content-length", "transfer-encoding"):
                environ["HTTP_" + name.upper().replace("-", "_")] = value
        # moto takes the Region from words in the user agent; we take it from the signature alone.
        environ["HTTP_USER_AGENT"] = "fakeaws"
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = call.account
        started = {}

        def start_response(status, headers, exc_info=None):
            started["status"], started["headers"] = int(status.split()[0]), headers

        try:
            body = b"".join(self._application()(environ, start_response))
        except Exception:  # moto's debug mode raises where it has no such operation
            return None
        headers = [(name, value) for name, value in started["headers"]
                   if name.lower() not in ("content-length", "content-type", "date", "server", "connection")]
        kind = next((value for name, value in started["headers"] if name.lower() == "content-type"), "")
        if started["status"] >= 500 and kind.startswith("text/html"):
            return None
        return Answer(started["status"], body, kind, headers, by="moto")

    def reset(self):
        if self.app is not None:
            from moto.moto_api._internal.models import moto_api_backend
            moto_api_backend.reset()
