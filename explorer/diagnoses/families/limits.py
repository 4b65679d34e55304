"""Limits of the registry: requests in a time, quotas, sizes."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.seen import Seen
from explorer.visible import visible


@rule(
    "rate-limited",
    "decides",
    fix="Wait as long as Retry-After says, send less at once, and log in: limits are higher with an account.",
    sources=("docker/hub-feedback#1907", "docker/hub-feedback#2040", "distribution-spec, spec.md, Error Codes"),
)
def rate_limited(seen: Seen) -> Iterator[Found]:
    """There were too many requests in too short a time: 429.

    Docker Hub: TOOMANYREQUESTS in JSON is the pull quota; the plain text HAP429 is its limit against abuse. Retry-After
    is seconds or a date.
    """
    if seen.status != 429 or seen.says("quota") or '"limit"' in seen.detail():
        return
    waits = seen.r("Retry-After")
    left = [
        f"{name}: {seen.r(name)}"
        for name in ("ratelimit-limit", "ratelimit-remaining", "docker-ratelimit-source")
        if seen.r(name)
    ]
    kind = (
        "the limit against abuse (HAP429)"
        if seen.says("HAP429")
        else "a quota for pulls"
        if "TOOMANYREQUESTS" in seen.codes
        else ""
    )
    wait = f"Retry-After: {visible(waits)}" if waits else "the answer has no Retry-After"
    yield Found(
        f"too many requests{', ' + kind if kind else ''}",
        "; ".join([wait, *left]),
        (seen.at_answer(), *((seen.at_answer("Retry-After"),) if waits else ())),
    )


@rule(
    "quota-exceeded",
    "likely",
    who="registry",
    fix="Delete what is not needed and collect garbage, or have the quota raised (Harbor: the project's quota; "
    "Quay: the "
    "organisation's; zot: the number of repositories).",
    covers=("denied", "rate-limited", "registry-413"),
    sources=("Harbor, Quay and zot, source",),
)
def quota_exceeded(seen: Seen) -> Iterator[Found]:
    """The project, organisation or registry is full, by a limit that its administrators set.

    Harbor 403 DENIED "will exceed the configured upper limit of", Quay 403 "Quota has been exceeded", zot 429 limit.
    """
    said = seen.says(
        "will exceed the configured upper limit", "quota has been exceeded", "quota exceeded", "exceeded quota"
    )
    zot = seen.status == 429 and '"limit"' in seen.detail()
    if seen.is_refused and (said or zot or seen.status == 507):
        message = next((e.message for e in seen.errors), seen.text[:160])
        yield Found(
            "a quota is used up", f"{message} {seen.detail()[:160]}".strip(), (seen.at_answer(), seen.at_body())
        )


@rule(
    "layer-too-large",
    "decides",
    who="registry",
    fix="Make the layer smaller, or have the limit raised (Quay: MAXIMUM_LAYER_SIZE, 20G).",
    covers=("denied", "registry-413", "unexplained-refusal"),
    sources=("Quay, source",),
)
def layer_too_large(seen: Seen) -> Iterator[Found]:
    """The layer is larger than the registry allows: "Uploaded blob of … is larger than … allowed"."""
    if seen.is_refused and seen.says("is larger than") and seen.says("allowed"):
        yield Found(
            "the layer is larger than the registry allows",
            next((e.message for e in seen.errors), "")[:160],
            (seen.at_body("larger"),),
        )


@rule(
    "page-number-invalid",
    "decides",
    fix="Give n between 0 and the registry's limit (1000 in distribution and ECR), and follow Link for further pages.",
    covers=("unexplained-refusal",),
    sources=("distribution-spec, spec.md, end-8b", "observed with distribution 3", "CVE-2023-2253"),
)
def page_number_invalid(seen: Seen) -> Iterator[Found]:
    """The number of results asked for (n) is no number, or more than the registry gives at once."""
    if seen.kind in ("tags", "catalog", "referrers") and (
        "PAGINATION_NUMBER_INVALID" in seen.codes or (seen.status == 400 and "n=" in seen.target)
    ):
        yield Found("the registry does not give that many results at once", seen.detail()[:120], (seen.at_query("n"),))
