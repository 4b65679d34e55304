"""Runs a program to its end and says what it cost: `launcher.py FD WORDS...` writes JSON to the file descriptor.

A process is charged with the peak memory of the one that it was started from, so it has to be a small one.
"""

import json
import os
import sys
import time


def main() -> None:
    """Start, wait, and tell: seconds, seconds of CPU, the peak in MiB, the exit status."""
    told, words = int(sys.argv[1]), sys.argv[2:]
    os.set_inheritable(told, False)
    begun = time.perf_counter()
    _, status, usage = os.wait4(os.posix_spawnp(words[0], words, os.environ), 0)
    seconds = time.perf_counter() - begun
    costs = (seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))
    os.write(told, json.dumps(costs).encode())


if __name__ == "__main__":
    main()
