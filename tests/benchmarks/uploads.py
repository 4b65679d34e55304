"""The same upload by this program and by its peers; each returns what its whole process cost."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

from tests.benchmarks.bench import Bench
from tests.benchmarks.images import Layout
from tests.benchmarks.measuring import Took, run, run_for_output
from tests.benchmarks.servers import Server

_WIRE = re.compile(rb", ([0-9.]+) s on the wire")
_LOCATION = re.compile(rb"^location: *(?:http://[^/]+)?(/\S+)", re.IGNORECASE | re.MULTILINE)

DXF = "import sys; from dxf import DXF; DXF(sys.argv[1], 'bench/dxf', insecure=True).push_blob(sys.argv[2])"
DXF_MANY = """
import sys
from dxf import DXF
dxf = DXF(sys.argv[1], 'bench/dxf', insecure=True)
import time
files = sys.argv[2:]
dxf.push_blob(files[0])
begun = time.perf_counter()
for file in files[1:]:
    dxf.push_blob(file)
print(time.perf_counter() - begun)
"""
HTTPX_MANY = """
import hashlib, pathlib, sys, time
from urllib.parse import urljoin
import httpx
base, files = 'http://' + sys.argv[1], [pathlib.Path(name) for name in sys.argv[2:]]
octets = {'Content-Type': 'application/octet-stream'}
def push(client, file):
    place = client.post(base + '/v2/bench/bare/blobs/uploads/').headers['location']
    content = file.read_bytes()
    place = client.patch(urljoin(base, place), content=content, headers=octets).headers['location']
    client.put(urljoin(base, place) + '&digest=sha256:' + hashlib.sha256(content).hexdigest()).raise_for_status()
with httpx.Client() as client:
    push(client, files[0])
    begun = time.perf_counter()
    for file in files[1:]:
        push(client, file)
    print(time.perf_counter() - begun)
"""
ORAS = """
import sys
import oras.client
client = oras.client.OrasClient(insecure=True)
client.push(target=sys.argv[1] + '/bench/oras:v1', files=[sys.argv[2]], disable_path_validation=True)
"""


def push_words(bench: Bench, server: Server, folder: Path, *options: str) -> list[str]:
    """Return the command line of this program's push of a layout, to the end and printed."""
    target = f"{server.host}/bench/own:v1"
    session = bench.folder / f"session-{time.monotonic_ns()}.jsonl"
    return bench.program("push", folder, target, "--plain", "--run", "--anonymous", "--session", session, *options)


def push(bench: Bench, server: Server, folder: Path, *options: str) -> Took:
    """Push a layout by this program, as users do."""
    return run(push_words(bench, server, folder, *options), env=bench.environment)


def push_and_wire(bench: Bench, server: Server, folder: Path, *options: str) -> tuple[Took, float]:
    """Push a layout by this program; return the seconds that it was on the wire, too, as it says."""
    took, printed = run_for_output(push_words(bench, server, folder, *options), env=bench.environment)
    found = _WIRE.search(printed)
    return took, float(found[1]) if found else took.seconds


def raw(server: Server, file: Path, count: int = 1) -> tuple[Took, float]:
    """Upload a file by a raw socket that hashes what it sends; return the seconds of the transfer, too."""
    words = [sys.executable, "-m", "tests.benchmarks.clients", str(server.port), str(file), str(count)]
    took, printed = run_for_output(words)
    return took, float(printed)


def curl(bench: Bench, server: Server, layout: Layout) -> Took:
    """Upload the layer by curl, whose digest is known: POST, PATCH with -T, PUT, a process each."""
    program, base = bench.peers.system("curl"), f"http://{server.host}"
    begun, cpu, peak = time.perf_counter(), 0.0, 0.0

    def ask(*words: str) -> str:
        nonlocal cpu, peak
        took, printed = run_for_output([program, "-sS", "-f", "-D", "-", "-o", "/dev/null", *words])
        cpu, peak = cpu + took.cpu, max(peak, took.peak)
        found = _LOCATION.findall(printed)
        return found[-1].decode() if found else ""

    place = ask("-X", "POST", "-d", "", f"{base}/v2/bench/curl/blobs/uploads/")
    octets = ("-H", "Content-Type: application/octet-stream", "-H", "Expect:")
    place = ask("-X", "PATCH", "-T", str(layout.layer), *octets, f"{base}{place}")
    ask("-X", "PUT", "-d", "", f"{base}{place}&digest={layout.digest}")
    return Took(time.perf_counter() - begun, cpu, peak)


def skopeo(bench: Bench, server: Server, folder: Path) -> Took:
    """Push a layout by skopeo, its bytes as they are."""
    words = ["copy", "-q", "--preserve-digests", "--dest-tls-verify=false", f"oci:{folder}"]
    start = [bench.peers.system("skopeo"), "--insecure-policy"]
    return run([*start, *words, f"docker://{server.host}/bench/skopeo:v1"], env=bench.environment)


def dxf(bench: Bench, server: Server, file: Path) -> Took:
    """Upload a file by python-dxf."""
    return run([bench.peers.python("python-dxf"), "-c", DXF, server.host, file], env=bench.environment)


def oras(bench: Bench, server: Server, file: Path) -> Took:
    """Push a file as an artifact by oras-py."""
    return run([bench.peers.python("oras"), "-c", ORAS, server.host, file], env=bench.environment)
