"""How each family of editors is pointed at this server: the steps, and the text to paste. Data and formatting only."""

from __future__ import annotations

from devtime.accounts.keys import spell_uuid
from devtime.web.own_snippets import own_clients
from devtime.web.views.connect import Client, Snippet

PLACEHOLDER = "YOUR_KEY"
UUID_PLACEHOLDER = "YOUR_KEY_AS_UUID"

_FILE = "Put the two lines below into the file; where they are there already, change them."

_EDITORS = (
    ("vscode", "VS Code", "Cursor, Windsurf, VSCodium", "In the extensions view, install WakaTime."),
    (
        "jetbrains",
        "JetBrains IDEs",
        "IntelliJ IDEA, PyCharm, GoLand, …",
        "In Settings, Plugins, Marketplace, install WakaTime and restart. If it asks for a key, give it the one below.",
    ),
    (
        "vim",
        "Vim and Neovim",
        "any plugin manager",
        "Install the plugin wakatime/vim-wakatime with your plugin manager.",
    ),
    (
        "emacs",
        "Emacs",
        "Doom and Spacemacs, too",
        "Install the package wakatime-mode and the program wakatime-cli, and turn on global-wakatime-mode.",
    ),
    ("sublime", "Sublime Text", "Package Control", "With Package Control, install WakaTime."),
    (
        "others",
        "Xcode and 60 others",
        "every WakaTime plugin",
        "Install the WakaTime plugin of your editor: Xcode, Visual Studio, Zed, Eclipse, Unity, browsers, …",
    ),
)


def list_clients(address: str, key: str = "") -> tuple[Client, ...]:
    """Every family with its snippets for the server at `address`; `key` (`dt_…`) is filled in, or a placeholder."""
    address = address.rstrip("/")
    shown = key or PLACEHOLDER
    spelled = spell_uuid(key) if key else UUID_PLACEHOLDER
    return (
        _curl(address, shown),
        *[_wakatime(*editor, address, spelled) for editor in _EDITORS],
        _codetrackr(address, shown),
        *own_clients(address, shown),
    )


def wakatime_settings(address: str, key: str) -> str:
    """The two settings every WakaTime plugin reads."""
    return f"[settings]\napi_url = {address}/api/v1\napi_key = {key}\n"


def curl_heartbeat(address: str, key: str) -> str:
    """A heartbeat of this moment, sent from a shell."""
    names = '{"tool": "curl", "project": "hello", "activity_type": "coding",'
    time = "\"timestamp\": '$(date +%s)000'}"
    return (
        f"curl -X POST {address}/api/heartbeat \\\n"
        f'  -H "Authorization: Bearer {key}" \\\n'
        '  -H "Content-Type: application/json" \\\n'
        f"  -d '{names}\n       {time}'\n"
    )


def _curl(address: str, key: str) -> Client:
    return Client(
        "curl",
        "Try it now",
        "curl, scripts",
        ("Paste this into a terminal. The line at the top of this page answers within two seconds.",),
        (Snippet("A heartbeat of this moment", "sh", curl_heartbeat(address, key), 'It answers { "ok": true }.'),),
    )


def _wakatime(id_: str, name: str, editors: str, install: str, address: str, key: str) -> Client:
    text = wakatime_settings(address, key)
    file = Snippet("~/.wakatime.cfg", "ini", text, "On Windows: %USERPROFILE%\\.wakatime.cfg")
    steps = (install, _FILE, "Edit something. The first heartbeat comes within two minutes.")
    return Client(id_, name, editors, steps, (file,))


def _codetrackr(address: str, key: str) -> Client:
    vscode = f'{{\n  "codetrackr.baseUrl": "{address}",\n  "codetrackr.apiKey": "{key}"\n}}\n'
    zed = (
        '{\n  "lsp": {\n    "codetrackr": {\n      "initialization_options": {\n'
        f'        "base_url": "{address}",\n        "api_key": "{key}"\n      }}\n    }}\n  }}\n}}\n'
    )
    return Client(
        "codetrackr",
        "CodeTrackr extensions",
        "VS Code, Zed",
        ("Keep the extension you have, or install it.", "Put these into the editor’s settings.json."),
        (Snippet("VS Code, settings.json", "json", vscode), Snippet("Zed, settings.json", "json", zed)),
    )
