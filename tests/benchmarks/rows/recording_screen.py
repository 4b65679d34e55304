"""Keys of the app while a large body is relayed in the same program."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator

from tests.benchmarks.bench import GIB, MIB, Bench
from tests.benchmarks.clients import curl_upload_words
from tests.benchmarks.goals import Result, at_least, at_most, row
from tests.benchmarks.measuring import Took, percentile, ratio, run, seconds
from tests.benchmarks.relays import Caller, recorder
from tests.benchmarks.servers import sink
from tests.benchmarks.terminal import Terminal
from tests.ports import free_port

DOWN, UP = b"\x1b[B", b"\x1b[A"
SELECTED = "▶".encode()
_EXCHANGES = 200


@row("G13", "keys in the recording app while 1 GiB passes through it")
def keys_while_relaying(bench: Bench) -> Iterator[Result]:
    """Press keys for as long as curl uploads, in turn with the same upload through the recorder without a screen.

    What is limited is the frame in which the key has led to another row, as in a long list.
    """
    file = bench.random_file(bench.size(small=32 * MIB, full=GIB))
    curl, port = bench.peers.system("curl"), free_port()
    keys: list[float] = []
    shown, headless = [], []
    with sink() as server, recorder(bench, server.port) as plain:
        words = bench.program("record", server.host, "--port", str(port))
        session = bench.scratch("screen") / "session.jsonl"
        with Terminal([*words, "--session", session], env=bench.environment) as app:
            app.painted(b"waiting for a client")
            with Caller(port) as caller:
                for _ in range(_EXCHANGES):
                    caller.call()
            app.settle()
            idle = [app.frame(key, SELECTED)[0] * 1000 for key in (UP, DOWN) * bench.size(small=1, full=15)]
            for number in range(1 + bench.rounds * bench.size(small=1, full=3)):
                alone = run(curl_upload_words(curl, plain.port, file))
                together, pressed = _pressed_meanwhile(app, curl_upload_words(curl, port, file))
                if number:  # the first round warms up
                    headless.append(alone)
                    shown.append(together)
                    keys += pressed
                app.settle()
    beside = f"without a screen {seconds(headless):.3f} s"
    for percent, limit in ((50, 6), (99, 25)):
        value = percentile(keys, percent)
        quiet = f"nothing relayed {percentile(idle, percent):.1f} ms"
        shown_as = f"{value:.1f} ms of {len(keys)}"
        yield Result(f"key to frame, p{percent}", shown_as, value, at_most(limit, "ms"), against=quiet)
    goal = at_least(0.85, "× without a screen")
    yield Result("throughput meanwhile", f"{seconds(shown):.3f} s", 1 / ratio(shown, headless), goal, against=beside)


def _pressed_meanwhile(app: Terminal, words: list[str]) -> tuple[Took, list[float]]:
    """Run a program and press keys until it ends; return what it took, and the milliseconds of each key."""
    took: list[Took] = []
    thread = threading.Thread(target=lambda: took.append(run(words)))
    thread.start()
    pressed = []
    for key in itertools.cycle((UP, DOWN)):
        pressed.append(app.frame(key, SELECTED)[0] * 1000)
        if not thread.is_alive():
            break
    thread.join()
    return took[0], pressed
