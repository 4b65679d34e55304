"""Whether all that a manifest refers to is there: by the specification, and as distribution checks it.

Distribution complains of every reference, of some by several errors, the first of which decides the status.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from explorer.practice.digests import FORMAT, complaint
from explorer.practice.errors import Fault, Refusal, refusal
from explorer.practice.manifest_rules import Descriptor, ParsedManifest
from explorer.spec.media_types import INDEXES

_WITHOUT_BYTES = re.compile(
    r"application/vnd\.(docker\.image\.rootfs\.foreign\.diff|oci\.image\.layer\.nondistributable\.v1)\.tar.*"
)
_DOCKER_FOREIGN = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"

IsThere = Callable[[Descriptor], bool]


def check_references(manifest: ParsedManifest, is_there: IsThere, *, sparse: bool) -> None:
    """See that the manifest is whole; layers that are not to be distributed need not be there.

    Raises one refusal for each reference that is missing, none where manifests may be `sparse`, or is no digest.
    """
    if manifest.schema_version != 2:
        raise refusal("schema-version", f"schemaVersion has to be 2, and is {manifest.schema_version}")
    faults = []
    for reference in manifest.references:
        wrong = complaint(reference.digest)
        if wrong:
            faults.append(Fault("reference-digest", f"the descriptor's digest '{reference.digest}': {wrong}"))
        elif not (sparse or _WITHOUT_BYTES.fullmatch(reference.media_type) or is_there(reference)):
            faults.append(Fault("reference-missing", reference.digest))
    if manifest.subject and complaint(manifest.subject):
        faults.append(Fault("reference-digest", f"the subject's digest '{manifest.subject}' is none"))
    if faults:
        raise Refusal(*faults)


def check_references_as_distribution(manifest: ParsedManifest, is_there: IsThere) -> None:
    """See that everything is there, as distribution does; raises its errors for each reference that is not."""
    if manifest.schema_version != 2:
        kind, wanted = (" list", ", expected 2") if manifest.media_type in INDEXES else ("", "")
        why = f"unrecognized manifest{kind} schema version {manifest.schema_version}{wanted}"
        raise refusal("unknown", why, struct={})
    faults: list[Fault] = []
    for reference in manifest.references:
        faults += _faults(reference, is_there)
    if faults:
        raise Refusal(*faults)


def _faults(reference: Descriptor, is_there: IsThere) -> list[Fault]:
    missing = Fault("reference-missing", reference.digest)
    wrong = complaint(reference.digest)
    if wrong == FORMAT:
        return [Fault("reference-digest"), missing]
    if wrong:
        return [Fault("unknown"), Fault("unknown", wrong, struct={}), missing]
    if _WITHOUT_BYTES.fullmatch(reference.media_type) and reference.urls:
        return []
    if reference.media_type == _DOCKER_FOREIGN:
        return [Fault("unknown"), Fault("unknown", "missing URL on layer", struct={}), missing]
    return [] if is_there(reference) else [missing]
