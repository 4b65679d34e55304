"""Who is trusted, what is shown, and how a certificate that is refused is told from another."""

from __future__ import annotations

import ssl
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.errors import FormatError
from explorer.model import Headers, Origin, Request
from explorer.wire.certificates import certificate_text
from explorer.wire.client import Client
from explorer.wire.options import ConnectionOptions
from explorer.wire.sent import Sent
from tests.wire.authority import Authority, Signed
from tests.wire.loopback import GET, OK, Loopback, answering

NOBODY = ConnectionOptions(certificate_folders=())


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def signed(authority: Authority) -> Signed:
    return authority.sign("registry")


@pytest.fixture(scope="module")
def alice(authority: Authority) -> Signed:
    return authority.sign("alice")


def over(tls: ssl.SSLContext, options: ConnectionOptions, request: Request = GET) -> Sent:
    """Send a request to a server with that side of TLS."""
    with Loopback(answering(OK, OK), tls=tls) as server, closing(Client(options)) as client:
        return client.send(replace(request, origin=server.origin))


def refused(came: Sent) -> str:
    assert came.error is not None
    assert came.error.kind == "tls"
    return came.error.sentence


def test_a_private_ca_is_trusted_where_it_is_named(authority: Authority, signed: Signed) -> None:
    came = over(signed.server(), replace(NOBODY, ca=str(authority.ca)))
    assert came.error is None
    assert (came.connection.tls, came.connection.alpn) == ("TLSv1.3", "http/1.1")


def test_a_folder_of_cas_is_trusted_file_by_file(authority: Authority, signed: Signed, tmp_path: Path) -> None:
    (tmp_path / "private.pem").write_bytes(authority.ca.read_bytes())
    (tmp_path / "notes.txt").write_text("not looked at")
    assert over(signed.server(), replace(NOBODY, ca=str(tmp_path))).error is None


def test_a_ca_in_der_is_trusted(authority: Authority, signed: Signed, tmp_path: Path) -> None:
    (tmp_path / "ca.cer").write_bytes(ssl.PEM_cert_to_DER_cert(authority.ca.read_text()))
    assert over(signed.server(), replace(NOBODY, ca=str(tmp_path / "ca.cer"))).error is None


@pytest.mark.parametrize("insecure", [False, True])
def test_a_connection_says_whose_certificate_it_has(authority: Authority, signed: Signed, insecure: bool) -> None:
    came = over(signed.server(), replace(NOBODY, ca=str(authority.ca), insecure=insecure))
    start = "CN=registry; names registry.test, 127.0.0.1; issued by CN=Private CA; valid 20"
    assert came.connection.certificate.startswith(start)


def test_an_unknown_ca_is_refused_and_ca_is_offered(signed: Signed) -> None:
    sentence = refused(over(signed.server(), NOBODY))
    assert "is not known here" in sentence
    assert "--ca FILE" in sentence


def test_an_expired_certificate_is_refused_as_expired(authority: Authority) -> None:
    tls = authority.sign("old", days=-1).server()
    assert "expired. Its time is over" in refused(over(tls, replace(NOBODY, ca=str(authority.ca))))


@pytest.mark.parametrize("names", ["DNS:other.test", "IP:127.0.0.2"])
def test_a_certificate_for_another_name_is_refused_as_such(authority: Authority, names: str) -> None:
    tls = authority.sign("other", names).server()
    sentence = refused(over(tls, replace(NOBODY, ca=str(authority.ca))))
    assert "a certificate for another name than 127.0.0.1" in sentence


@pytest.mark.parametrize("names", ["DNS:other.test", "DNS:registry.test"])
def test_an_insecure_connection_takes_any_certificate(authority: Authority, names: str) -> None:
    tls = authority.sign("any", names, days=-1).server()
    assert over(tls, replace(NOBODY, insecure=True)).error is None


@pytest.mark.parametrize("insecure", [False, True])
def test_the_name_of_the_host_is_sent_and_not_the_address(authority: Authority, signed: Signed, insecure: bool) -> None:
    asked: list[str | None] = []
    tls = signed.server()
    tls.sni_callback = lambda _socket, name, _context: asked.append(name)
    with Loopback(answering(OK), tls=tls) as server:
        where = ("registry.test", server.origin.port, "127.0.0.1")
        options = replace(NOBODY, ca=str(authority.ca), insecure=insecure, resolve=(where,))
        with closing(Client(options)) as client:
            came = client.send(replace(GET, origin=Origin("https", *where[:2])))
    assert came.error is None
    assert (asked, came.connection.peer) == (["registry.test"], f"127.0.0.1:{where[1]}")


@pytest.mark.parametrize("at_most", [ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2])
def test_a_client_certificate_is_asked_for_in_words(
    authority: Authority, signed: Signed, at_most: ssl.TLSVersion
) -> None:
    tls = signed.server(wants_clients_of=authority.ca, at_most=at_most)
    sentence = refused(over(tls, replace(NOBODY, ca=str(authority.ca))))
    assert "requires a client certificate" in sentence
    assert "--client-cert FILE" in sentence


def test_a_client_certificate_is_shown(authority: Authority, signed: Signed, alice: Signed) -> None:
    tls = signed.server(wants_clients_of=authority.ca)
    options = replace(NOBODY, ca=str(authority.ca), client_cert=str(alice.certificate), client_key=str(alice.key))
    assert over(tls, options).error is None


