"""A proxy between a function and one service. It can hold a single request or its answer, so that a test can kill the
function at exactly that point.
"""

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from tests.local.cloud import PATIENCE
from tests.local.deployed import Deployed


class Request(NamedTuple):
    """`action` is that of DynamoDB. Services that speak REST have a path instead."""

    action: str
    path: str
    body: str


@dataclass
class Trap:
    """Holds one request. The service does not receive it or, if `answered`, receives it and its answer is held."""

    catches: Callable[[Request], bool]
    answered: bool
    caught: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def takes(self, request: Request) -> bool:
        """True for the first request that the trap catches, and for no other."""
        with self.lock:
            if self.caught.is_set() or not self.catches(request):
                return False
            if not self.answered:
                self.caught.set()
            return True


class Window:
    def __init__(self, cloud_port: int) -> None:
        self.trap: Trap | None = None
        window = self

        class Pass(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                action = self.headers.get("x-amz-target", "").rpartition(".")[2]
                trap = window.trap
                taken = trap is not None and trap.takes(Request(action, self.path, body.decode(errors="replace")))
                if trap and taken and not trap.answered:
                    self.hold(trap)
                    return
                answer, content = self.ask(body)
                if trap and taken:
                    trap.caught.set()
                    self.hold(trap)
                    return
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("transfer-encoding", "content-length", "connection", "date", "server"):
                        self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def ask(self, body: bytes) -> tuple[http.client.HTTPResponse, bytes]:
                cloud = http.client.HTTPConnection("127.0.0.1", cloud_port, timeout=PATIENCE)
                cloud.request(self.command, self.path, body, dict(self.headers.items()))
                answer = cloud.getresponse()
                content = answer.read()
                cloud.close()
                return answer, content

            def hold(self, trap: Trap) -> None:
                trap.let_go.wait(PATIENCE)
                self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Pass)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        if self.trap:
            self.trap.let_go.set()
        self._server.shutdown()
        self._server.server_close()


class Windows:
    """The windows of one deployment. A function keeps its window.

    If a function's settings were changed back while an invocation still runs, the emulator would have workers of both
    kinds.
    """

    def __init__(self, product: Deployed) -> None:
        self._product, self._opened = product, dict[tuple[str, str], Window]()

    def close(self) -> None:
        for opened in self._opened.values():
            opened.close()

    @contextmanager
    def killed_at(
        self, function: str, service: str, catches: Callable[[Request], bool], *, answered: bool = False
    ) -> Iterator[None]:
        """Kills a function once, at the first such request of the `with` body to the service.

        `function` is the name of a stack output; `service` is named as in AWS_ENDPOINT_URL_<service>.
        """
        self._window(function, service).trap = trap = Trap(catches, answered)
        yield
        assert trap.caught.wait(PATIENCE), f"{function} never came to that point"
        assert self._product.cloud.kill_workers(self._product.outputs[function]) > 0
        trap.let_go.set()

    def _window(self, function: str, service: str) -> Window:
        if (function, service) not in self._opened:
            opened = self._opened[function, service] = Window(self._product.cloud.port)
            name, client = self._product.outputs[function], self._product.cloud.client("lambda")
            usual = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
            detour = {f"AWS_ENDPOINT_URL_{service}": opened.endpoint}
            client.update_function_configuration(FunctionName=name, Environment={"Variables": usual | detour})
            version = client.publish_version(FunctionName=name)["Version"]  # queues and streams invoke the alias
            client.update_alias(FunctionName=name, Name="live", FunctionVersion=version)
        return self._opened[function, service]


def nth(count: int, action: str) -> Callable[[Request], bool]:
    """Catches the `count`th request of this DynamoDB action."""
    seen = iter(range(1, 1_000))
    return lambda request: request.action == action and next(seen) == count
