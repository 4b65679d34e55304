"""distribution 3.x, which many registries are made of."""

from __future__ import annotations

from explorer.practice.errors import Reply, View
from explorer.practice.manner import ErrorManner, ListManner, ManifestManner, Manner, UploadManner
from explorer.spec.media_types import OCI_MANIFEST

DISTRIBUTION_3 = MANNER = Manner(
    name="distribution-3",
    imitates="distribution 3.1 (registry:3) with its files on a disk, deletes switched on, no redirects.",
    source="its source at 0d6b721, and raw captures of it",
    unknown="Storage other than a disk, and everything that a proxy in front of it does.",
    is_distribution=True,
    head_everywhere=False,
    sha256_canonical=True,
    errors=ErrorManner(
        replies={
            "content-type-wrong": Reply(500, "UNKNOWN"),
            "manifest-too-big": Reply(400, "MANIFEST_INVALID"),
            "name-invalid": Reply(500, "UNKNOWN"),
            "range-syntax": Reply(500, "UNKNOWN"),
            "schema-version": Reply(500, "UNKNOWN"),
        },
        view=View.TEXT,
    ),
    uploads=UploadManner(
        put_range=False,
        octets_only=True,
        forms_eat=True,
        single_post=False,
        mounts_from_anywhere=False,
        refused_location=False,
        algorithms=False,
    ),
    manifests=ManifestManner(
        sha256_only=True,
        wildcards=False,
        wants_accept=frozenset({OCI_MANIFEST}),
        referrers=False,
        tag_parameters=0,
    ),
    lists=ListManner(looks_ahead=False, null_tags=True),
)
