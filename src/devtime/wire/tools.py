"""What editors, agents and browsers are called: many spellings, one slug and one name each. Data and look-ups.

A tool DevTime has never heard of is welcome: its slug is made of its name.
"""

from __future__ import annotations

import re
from functools import lru_cache

from devtime.wire.text import LIMITS, clean

UNKNOWN_TOOL = "unknown"

_EDITORS = """
vscode            | VS Code              | code, visual studio code, code oss, vscode web, code server
vscode-insiders   | VS Code Insiders     | visual studio code insiders, code insiders, vs code insiders
vscodium          | VSCodium             | codium
cursor            | Cursor               |
windsurf          | Windsurf             | codeium windsurf
trae              | Trae                 |
kiro              | Kiro                 |
antigravity       | Antigravity          | google antigravity
positron          | Positron             |
visual-studio     | Visual Studio        | visualstudio, devenv
zed               | Zed                  | zed editor
neovim            | Neovim               | nvim
vim               | Vim                  | gvim, macvim
emacs             | Emacs                | gnu emacs, spacemacs, doom emacs
helix             | Helix                | hx
kakoune           | Kakoune              | kak
micro             | Micro                |
nano              | nano                 | gnu nano
kate              | Kate                 | ktexteditor, kwrite
kdevelop          | KDevelop             |
sublime           | Sublime Text         | sublime text, sublimetext, sublime text 2, sublime text 3, sublime text 4
atom              | Atom                 | github atom
pulsar            | Pulsar               |
notepad++         | Notepad++            | notepadpp, notepad plus plus
textmate          | TextMate             |
bbedit            | BBEdit               |
nova              | Nova                 | panic nova
brackets          | Brackets             |
geany             | Geany                |
gedit             | gedit                |
lapce             | Lapce                |
lite-xl           | Lite XL              |
intellij          | IntelliJ IDEA        | idea, intellij idea ultimate, intellij idea community edition, ideaic, ideaiu
pycharm           | PyCharm              | pycharm community edition, pycharm professional, pycharmcore
webstorm          | WebStorm             |
phpstorm          | PhpStorm             |
clion             | CLion                |
goland            | GoLand               |
rider             | Rider                | jetbrains rider
rubymine          | RubyMine             |
rustrover         | RustRover            |
datagrip          | DataGrip             |
dataspell         | DataSpell            |
appcode           | AppCode              |
aqua              | Aqua                 |
fleet             | Fleet                | jetbrains fleet
android-studio    | Android Studio       | androidstudio
eclipse           | Eclipse              | eclipse ide
netbeans          | NetBeans             | apache netbeans
xcode             | Xcode                |
qt-creator        | Qt Creator           | qtcreator
delphi            | Delphi               |
arduino           | Arduino IDE          | arduino ide
hbuilderx         | HBuilderX            | hbuilder x
godot             | Godot                | godot engine
unity             | Unity                | unity editor
unreal            | Unreal Engine        | unreal engine, unreal editor
blender           | Blender              |
figma             | Figma                |
jupyter           | Jupyter              | jupyter lab, jupyter notebook
rstudio           | RStudio              |
matlab            | MATLAB               |
obsidian          | Obsidian             |
postman           | Postman              |
github-desktop    | GitHub Desktop       |
ssms              | SSMS                 | sql server management studio
excel             | Excel                | microsoft excel
word              | Word                 | microsoft word
powerpoint        | PowerPoint           | microsoft powerpoint
calendar          | Calendar             |
terminal          | Terminal             | terminal app
bash              | Bash                 |
zsh               | Zsh                  |
fish              | fish                 |
powershell        | PowerShell           | pwsh
"""

_AGENTS = """
claude-code       | Claude Code          | claude, claude cli
codex             | Codex                | codex cli, openai codex
gemini-cli        | Gemini CLI           | gemini
opencode          | OpenCode             |
copilot           | GitHub Copilot       | github copilot, copilot cli, copilot chat, github copilot cli
cursor-agent      | Cursor Agent         | cursor cli
amp               | Amp                  | sourcegraph amp
droid             | Droid                | factory droid, factory
goose             | Goose                | block goose
aider             | aider                |
augment           | Augment              | augment code, auggie
cline             | Cline                |
roo-code          | Roo Code             | roo, roo cline
kilo-code         | Kilo Code            | kilo
crush             | Crush                |
junie             | Junie                | jetbrains junie
openhands         | OpenHands            | open hands
qwen-code         | Qwen Code            |
kimi-cli          | Kimi CLI             | kimi code
continue          | Continue             |
pi                | Pi                   | pi coding agent
"""

_BROWSERS = """
chrome            | Chrome               | google chrome
chromium          | Chromium             |
firefox           | Firefox              | mozilla firefox
edge              | Edge                 | microsoft edge, msedge
safari            | Safari               |
opera             | Opera                |
brave             | Brave                |
vivaldi           | Vivaldi              |
arc               | Arc                  |
"""


def _key(name: str) -> str:
    return re.sub(r"[\s_.-]+", "", name.lower())


def _read_table(table: str) -> dict[str, tuple[str, str]]:
    """Each spelling's key → (slug, display name)."""
    names: dict[str, tuple[str, str]] = {}
    for line in table.strip().splitlines():
        slug, display, aliases = (part.strip() for part in line.split("|"))
        for spelling in (slug, display, *aliases.split(",")):
            if spelling.strip():
                names[_key(spelling)] = (slug, display)
    return names


_AGENT_NAMES = _read_table(_AGENTS)
_BROWSER_NAMES = _read_table(_BROWSERS)
_NAMES = _read_table(_EDITORS) | _AGENT_NAMES | _BROWSER_NAMES
AGENT_SLUGS = frozenset(slug for slug, _ in _AGENT_NAMES.values())
"""The AI agents among the tools."""

_BROWSER_SLUGS = frozenset(slug for slug, _ in _BROWSER_NAMES.values())


def tool_slug(name: str) -> str:
    """The tool's canonical slug (`vscode`, `claude-code`); made of the name when it is not in the tables."""
    return _slug(clean(name, "tool"))


def display_name(name: str) -> str:
    """How a tool is shown (`VS Code`), whatever spelling is given; the name itself when it is not in the tables."""
    return _display(clean(name, "editor"))


# Handed clean names only: what is remembered here must not be as long as a sender likes.
@lru_cache(maxsize=4096)
def _slug(name: str) -> str:
    known = _NAMES.get(_key(name))
    if known:
        return known[0]
    slug = re.sub(r"[^\w+#.]+|_+", "-", name.lower())[: LIMITS["tool"]].strip("-.")
    return slug or UNKNOWN_TOOL


@lru_cache(maxsize=4096)
def _display(name: str) -> str:
    known = _NAMES.get(_key(name))
    return known[1] if known else name


def is_known(name: str) -> bool:
    """Whether the name, in any spelling, is in the tables."""
    return _key(name) in _NAMES


def agent_name(name: str) -> str:
    """The display name of an AI agent, or "" when the name is not one's."""
    return _AGENT_NAMES.get(_key(name), ("", ""))[1]


def is_browser(slug: str) -> bool:
    """Whether the slug is a web browser's: what sends for somebody else, unless it says otherwise."""
    return slug in _BROWSER_SLUGS
