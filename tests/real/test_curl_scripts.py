"""What bash and the real curl send for a script, and what the importer makes of the same script: they agree."""

from __future__ import annotations

import subprocess

import pytest

from tests.real.conftest import need
from tests.real.test_curl_commands import Curl, agree, curl

__all__ = ["curl"]

SCRIPTS = {
    "an array of options": r"""
        auth=(-H 'X-One: a b' -u me:pa:ss)
        auth+=( -H "X-Two: $R"   # and one more
          -A me
        )
        none=()
        curl -s "${none[@]}" "${auth[@]}" "$R/v2/"
        urls=($R/1 "$R/2")
        curl -s "${urls[1]}" ${urls[*]}
    """,
    "all of a command in an array": r"""
        args=(
          --silent
          --request PUT
          "$R/v2/a/manifests/latest"
        )
        curl "${args[@]}" --data-binary '{}'
    """,
    "a map": r"""
        declare -A repo=([a]=library/x ["b"]=y)
        curl -s "$R/v2/${repo[a]}/tags/list" "$R/v2/${repo[b]}/tags/list"
    """,
    "curl in a variable": r"""
        cmd="curl -s -X DELETE"
        $cmd $R/v2/x
        CURL='curl -s -u a:b'
        ${CURL} "$R/y" && $CURL -X POST $R/z
        ${NONE:-curl} -s $R/w
    """,
    "here-documents": r"""
        name='a"b'; n=$((0))
        curl -s --data-binary @- $R/put <<EOF
        {"name": "$name", "price": "\$5", "x": "${name}\\"}
        EOF
        curl -s -T - $R/raw <<'EOF'
        $name `id`
        EOF
        curl -s -d @- $R/dash <<-EOF
	tabs $name
	EOF
        curl -s -d "$(cat <<'EOF'
        {"a": 1}
        EOF
        )" $R/cat
        curl -s --data-binary @- $R/string <<< "$name"
    """,
    "pipes": r"""
        printf '%s' '{"k":1}' | curl -s -d @- $R/printf
        echo -n hi | curl -s -X PATCH --data-binary @- $R/echo
        echo hi there |& curl -s --data-binary @- $R/both
        cat <<EOF | curl -s --data-binary @- $R/cat
        $R
        EOF
    """,
    "changes of variables": r"""
        file=/tmp/a.tar.gz digest=sha256:abc
        curl -s "$R/${file##*/}/${file%.gz}/${file%%.*}/${digest#sha256:}/${digest/:/-}/${digest//a/X}"
        curl -s "$R/${digest^^}/${digest:0:6}/${digest:7}/${none:-x}/${none-$digest}/${digest:+y}/${file#"/tmp/"}"
        url=$R; url+=/more
        curl -s "$url"
        : "${NAME:=library/x}"
        curl -s "$R/${NAME:-library/x}?n=${N:-${M:-10}}"
    """,
    "run by another": r"""
        timeout 20 curl -s $R/timeout
        env A=b curl -s $R/env
        bash -c "curl -s $R/bash"
        eval "curl -s $R/eval -H 'X: y z'"
        nice -n 1 curl -s $R/nice
        command curl -s $R/command
        \curl -s $R/backslash
        out=$(curl -s "$R/captured" 2>&1 >/dev/null)
        cat <(curl -s $R/substituted) > /dev/null
        case x in x) curl -s $R/case ;; esac
        ( cd / && curl -s $R/sub ); { curl -s $R/group; }
    """,
    "options in a file that is shown": r"""
        curl -s -K - <<EOF
        # the manifest
        url = "$R/v2/x/manifests/latest"
        request = PUT
        header = "Content-Type: a/b"
        data-binary = "{\"a\":\t1}"
        next
        url $R/second
        -I
        user: me:pw
        EOF
        curl -s --config - <<< "url=$R/third"
    """,
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_imported_as_it_runs(curl: Curl, name: str) -> None:
    lines = [line.removeprefix(" " * 8) for line in SCRIPTS[name].splitlines()]
    script = "\n".join(["#!/bin/bash", "set -e", f"R=http://127.0.0.1:{curl.listener.port}", *lines]) + "\n"
    curl.listener.arrived.clear()
    environment = {"HOME": str(curl.folder), "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    subprocess.run(
        [need("bash"), "-c", script], cwd=curl.folder, env=environment, stdin=subprocess.DEVNULL, check=True, timeout=60
    )
    agree(curl.listener.arrived, script)
