"""The form for the login and the connection of the sessions that are begun from here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Label, Select, Static

from explorer.credentials import Given
from explorer.errors import InputError, Problem
from explorer.jobs import SessionOptions
from explorer.spec.references import parse_origin
from explorer.ui.panes.footer import KeyLine
from explorer.ui.panes.tick import Tick
from explorer.ui.text import safe
from explorer.wire.options import HTTP_VERSIONS, PROXY_KINDS, ConnectionOptions, check, parse_resolve, resolve_text


class OptionsForm(ModalScreen[SessionOptions | None]):
    """Asks for a login and for how connections are made."""

    AUTO_FOCUS = ""  # it would scroll the first label away
    BINDINGS = [
        Binding("f5", "finish", "Take them", id="options.take", priority=True),
        Binding("escape", "cancel", "Cancel", id="options.cancel", priority=True),
    ]
    DEFAULT_CSS = """
    OptionsForm {
        align: center middle;
        & > #sheet { width: 90; max-width: 98%; height: auto; max-height: 96%; border: round $primary; padding: 0 1;
                     background: $surface; }
        & Label { color: $text-muted; width: 100%; }
        & Input { border: none; height: 1; padding: 0; background: $boost; &:focus { border: none; } }
        & Tick { border: none; height: 1; padding: 0; &:focus { border: none; } }
        & #wrong { color: $text-error; height: auto; }
    }
    """

    def __init__(self, options: SessionOptions) -> None:
        super().__init__()
        self._options = options

    def compose(self) -> ComposeResult:
        """Lay out the fields."""
        with VerticalScroll(id="sheet", can_focus=False) as sheet:
            sheet.border_title = "Login and connection, for what is begun from here"
            yield from self._fields()
            yield Static(id="wrong")
        yield KeyLine()

    def _fields(self) -> Iterator[Widget]:
        login, connection = self._options.login, self._options.connection
        name, _, password = login.user.partition(":")
        resolve = " ".join(map(resolve_text, connection.resolve))
        for id, label, value in (
            ("registry", "Log in to this registry: [http://|https://]host[:port]", login.only_for),
            ("user", "User name (without a login here, those of docker and podman are looked for)", name),
            ("password", "Password", password),
            ("token", "Or a bearer token", login.token),
            ("trust", "Send the login to realms of these origins, too", " ".join(login.trusted)),
            ("ca", "Trust this CA, too: a file, or a folder of files", connection.ca or ""),
            ("client-cert", "Client certificate: a file", connection.client_cert or ""),
            ("client-key", "Its key, where it is in a file of its own", connection.client_key or ""),
            ("proxy", f"Proxy: {', '.join(PROXY_KINDS)}; else that of the environment", connection.proxy or ""),
            ("resolve", "Dial addresses for names: HOST:PORT:ADDRESS", resolve),
        ):
            yield Label(safe(label))
            yield Input(value, id=id, password=id in ("password", "token"))
        yield Label("HTTP")
        choices = [(one, one) for one in HTTP_VERSIONS]
        yield Select(choices, value=connection.http, allow_blank=False, id="http", compact=True)
        yield Tick(safe("INSECURE: accept any certificate"), connection.insecure, id="insecure")
        yield Tick(safe("Use no login, and look for none"), login.anonymous, id="anonymous")

    def on_mount(self) -> None:
        """Begin in the first field."""
        self.query(Input).first().focus(scroll_visible=False)

    def on_input_submitted(self) -> None:
        """Go to the next field."""
        self.focus_next()

    def action_finish(self) -> None:
        """Take the options, or say what is wrong with them."""
        try:
            self.dismiss(SessionOptions(self._login(), self._connection()))
        except Problem as problem:
            self.query_exactly_one("#wrong", Static).update(safe(problem.sentence))
            self.app.bell()

    def action_cancel(self) -> None:
        """Leave everything as it was."""
        self.dismiss(None)

    def _text(self, id: str) -> str:
        value = self.query_exactly_one(f"#{id}", Input).value
        return value if id == "password" else value.strip()

    def _is_ticked(self, id: str) -> bool:
        return self.query_exactly_one(f"#{id}", Tick).value

    def _login(self) -> Given:
        name, token, anonymous = self._text("user"), self._text("token"), self._is_ticked("anonymous")
        registry = ""
        if (name or token) and not anonymous:
            registry = _origin(self._text("registry"))
        if name and token:
            raise InputError("A user and a token were both given; one of them is enough.")
        return replace(
            self._options.login,
            user=f"{name}:{self._text('password')}" if name else "",
            token=token,
            trusted=tuple(self._text("trust").split()),
            anonymous=anonymous,
            only_for=registry,
            source="the form",
        )

    def _connection(self) -> ConnectionOptions:
        return check(
            replace(
                self._options.connection,
                ca=self._text("ca") or None,
                client_cert=self._text("client-cert") or None,
                client_key=self._text("client-key") or None,
                insecure=self._is_ticked("insecure"),
                resolve=tuple(map(parse_resolve, self._text("resolve").split())),
                proxy=self._text("proxy") or None,
                http=str(self.query_exactly_one("#http", Select).value),
            )
        )


def _origin(text: str) -> str:
    if not text:
        raise InputError("A login is for one registry: write in the first field which one, as host[:port].")
    scheme, mark, authority = text.rstrip("/").partition("://")
    return str(parse_origin(authority if mark else scheme, scheme if mark else "", plain_http=bool(mark)))
