"""A whole image is pulled: manifests first, each checked, then each blob once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from explorer.errors import InputError
from explorer.flows import build, flow_named
from explorer.flows.declared import Arguments
from explorer.flows.login import Login
from explorer.flows.pull_image import Pull, pull_image, pull_of
from explorer.images.pulled import Pulled
from explorer.model import Body, FlowCall, Headers, Response, Save, Slice, Step, Unkept, sha256_of
from explorer.spec.digests import digest_of
from explorer.spec.media_types import DOCKER_LIST, MANIFESTS, OCI_CONFIG, OCI_INDEX, OCI_LAYER, OCI_MANIFEST
from explorer.spec.references import parse_target
from explorer.stepping import Blocked, Done
from tests.scripted import Ran, run

Json = dict[str, object]

TARGET = parse_target("http://localhost:5000/t/r:v1")
PULL = Pull(TARGET, "/somewhere")
CONFIG, ONE, TWO = b"config", b"layer one", b"layer two"


def named(data: bytes, media_type: str = OCI_LAYER, **more: object) -> Json:
    return {"mediaType": media_type, "digest": digest_of(data), "size": len(data), **more}


def manifest(*layers: Json, config: bytes = CONFIG, **more: object) -> bytes:
    return json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": named(config, OCI_CONFIG),
            "layers": list(layers),
            **more,
        }
    ).encode()


def index(*children: Json, media_type: str = OCI_INDEX) -> bytes:
    return json.dumps({"schemaVersion": 2, "mediaType": media_type, "manifests": list(children)}).encode()


def for_platform(data: bytes, platform: str, media_type: str = OCI_MANIFEST) -> Json:
    parts = zip(("os", "architecture", "variant"), platform.split("/"), strict=False)
    return named(data, media_type, platform=dict(parts))


PLAIN = manifest(named(ONE), named(TWO))


class Registry:
    """Answers with manifests by reference, and with any blob, saved."""

    def __init__(self, root: bytes, *others: bytes) -> None:
        self.manifests = {"v1": root, **{digest_of(each): each for each in (root, *others)}}

    def __call__(self, step: Step) -> Response:
        _, _, reference = step.request.target.partition("/manifests/")
        if reference:
            return self.of(self.manifests[reference])
        assert step.save
        return saved(step.save)

    @staticmethod
    def of(body: bytes, **headers: str) -> Response:
        about = {"Content-Type": json.loads(body)["mediaType"], "Docker-Content-Digest": digest_of(body)}
        about |= {name.replace("_", "-"): value for name, value in headers.items()}
        return Response(200, "OK", "HTTP/1.1", Headers.of(*about.items()), body)


def saved(save: Save, status: int = 200) -> Response:
    return with_body(Slice(save.path, 0, save.size, save.digest.partition(":")[2]), status)


def with_body(body: Body, status: int = 200) -> Response:
    return Response(status, "", "HTTP/1.1", Headers(), body)


def pulled(answers: Callable[[Step], Response], pull: Pull = PULL) -> tuple[Ran, Pulled]:
    ran = run(lambda: pull_image(pull), answers)
    assert isinstance(ran.outcome, Done), ran.outcome
    assert isinstance(ran.outcome.result, Pulled)
    return ran, ran.outcome.result


def stuck(answers: Callable[[Step], Response], pull: Pull = PULL) -> str:
    ran = run(lambda: pull_image(pull), answers)
    assert isinstance(ran.outcome, Blocked), ran.outcome
    return ran.outcome.sentence


def blob_target(data: bytes) -> str:
    return f"GET /v2/t/r/blobs/{digest_of(data)}"


def test_the_manifest_comes_first_and_then_each_blob() -> None:
    ran, result = pulled(Registry(PLAIN))
    assert ran.lines == ["GET /v2/t/r/manifests/v1", *map(blob_target, (ONE, TWO, CONFIG))]
    assert [blob.digest for blob in result.blobs] == [digest_of(data) for data in (ONE, TWO, CONFIG)]
    assert result.root.body == PLAIN


def test_all_four_kinds_of_manifests_are_accepted() -> None:
    ran, _ = pulled(Registry(PLAIN))
    assert ran.steps[0].request.headers.all("Accept") == MANIFESTS


def test_a_blob_is_saved_by_its_digest_and_size() -> None:
    ran, _ = pulled(Registry(PLAIN))
    digest = digest_of(ONE)
    assert ran.steps[1].save == Save(f"/somewhere/blobs/{digest.replace(':', '/')}", digest, len(ONE))


def test_a_blob_that_is_named_twice_is_pulled_once() -> None:
    ran, _ = pulled(Registry(manifest(named(ONE), named(ONE))))
    assert ran.lines.count(blob_target(ONE)) == 1


@pytest.mark.parametrize("media_type", [OCI_INDEX, DOCKER_LIST])
def test_every_child_of_an_index_is_pulled_and_what_they_share_once(media_type: str) -> None:
    arm = manifest(named(ONE))
    root = index(for_platform(PLAIN, "linux/amd64"), for_platform(arm, "linux/arm/v7"), media_type=media_type)
    ran, result = pulled(Registry(root, PLAIN, arm))
    assert [each.body for each in result.manifests] == [root, PLAIN, arm]
    assert ran.lines.count(blob_target(ONE)) == 1
    assert "linux/arm/v7" in ran.steps[2].title


def test_an_index_in_an_index_is_pulled() -> None:
    inner = index(for_platform(PLAIN, "linux/amd64"))
    _, result = pulled(Registry(index(named(inner, OCI_INDEX)), inner, PLAIN))
    assert len(result.manifests) == 3


@pytest.mark.parametrize(
    ("wanted", "there"),
    [
        ("linux/amd64", "linux/amd64"),
        ("linux/arm64", "linux/arm64/v8"),
        ("linux/arm64/v8", "linux/arm64"),
        ("linux/arm", "linux/arm/v7"),
        ("linux/arm", "linux/arm/v6"),
        ("linux/arm/v6", "linux/arm/v6"),
    ],
)
def test_one_platform_is_one_manifest(wanted: str, there: str) -> None:
    other = manifest(named(TWO))
    root = index(for_platform(other, "windows/amd64"), for_platform(PLAIN, there))
    ran, result = pulled(Registry(root, PLAIN, other), replace(PULL, platform=wanted))
    assert [each.body for each in result.manifests] == [PLAIN]
    assert len(ran.steps) == 5


def test_a_platform_is_found_in_a_nested_index() -> None:
    empty = index()
    inner = index(for_platform(PLAIN, "linux/amd64"))
    root = index(named(PLAIN, OCI_MANIFEST), named(empty, OCI_INDEX), named(inner, OCI_INDEX))
    _, result = pulled(Registry(root, empty, inner, PLAIN), replace(PULL, platform="linux/amd64"))
    assert result.root.body == PLAIN


def test_a_platform_that_is_not_there_is_said_with_those_that_are() -> None:
    root = index(for_platform(PLAIN, "linux/amd64"))
    said = stuck(Registry(root, PLAIN), replace(PULL, platform="linux/s390x"))
    assert said == "The image is not there for linux/s390x, but for: linux/amd64."


FOR_ARM = b'{"os":"linux","architecture":"arm64","variant":"v8"}'


def of_config(config: bytes) -> Callable[[Step], Response]:
    """Answer with an image that is no index, its config in memory where it is not to be saved."""
    answers = Registry(manifest(named(ONE), config=config))
    return lambda step: answers(step) if step.save or "/manifests/" in step.request.target else with_body(config)


@pytest.mark.parametrize("wanted", ["linux/arm64", "linux/arm64/v8"])
def test_the_config_of_an_image_that_is_no_index_says_its_platform(wanted: str) -> None:
    ran, _ = pulled(of_config(FOR_ARM), replace(PULL, platform=wanted))
    assert [step.title for step in ran.steps][1] == "get the config: which platform is it for?"


def test_another_platform_is_refused_before_any_layer_comes() -> None:
    said = stuck(of_config(FOR_ARM), replace(PULL, platform="linux/amd64"))
    assert said.startswith("The image is for linux/arm64/v8, and linux/amd64 was asked for")


@pytest.mark.parametrize("config", [b"config", b"[]", b"{}", b'{"os":"linux"}', b'{"os":1,"architecture":2}'])
def test_a_config_that_does_not_say_is_taken_as_it_is(config: bytes) -> None:
    pulled(of_config(config), replace(PULL, platform="linux/amd64"))


def test_without_a_wish_no_config_is_asked_for() -> None:
    ran, _ = pulled(of_config(FOR_ARM))
    assert not any("which platform" in step.title for step in ran.steps)


def test_a_foreign_layer_is_left_out_and_said() -> None:
    ran, result = pulled(Registry(manifest(named(ONE, urls=["https://elsewhere.test/x"]), named(TWO))))
    assert blob_target(ONE) not in ran.lines
    assert result.left_out == (digest_of(ONE),)
    assert f"left out, as they lie elsewhere: {digest_of(ONE)}" in str(result)


def test_what_is_there_already_is_not_pulled_again() -> None:
    ran, result = pulled(Registry(PLAIN), replace(PULL, there={digest_of(ONE): len(ONE), digest_of(TWO): 1}))
    assert ran.lines[1:] == [blob_target(TWO), blob_target(CONFIG)]
    assert result.reused == (digest_of(ONE),)


def test_a_half_is_gone_on_from_with_range() -> None:
    ran, _ = pulled(Registry(PLAIN), replace(PULL, halves={digest_of(ONE): 4}))
    assert ran.steps[1].request.headers.get("Range") == "bytes=4-"
    assert ran.steps[1].expects == (206, 200, 416)
    assert ran.lines.count(blob_target(ONE)) == 1


@pytest.mark.parametrize("half", [len(ONE), 100])
def test_a_half_that_is_no_half_is_begun_anew(half: int) -> None:
    ran, _ = pulled(Registry(PLAIN), replace(PULL, halves={digest_of(ONE): half}))
    assert ran.steps[1].request.headers.get("Range") is None


@pytest.mark.parametrize("rest", [with_body(b"none", 416), with_body(Unkept(5, "ab", "wrong"), 206)])
def test_a_rest_that_does_not_fit_leads_to_a_request_for_all(rest: Response) -> None:
    registry = Registry(PLAIN)

    def answers(step: Step) -> Response:
        return rest if step.request.headers.get("Range") else registry(step)

    ran, _ = pulled(answers, replace(PULL, halves={digest_of(ONE): 4}))
    assert ran.lines[1:3] == [blob_target(ONE)] * 2
    assert ran.steps[2].request.headers.get("Range") is None


def test_wrong_bytes_are_said_with_both_digests() -> None:
    registry = Registry(PLAIN)
    came = Unkept(7, sha256_of(b"another"), "not kept, since the digest is another one")
    said = stuck(lambda step: with_body(came) if step.save else registry(step))
    assert digest_of(ONE) in said
    assert digest_of(b"another") in said
    assert "not kept, since" in said


def test_a_blob_that_was_not_saved_does_not_pass_for_one_that_was() -> None:
    registry = Registry(PLAIN)
    assert "was not saved" in stuck(lambda step: with_body(ONE) if step.save else registry(step))


def test_a_redirect_is_a_step_of_its_own_without_credentials() -> None:
    registry = Registry(PLAIN)

    def answers(step: Step) -> Response:
        if step.save and step.request.origin == TARGET.origin:
            return Response(307, "", "HTTP/1.1", Headers.of(("Location", "http://storage.test/b?X-Amz-Signature=s")))
        return registry(step)

    login = Login(str(TARGET.origin), token="secret")
    arguments: Json = {"target": str(TARGET), "dest": "/somewhere", "form": "layout", "there": {}, "halves": {}}
    ran = run(build(FlowCall("pull-image", arguments), lambda _: login), answers)
    assert isinstance(ran.outcome, Done)
    assert ran.steps[1].request.headers.get("Authorization") == "Bearer secret"
    assert str(ran.steps[2].request.origin) == "http://storage.test"
    assert ran.steps[2].request.headers.get("Authorization") is None
    assert ran.steps[2].save == ran.steps[1].save


def test_manifest_bytes_of_another_digest_are_refused() -> None:
    assert digest_of(PLAIN) in stuck(lambda _: Registry.of(PLAIN, Docker_Content_Digest=digest_of(b"x")))


def test_a_child_of_another_digest_is_refused() -> None:
    root = index(for_platform(PLAIN, "linux/amd64"))
    registry = Registry(root)
    registry.manifests[digest_of(PLAIN)] = PLAIN.replace(b"2", b"1", 1)
    assert f"{digest_of(PLAIN)} was to be expected" in stuck(registry)


def test_a_child_of_another_size_is_refused() -> None:
    child = {**for_platform(PLAIN, "linux/amd64"), "size": 3}
    assert "the index says that it has 3" in stuck(Registry(index(child), PLAIN))


@pytest.mark.parametrize(
    ("body", "content_type", "said"),
    [
        (manifest(named(ONE), manifests=[]), OCI_MANIFEST, "an index and a manifest at once"),
        (PLAIN, OCI_INDEX, "it calls itself"),
        (b'{"mediaType":1}', "text/plain", "which is no image manifest"),
        (b'{"manifests":[]}', OCI_MANIFEST, "which names no manifests"),
        (
            b'{"schemaVersion":1,"fsLayers":[]}',
            "application/vnd.docker.distribution.manifest.v1+prettyjws",
            "of docker's schema 1",
        ),
        (b"[]", OCI_MANIFEST, "a JSON object was expected"),
        (b"no", OCI_MANIFEST, "it is no JSON"),
        (b'{"config":{"digest":"sha256:../../x","size":1},"layers":[]}', OCI_MANIFEST, "is not a digest"),
    ],
)
def test_a_manifest_that_cannot_be_trusted_is_refused(body: bytes, content_type: str, said: str) -> None:
    headers = Headers.of(("Content-Type", content_type))
    assert said in stuck(lambda _: Response(200, "OK", "HTTP/1.1", headers, body))


def test_one_blob_of_two_sizes_is_refused() -> None:
    said = stuck(Registry(manifest(named(ONE), {**named(ONE), "size": 3})))
    assert "one of them is wrong" in said


def test_a_manifest_that_was_not_kept_is_said() -> None:
    assert "too large" in stuck(lambda _: with_body(Unkept(5_000_000, "ab")))


def test_indexes_that_are_nested_too_deeply_are_refused() -> None:
    layers = [PLAIN]
    for _ in range(20):
        layers.append(index(named(layers[-1], OCI_INDEX if len(layers) > 1 else OCI_MANIFEST)))
    registry = Registry(layers[-1], *layers)
    assert "more than 16 deep" in stuck(registry)
    assert "more than 16 deep" in stuck(registry, replace(PULL, platform="linux/amd64"))


@pytest.mark.parametrize(
    ("root", "said"),
    [
        (index(for_platform(PLAIN, "linux/amd64")), "choose one by --platform: linux/amd64"),
        (manifest(named(ONE, urls=["https://x.test"])), "needs every layer"),
        (
            manifest(named(ONE)).replace(OCI_CONFIG.encode(), b"application/vnd.oci.empty.v1+json"),
            "no image that docker can load",
        ),
    ],
)
def test_what_no_archive_of_docker_can_hold_is_said_before_its_blobs_come(root: bytes, said: str) -> None:
    assert said in stuck(Registry(root, PLAIN), replace(PULL, is_archive=True))


def test_a_refusal_stops_the_pull_with_what_the_registry_says() -> None:
    assert "404" in stuck(lambda _: with_body(b"", 404))


def test_a_pull_is_built_again_from_its_call() -> None:
    there, halves = {digest_of(ONE): 9}, {digest_of(TWO): 4}
    values = {"target": str(TARGET), "dest": "/x/a.tar", "form": "docker-archive", "platform": "linux/amd64"}
    pull = pull_of({**values, "there": there, "halves": halves})
    assert pull == Pull(TARGET, "/x/a.tar.partial", "linux/amd64", True, there, halves)


def test_the_flow_by_name_is_the_same_conversation() -> None:
    kind = flow_named("pull-image")
    made = kind.build(Arguments({"target": str(TARGET), "dest": "/x", "form": "layout", "there": {}, "halves": {}}))
    assert next(made).request.target == "/v2/t/r/manifests/v1"
    assert "verb `pull`" in kind.help


def test_run_says_that_the_verb_does_it() -> None:
    from explorer.calls import call_from_words

    with pytest.raises(InputError, match="by the verb `pull`"):
        call_from_words(flow_named("pull-image"), {"target": "localhost/x", "dest": "y"})
