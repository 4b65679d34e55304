"""A token service as docker-registry trusts one: tokens signed with a key whose certificate the registry was given."""

from __future__ import annotations

import base64
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.real.conftest import need

SERVICE, ISSUER = "registry", "issuer"
LOGIN = "ann:p:w"


class TokenService:
    """Signs tokens with a key in a folder; `asked` holds the methods and bodies of what it was asked."""

    def __init__(self, folder: Path) -> None:
        self._openssl = need("openssl")
        self._key, self.certificate = folder / "token.key", folder / "token.crt"
        words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=tokens"]
        self._run(*words, "-keyout", str(self._key), "-out", str(self.certificate))
        self._der = self._run("x509", "-in", str(self.certificate), "-outform", "DER")
        self.asked: list[tuple[str, str]] = []

    def _run(self, *words: str, data: bytes = b"") -> bytes:
        return subprocess.run([self._openssl, *words], input=data, capture_output=True, check=True).stdout

    def token(self, scopes: list[str]) -> str:
        """Return a token that grants scopes."""
        parts = [scope.split(":") for scope in scopes]
        access = [{"type": kind, "name": name, "actions": actions.split(",")} for kind, name, actions in parts]
        now = int(time.time())
        claims = {"iss": ISSUER, "sub": "ann", "aud": SERVICE, "exp": now + 60, "nbf": now - 10, "iat": now}
        header = {"typ": "JWT", "alg": "RS256", "x5c": [base64.b64encode(self._der).decode()]}
        text = f"{_encoded(header)}.{_encoded({**claims, 'jti': 'x', 'access': access})}".encode()
        signature = self._run("dgst", "-sha256", "-sign", str(self._key), data=text)
        return (text + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


def _encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@contextmanager
def listening(service: TokenService) -> Iterator[str]:
    """Serve tokens to ann by GET with Basic, and by POST with a password; yields the realm."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            basic = base64.b64encode(LOGIN.encode()).decode()
            self._answer(self.headers.get("Authorization") == f"Basic {basic}", asked.get("scope", []), "")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            is_known = f"{form.get('username')}:{form.get('password')}" == LOGIN
            self._answer(is_known, form.get("scope", "").split(), body)

        def _answer(self, is_known: bool, scopes: list[str], body: str) -> None:
            service.asked.append((self.command, body))
            content = json.dumps({"token": service.token(scopes), "expires_in": 60} if is_known else {}).encode()
            self.send_response(200 if is_known else 401)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/token"
        finally:
            server.shutdown()
            thread.join()
