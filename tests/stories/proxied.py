"""Stories with something in front of the registry, and one of a registry that means harm."""

from __future__ import annotations

from pathlib import Path

from explorer.flows import flow_named
from explorer.jobs import PushJob, open_flow, open_push
from explorer.model import Header, Headers
from explorer.wire.options import ConnectionOptions
from explorer.wire.server import Incoming, Outgoing, Server
from tests.ports import free_port
from tests.stories.servers import docker_registry, nginx
from tests.stories.telling import story, to_the_end
from tests.wire.authority import Authority

# Where the connection is not kept, Go's server closes on a body it has not read, and the refusal may be lost (502).
_KEPT = 'proxy_request_buffering off; proxy_http_version 1.1; proxy_set_header Connection "";'


@story(
    "proxy-changes-the-scheme", "Behind nginx with TLS, the Location says http: the next request meets the TLS port."
)
def proxy_changes_the_scheme(folder: Path, path: Path) -> None:
    """Push through an nginx that ends TLS and does not say so to the registry."""
    authority = Authority(folder / "ca")
    signed = authority.sign("registry", "IP:127.0.0.1")
    port = free_port()
    with docker_registry(folder / "registry") as registry:
        http = f"""
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {signed.certificate};
        ssl_certificate_key {signed.key};
        location / {{ proxy_pass http://{registry}; proxy_set_header Host $http_host; {_KEPT} }}
    }}"""
        with nginx(folder / "nginx", http, port) as address:
            connection = ConnectionOptions(ca=str(authority.ca))
            target = f"https://{address}/demo/app:v1"
            to_the_end(open_push(PushJob(target=target, recording=str(path), connection=connection)))


@story("two-replicas", "Two replicas with secrets of their own take turns: the PATCH meets the one that did not sign.")
def two_replicas(folder: Path, path: Path) -> None:
    """Push through an nginx that turns to two registries in turn, over one storage."""
    port = free_port()
    with (
        docker_registry(folder / "one", "aaa", folder / "data") as one,
        docker_registry(folder / "two", "bbb", folder / "data") as two,
    ):
        http = f"""
    upstream replicas {{ server {one}; server {two}; }}
    server {{
        listen 127.0.0.1:{port};
        location / {{ proxy_pass http://replicas; proxy_set_header Host $http_host; {_KEPT} }}
    }}"""
        with nginx(folder / "nginx", http, port) as address:
            to_the_end(open_push(PushJob(target=f"{address}/demo/app:v1", recording=str(path))))


@story("body-limit", "nginx lets no body of more than 8 KiB pass: 413 with a page of its own, no registry's error.")
def body_limit(folder: Path, path: Path) -> None:
    """Push through an nginx with a limit."""
    port = free_port()
    with docker_registry(folder / "registry") as registry:
        http = f"""
    server {{
        listen 127.0.0.1:{port};
        client_max_body_size 8k;
        location / {{ proxy_pass http://{registry}; proxy_set_header Host $http_host; }}
    }}"""
        with nginx(folder / "nginx", http, port) as address:
            to_the_end(open_push(PushJob(target=f"{address}/demo/app:v1", recording=str(path))))


HOSTILE = (
    "[bold red]markup[/] [link=http://evil.invalid]link[/link] {{braces}} ${HOME} `id` $(id) %s %n \\x1b "
    "\x1b[2J\x1b[31mred\x1b]0;title\x07\x1b]52;c;aGVsbG8=\x07\x1b]8;;http://evil.invalid\x07here\x1b]8;;\x07 "
    "\u202eesrever\u202c \u200bzero\u200b \ufeff \u2028line\u2029 <script>alert(1)</script> <img src=x onerror=1> "
    "'\"><b> ```fence``` @everyone #1 | table | -->> %%{init}%% ; end\x9b31m\x85"
)
_LONG = "A" * 40_000


def hostile_answer(incoming: Incoming) -> Outgoing:
    """Answer with everything that should not be obeyed."""
    del incoming
    text = HOSTILE.encode("utf-8").decode("latin-1")
    one_line = text.replace("\r", "").replace("\n", " ")
    rows = (
        Header("Content-Type", "application/json"),
        Header("X-Hostile", one_line),
        Header("X-Hostile", "the second of that name"),
        Header("X-Empty", ""),
        Header("X-Not-UTF-8", "\xff\xfe\xc3("),
        Header("Location", "javascript:alert(1)//" + one_line.replace(" ", "")),
        Header("Warning", f'299 - "{one_line}"'),
        Header("WWW-Authenticate", 'Bearer realm="http://[evil/", scope="\x1b[31m"'),
    )
    body = b'{"errors":[{"code":"[bold]X[/]","message":"' + HOSTILE.encode("utf-8").replace(b'"', b"'") + b'\xff\x00",'
    body += b'"detail":{"' + _LONG.encode() + b'":null}}]}'
    return Outgoing(418, Headers(rows), body)


@story(
    "hostile", "A registry that means harm: markup, escape sequences, odd bytes, long lines. Nothing of it is obeyed."
)
def hostile(folder: Path, path: Path) -> None:
    """Ask a server that answers with all of it."""
    del folder
    with Server(hostile_answer) as server:
        words = {"target": f"{server.address.authority}/demo/app:v1"}
        to_the_end(open_flow(flow_named("get-manifest"), words, recording=str(path)))
