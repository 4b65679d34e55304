"""distribution 2.8, the registry:2 of so many years."""

from __future__ import annotations

from dataclasses import replace

from explorer.practice.errors import Reply, View
from explorer.practice.identifiers import uuid4
from explorer.practice.personalities.distribution_3 import DISTRIBUTION_3
from explorer.spec.media_types import OCI_INDEX, OCI_MANIFEST

_JSON = "application/json; charset=utf-8"

MANNER = replace(
    DISTRIBUTION_3,
    name="distribution-2",
    imitates="distribution 2.8 (registry:2, Debian's docker-registry) with its files on a disk, deletes switched on.",
    source="its source at v2.8.3, raw captures of it, and a test that asks both the same",
    unknown="The conversion to schema 1: who accepts no schema 2 gets MANIFEST_INVALID, as where it fails.",
    json_type=_JSON,
    old_go=True,
    errors=replace(
        DISTRIBUTION_3.errors,
        replies={**DISTRIBUTION_3.errors.replies, "upload-offset": Reply(404, "BLOB_UPLOAD_INVALID")},
        view=View.STRUCT,
        content_type=_JSON,
    ),
    uploads=replace(DISTRIBUTION_3.uploads, new_id=uuid4, patch_range=False, status_wants_state=True),
    manifests=replace(
        DISTRIBUTION_3.manifests,
        wants_accept=frozenset({OCI_MANIFEST, OCI_INDEX}),
        tag_deletes=False,
        schema_1=True,
        checks_lists=False,
    ),
    lists=replace(DISTRIBUTION_3.lists, pages=False, is_sorted=False, lenient=True, catalog_of_blobs=True),
)