def test_a_client_certificate_of_a_stranger_is_refused(authority: Authority, signed: Signed, tmp_path: Path) -> None:
    mallory = Authority(tmp_path, "Another CA").sign("mallory")
    tls = signed.server(wants_clients_of=authority.ca)
    options = replace(NOBODY, ca=str(authority.ca), client_cert=str(mallory.certificate), client_key=str(mallory.key))
    assert "did not accept the client certificate: it does not know the CA" in refused(over(tls, options))


def test_the_folder_of_a_host_has_its_ca_and_client_certificate(
    authority: Authority, signed: Signed, alice: Signed, tmp_path: Path
) -> None:
    with Loopback(answering(OK), tls=signed.server(wants_clients_of=authority.ca)) as server:
        folder = tmp_path / server.origin.authority
        folder.mkdir()
        for name, file in (("ca.crt", authority.ca), ("me.cert", alice.certificate), ("me.key", alice.key)):
            (folder / name).write_bytes(file.read_bytes())
        with closing(Client(ConnectionOptions(certificate_folders=(str(tmp_path),)))) as client:
            assert client.send(replace(GET, origin=server.origin)).error is None


def test_the_folder_of_another_port_is_not_looked_into(authority: Authority, signed: Signed, tmp_path: Path) -> None:
    (tmp_path / "127.0.0.1:1").mkdir()
    (tmp_path / "127.0.0.1:1" / "ca.crt").write_bytes(authority.ca.read_bytes())
    came = over(signed.server(), ConnectionOptions(certificate_folders=(str(tmp_path),)))
    assert "is not known here" in refused(came)


def test_a_certificate_without_its_key_names_the_missing_file(
    authority: Authority, signed: Signed, alice: Signed, tmp_path: Path
) -> None:
    with Loopback(answering(OK), tls=signed.server()) as server:
        folder = tmp_path / server.origin.authority
        folder.mkdir()
        (folder / "me.cert").write_bytes(alice.certificate.read_bytes())
        options = ConnectionOptions(ca=str(authority.ca), certificate_folders=(str(tmp_path),))
        with closing(Client(options)) as client, pytest.raises(FormatError, match=r"me\.key: .*cannot be read"):
            client.send(replace(GET, origin=server.origin))


@pytest.mark.parametrize("content", [b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_ca_that_is_none_names_its_file(signed: Signed, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ca.crt").write_bytes(content)
    with pytest.raises(FormatError, match=r"ca\.crt: no CA certificate can be read here"):
        over(signed.server(), replace(NOBODY, ca=str(tmp_path / "ca.crt")))


def test_a_folder_without_a_ca_is_a_sentence(signed: Signed, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="the folder has no certificate"):
        over(signed.server(), replace(NOBODY, ca=str(tmp_path)))


def test_a_ca_that_is_gone_is_a_sentence(signed: Signed, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="cannot be read: No such file"):
        over(signed.server(), replace(NOBODY, ca=str(tmp_path / "gone.crt")))


@pytest.mark.parametrize(("key", "why"), [("other.key", "do not belong together"), ("noise.key", "PEM was expected")])
def test_a_key_that_does_not_fit_is_a_sentence(
    authority: Authority, signed: Signed, alice: Signed, key: str, why: str
) -> None:
    (authority.folder / "other.key").write_bytes(signed.key.read_bytes())
    (authority.folder / "noise.key").write_bytes(b"noise")
    options = replace(NOBODY, client_cert=str(alice.certificate), client_key=str(authority.folder / key))
    with pytest.raises(FormatError, match=why):
        over(signed.server(), options)


def test_a_key_with_a_passphrase_is_refused_and_nobody_is_asked(signed: Signed, alice: Signed, tmp_path: Path) -> None:
    words = ["openssl", "rsa", "-aes128", "-passout", "pass:word", "-in", str(alice.key), "-out", "locked.key"]
    subprocess.run(words, cwd=tmp_path, check=True, capture_output=True)
    options = replace(NOBODY, client_cert=str(alice.certificate), client_key=str(tmp_path / "locked.key"))
    with pytest.raises(FormatError, match="passphrase"):
        over(signed.server(), options)


def test_plain_http_asks_for_no_certificate(tmp_path: Path) -> None:
    options = replace(NOBODY, ca=str(tmp_path / "gone.crt"))
    with Loopback(answering(OK)) as server, closing(Client(options)) as client:
        assert client.send(replace(GET, origin=server.origin)).error is None


def test_an_answer_that_is_cut_off_in_tls_is_no_failure_of_tls(authority: Authority, signed: Signed) -> None:
    with (
        Loopback(lambda talk: talk.reset(), tls=signed.server()) as server,
        closing(Client(replace(NOBODY, ca=str(authority.ca)))) as client,
    ):
        came = client.send(Request("GET", server.origin, "/", Headers()))
    assert came.error is not None
    assert came.error.kind == "closed"


@pytest.mark.parametrize(
    "der", [b"", b"\x30", b"\x30\x82", b"\x30\x03\x30\x01\x00", bytes(40), b"\x30\x84\xff\xff\xff\xff"]
)
def test_a_certificate_that_cannot_be_read_says_so(der: bytes) -> None:
    assert certificate_text(der) == f"a certificate of {len(der)} bytes that cannot be read"


def test_many_names_are_counted(authority: Authority) -> None:
    pem = authority.sign("many", ",".join(f"DNS:n{i}.test" for i in range(11))).certificate.read_text()
    assert "n7.test and 3 more; issued" in certificate_text(ssl.PEM_cert_to_DER_cert(pem))
