"""The built-in registry: what the specification or a real registry answers, on this machine, for practice and tests.

with PracticeRegistry() as registry:
    ...   # push to registry.origin

with PracticeRegistry(access=TokenAccess(Users.of("ann:secret"), life=10)) as registry:
    ...   # the same, where a token of ten seconds is wanted from the token service at /token

with PracticeRegistry(tls=PracticeTls()) as registry:
    ...   # the same over TLS; clients have to trust PracticeTls.ca
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from explorer.faults.certificates import wrong_certificate
from explorer.faults.control import control, is_control
from explorer.faults.switchboard import Switchboard
from explorer.model import Origin
from explorer.practice.access import Access, BasicAccess, TokenAccess, Users
from explorer.practice.access.checks import TOKEN_PATH
from explorer.practice.access.realm import give_token
from explorer.practice.certificates import PracticeTls
from explorer.practice.manner import Manner
from explorer.practice.personalities import personalities
from explorer.practice.personalities.specification import SPECIFICATION
from explorer.practice.registry import Registry
from explorer.practice.sessions import UPLOAD_LIFE
from explorer.practice.store import Store
from explorer.wire.listening import Serve
from explorer.wire.server import Certificate, Incoming, Outgoing, Server, ServerTls, plain_answer

__all__ = [
    "Access",
    "BasicAccess",
    "Certificate",
    "Manner",
    "PracticeRegistry",
    "PracticeTls",
    "Registry",
    "Store",
    "TokenAccess",
    "Users",
    "personalities",
]


class PracticeRegistry:
    """A registry that listens: in a given folder, which is kept, or in a temporary one that is removed at the end.

    `manner` is the personality that it answers in (see `personalities`): by default that of the specification.
    `access` says who may do what; without it, anyone anything. With a `realm_port` (0: a free one), the token service
    has a listener of its own. `faults` are those that are on; they can be switched while it runs, with `with_control`
    over HTTP, too. A client that is silent for `idle_seconds` is hung up on; an upload is dropped when nothing came for
    it during `upload_life` seconds. With `tls`, it and its token service speak TLS alone; it is closed at the end.
    """

    def __init__(
        self,
        folder: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        secret: bytes | None = None,
        *,
        manner: Manner = SPECIFICATION,
        access: Access | None = None,
        realm_port: int | None = None,
        faults: Switchboard | None = None,
        idle_seconds: float = 60.0,
        upload_life: float = UPLOAD_LIFE,
        with_control: bool = False,
        tls: PracticeTls | None = None,
    ) -> None:
        self.faults = faults or Switchboard()
        self._has_control = with_control
        self._folder = folder
        self._secret = secret
        self._access = access
        self._manner = manner
        self._registry: Registry | None = None
        self._upload_life = upload_life
        self._tls = tls
        secure = self._secured(tls) if tls else None
        self._server = Server(self._handle, host, port, idle_seconds, secure)
        self._realm = None
        if realm_port is not None:
            self._realm = Server(self._handle_realm, host, realm_port, idle_seconds, secure)

    def _secured(self, tls: PracticeTls) -> ServerTls:
        try:
            return ServerTls(lambda: tls.certificate(wrong_certificate(self.faults.on)))
        except BaseException:
            tls.close()
            raise

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def origin(self) -> Origin:
        """Where the registry answers; the port is known once it has been started."""
        return self._server.address

    @property
    def realm(self) -> str:
        """The address of the token service, once the registry has been started; empty where there is none."""
        if not isinstance(self._access, TokenAccess):
            return ""
        return self._access.realm or f"{self.origin}{TOKEN_PATH}"

    @property
    def ca(self) -> Path | None:
        """The certificate that a client has to trust, where the registry speaks TLS with one that was made for it."""
        return self._tls.ca if self._tls else None

    def start(self) -> None:
        """Open the store and listen; raises FormatError or InputError where one of them cannot be."""
        store = self.open()
        try:
            if self._realm and isinstance(self._access, TokenAccess):
                self._realm.start()
                self._access.realm = f"{self._realm.address}{TOKEN_PATH}"
            self._server.start()
        except BaseException:
            if self._realm:
                self._realm.stop()
            store.close()
            raise

    def open(self) -> Store:
        """Open the store, to `serve` what another one listens for; raises FormatError where that cannot be."""
        store = Store(self._folder, self._secret, self._upload_life)
        self._registry = Registry(store, self._access, self._manner)
        return store

    @property
    def serve(self) -> Serve:
        """What serves a connection that another one has listened for, once the store is open."""
        return self._server.serve

    def stop(self) -> None:
        """Stop listening, end every connection, and remove the store where it is a temporary one."""
        self.faults.close()
        self._server.stop()
        if self._realm:
            self._realm.stop()
        if self._registry:
            self._registry.store.close()
            self._registry = None
        if self._tls:
            self._tls.close()

    def _handle(self, incoming: Incoming) -> Outgoing:
        assert self._registry is not None
        if self._has_control and is_control(incoming):
            return control(self.faults, incoming)
        return self.faults.handle(incoming, self._registry.handle)

    def _handle_realm(self, incoming: Incoming) -> Outgoing:
        return self.faults.handle(incoming, self._give_token)

    def _give_token(self, incoming: Incoming) -> Outgoing:
        assert isinstance(self._access, TokenAccess)
        path, _, query = incoming.target.partition("?")
        if path != TOKEN_PATH:
            return plain_answer(404, f"The token service answers at {TOKEN_PATH}.")
        return give_token(self._access, incoming, query)
