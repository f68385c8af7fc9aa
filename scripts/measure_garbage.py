#!/usr/bin/env python3
"""Gives Wayfield large files of garbage in every format, and measures time and peak memory.

usage: scripts/measure_garbage.py WAYFIELD_BINARY [MEGABYTES=100]

Kinds of garbage: random bytes under the format's ending; a valid beginning followed by random
printable text; a valid beginning followed by one endless word; a valid record repeated to the size of
the file. Each must end with exit code 2 (or 0 where a repeated record is a valid network), within a
minute, and take at most twice the file plus 100 MB. JSON and XML openers nest without end.
"""
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

STARTS = {
    "graphml": ("<graphml><graph><node id='a'/><node id='b'/>", "<edge source='a' target='b'/>\n"),
    "gml": ("graph [ node [ id 1 ] node [ id 2 ] ", "edge [ source 1 target 2 ]\n"),
    "txt": ("?SNDlib native format\nNODES ( A B )\nLINKS (\n", "L ( A B ) 1 0 0 0 ( 1 1 )\n"),
    "xml": ("<network><networkStructure><nodes><node id='a'/></nodes><links>",
            "<link id='l'><source>a</source><target>a</target></link>\n"),
    "graph": ("NODES 99999\nlabel x y\n", "A 1 2\n"),
    "dot": ("graph g {\n", "a -- b;\n"),
    "csv": ("source,target\n", "a,b\n"),
    "json": ("{\"nodes\": [{\"id\": 1}], \"links\": [", "{\"source\": 1, \"target\": 1},\n"),
}
NESTS = {"graphml": "<a>", "gml": "a [ ", "json": "[", "dot": "{ ", "xml": "<a>", "txt": "( "}


def printable(size, rng):
    line = "".join(chr(rng.randrange(32, 127)) for _ in range(65536))
    return (line * (size // len(line) + 1))[:size]


def garbage(ending, size):
    rng = random.Random(ending)
    start, record = STARTS[ending]
    yield "random bytes", rng.randbytes(size)
    yield "beginning, then printable text", (start + printable(size - len(start), rng)).encode()
    yield "beginning, then one endless word", (start + "x" * (size - len(start))).encode()
    yield "a record repeated", (start + record * ((size - len(start)) // len(record))).encode()
    if ending == "json":
        yield "numbers", ("{\"routers\": [" + "1," * (size // 2 - 20)).encode()
        yield "matrices", ("{\"routers\": [], \"traffic\": [" + "[1,2]," * (size // 6 - 20)).encode()
    if ending in NESTS:
        nest = NESTS[ending]
        yield "openers", (start + nest * ((size - len(start)) // len(nest))).encode()


def measure(command):
    began = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = child.stderr.read().decode(errors="replace").strip()
    _, status, usage = os.wait4(child.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    return code, error, usage.ru_maxrss / 1024, time.monotonic() - began


def main():
    binary = sys.argv[1]
    megabytes = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    limit, bad = 2 * megabytes + 100, 0
    with tempfile.TemporaryDirectory() as folder:
        for ending in STARTS:
            for kind, data in garbage(ending, megabytes * 1024 * 1024):
                path = pathlib.Path(folder) / f"garbage.{ending}"
                path.write_bytes(data)
                del data
                code, error, peak, seconds = measure([binary, "topologies", "show", str(path)])
                verdict = "ok" if code in (0, 2) and peak <= limit and seconds < 60 else "BAD"
                bad += verdict == "BAD"
                print(f"{verdict} {ending:8} {kind:34} exit {code} {peak:6.0f} MB {seconds:5.1f} s  "
                      f"{error.replace(folder, '')[:90]}", flush=True)
                path.unlink()
        rows = pathlib.Path(folder) / "demand.txt"
        rows.write_text("1 2 3 4\n" * (megabytes * 131072))
        code, error, peak, seconds = measure(
            [binary, "demands", "show", str(rows), "--topology", "b4"])
        verdict = "ok" if code == 2 and peak <= limit else "BAD"
        bad += verdict == "BAD"
        print(f"{verdict} demands  rows of numbers {peak:6.0f} MB {seconds:5.1f} s {error[-80:]}")
    print(f"limit {limit} MB, {bad} beyond")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
