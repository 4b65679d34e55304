"""What the built-in registry says of itself when it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from explorer.spec.references import is_loopback

if TYPE_CHECKING:
    from explorer.jobs.serving import PracticeJob
    from explorer.practice import PracticeRegistry


def words_of(job: PracticeJob, registry: PracticeRegistry) -> list[str]:
    """Return what is said when a practice registry has started: where, how it answers, and what to type."""
    return [
        f"The practice registry listens at {registry.origin}, {_reach(job)}. Ctrl-C ends it.",
        *_imitation(job),
        *_tls_words(registry),
        *([f"It wants a login ({job.auth}). {_realm_words(registry)}".rstrip()] if job.auth else []),
        *_fault_words(job, registry),
        f"What is pushed is {'kept in ' + job.store if job.store else 'gone then'}. Point a client at it:",
        *_client_words(job, registry),
    ]


def _client_words(job: PracticeJob, registry: PracticeRegistry) -> list[str]:
    address, ca = registry.origin.authority, registry.ca
    target = f"https://{address}" if job.is_secure else address
    login = "--user NAME " if job.auth else ""
    basic = "-u NAME " if job.auth == "basic" else ""
    credentials = "--dest-creds NAME:PASSWORD " if job.auth else ""
    trust, skopeo, curl = "", "" if job.is_secure else "--dest-tls-verify=false ", ""
    if ca:
        trust, skopeo, curl = f"--ca {ca} ", f"--dest-cert-dir {ca.parent} ", f"--cacert {ca} "
    return [
        f"  registry-explorer push {trust}{login}tiny {target}/demo/app:v1",
        f"  skopeo copy {skopeo}{credentials}docker-archive:app.tar docker://{address}/demo/app:v1",
        f"  curl -i {curl}{basic}-X POST {registry.origin}/v2/demo/app/blobs/uploads/",
    ]


def _tls_words(registry: PracticeRegistry) -> list[str]:
    if registry.ca is None:
        return []
    return [
        f"Its certificate is by a CA of its own, which is gone at the end, too. Clients have to trust {registry.ca}"
    ]


def _fault_words(job: PracticeJob, registry: PracticeRegistry) -> list[str]:
    from explorer.faults.control import PATH as CONTROL_PATH

    lines: list[str] = []
    for one in registry.faults.on:
        lines.append(f"Fault {one.text}: {one.kind.line}")
        if _is_lacking(one.kind.needs, job):
            lines.append(f"  It shows only with {one.kind.needs}.")
    if job.control:
        lines.append(f"Faults are switched at {registry.origin}{CONTROL_PATH}, as in:")
        trust = f"--cacert {registry.ca} " if registry.ca else ""
        lines.append(f"  curl {trust}-X PUT {registry.origin}{CONTROL_PATH}/nginx-413?argument=10M")
    return lines


def _is_lacking(needs: str, job: PracticeJob) -> bool:
    """Say whether something that a fault needs is not there."""
    lacking = {"--auth": not job.auth, "--tls": not job.is_secure, "--as": job.manner == "specification"}
    return any(option in needs and is_lacking for option, is_lacking in lacking.items())


def _imitation(job: PracticeJob) -> list[str]:
    from explorer.practice import personalities

    if job.manner == "specification":
        return []
    manner = personalities()[job.manner]
    return [
        f"It answers as {manner.imitates}",
        *([f"Not known, or left out: {manner.unknown}"] if manner.unknown else []),
    ]


def _realm_words(registry: PracticeRegistry) -> str:
    return f"Its token service is {registry.realm}." if registry.realm else ""


def _reach(job: PracticeJob) -> str:
    if is_loopback(job.listen.strip("[]")):
        return "on this machine only"
    return f"for anybody who reaches this machine{'' if job.is_secure else ', without encryption'}"


def personality_words() -> list[str]:
    """Return what each personality imitates, with the source, and what of it is not known."""
    from explorer.practice import personalities

    words = []
    for manner in personalities().values():
        words += [manner.name, f"  {manner.imitates}", f"  Source: {manner.source}"]
        words += [f"  Not known, or left out: {manner.unknown}"] if manner.unknown else []
    return words
