"""A pull into a layout, verified on the way, beside curl with sha256sum and beside skopeo."""

from __future__ import annotations

import itertools
import shutil
import time
from collections.abc import Callable, Iterator

from tests.benchmarks import uploads
from tests.benchmarks.bench import GIB, MIB, Bench
from tests.benchmarks.goals import Result, Unavailable, at_most, missing, row
from tests.benchmarks.images import layout
from tests.benchmarks.measuring import Took, in_rounds, peak, ratio, run, seconds
from tests.benchmarks.servers import docker_registry


@row("pull", "an image of 1 GiB pulled into a layout, verified")
def pull(bench: Bench) -> Iterator[Result]:
    """Pull from docker-registry into a new place each time."""
    size = bench.size(small=8 * MIB, full=GIB)
    image = layout(bench, size)
    numbers = itertools.count(1)
    with docker_registry(bench) as server:
        uploads.push(bench, server, image.folder)

        def own() -> Took:
            place = bench.folder / f"pulled-{next(numbers)}"
            words = bench.program("pull", f"{server.host}/bench/own:v1", place, "--plain", "--run", "--anonymous")
            took = run([*words, "--session", f"{place}.jsonl"], env=bench.environment)
            shutil.rmtree(place)
            return took

        def curl() -> Took:
            place = bench.folder / f"pulled-{next(numbers)}"
            begun = time.perf_counter()
            url = f"http://{server.host}/v2/bench/own/blobs/{image.digest}"
            got = run([bench.peers.system("curl"), "-sSf", "-o", place, url])
            hashed = run([bench.peers.system("sha256sum"), place])
            took = time.perf_counter() - begun
            place.unlink()
            return Took(took, got.cpu + hashed.cpu, max(got.peak, hashed.peak))

        def skopeo() -> Took:
            place = bench.folder / f"pulled-{next(numbers)}"
            start = [bench.peers.system("skopeo"), "--insecure-policy", "copy", "-q", "--src-tls-verify=false"]
            took = run([*start, f"docker://{server.host}/bench/own:v1", f"oci:{place}"], env=bench.environment)
            shutil.rmtree(place)
            return took

        cases: dict[str, Callable[[], Took]] = {"own": own}
        lacking: dict[str, Unavailable] = {}
        for name, needed, case in (("curl, sha256sum", "curl", curl), ("skopeo", "skopeo", skopeo)):
            try:
                bench.peers.system(needed)
                cases[name] = case
            except Unavailable as why:
                lacking[name] = why
        figures = in_rounds(cases, bench.rounds)
    took = seconds(figures["own"])
    figure = f"{took:.3f} s ({size / MIB / took:.0f} MiB/s), {peak(figures['own']):.0f} MiB"
    for name in ("curl, sha256sum", "skopeo"):
        goal = at_most(1, f"× {name}")
        if name in lacking:
            yield missing(f"beside {name}", lacking[name], goal)
            continue
        beside = f"{name} {seconds(figures[name]):.3f} s"
        yield Result(f"beside {name}", figure, ratio(figures["own"], figures[name]), goal, against=beside)
