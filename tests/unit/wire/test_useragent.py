"""User-Agents as clients in the wild send them, each of which has been misread by somebody once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtime.wire.text import LIMITS
from devtime.wire.useragent import Client, parse_user_agent, read_system


def head(system="linux-6.14.1", runtime="go1.24.2", version="v1.115.2"):
    return f"wakatime/{version} ({system}) {runtime} "


def test_the_usual_agent_names_editor_versions_and_system():
    assert parse_user_agent(head() + "vscode/1.100.0 vscode-wakatime/25.0.3") == Client(
        editor="VS Code",
        editor_version="1.100.0",
        os="Linux",
        plugin="vscode-wakatime",
        plugin_version="25.0.3",
        cli_version="v1.115.2",
    )


@pytest.mark.parametrize(
    ("products", "editor"),
    [
        ("cursor/1.93.1 vscode-wakatime/24.9.2", "Cursor"),
        ("vscodium/1.126.0 vscode-wakatime/30.2.1", "VSCodium"),
        ("GoLand/2019.3.4 GoLand-wakatime/11.0.1", "GoLand"),
        ("intellijidea/2024.3 intellijidea-wakatime/15.0.3", "IntelliJ IDEA"),
        ("emacs-wakatime/1.0.2", "Emacs"),
        ("Visual Studio Code - Insiders/1.99.0 vscode-wakatime/30.2", "VS Code Insiders"),
        ("HBuilder X/4.56 vscode-wakatime/1.0", "HBuilderX"),
        ("ktexteditor/6.0 ktexteditor-wakatime/1.0", "Kate"),
        ("helix/25.07.1 (74075bb5) wakatime-ls/0.2.2 helix-wakatime/0.2.2", "Helix"),
        ("zed/0.190 wakatime-ls/0.2.2", "Zed"),
        ("wakatime-ls/0.2.2 wakatime-cli/1.2", ""),
        ("xcode/15.0 macos-wakatime/5.0", "Xcode"),
        ("windows-wakatime/1.2.3", ""),
        ("macos-wakatime/1.2.3", ""),
        ("claude-code", "Claude Code"),
        ("claude-code/2.0.1 claude-code-wakatime/3.0.1", "Claude Code"),
        ("My Own Editor/0.1 myown-wakatime/0.1", "My Own Editor"),
        ("Unknown/0 vim-wakatime/11.1", "vim"),
    ],
)
def test_the_editor_is_the_product_and_never_the_plugin_the_middleware_or_the_desktop(products, editor):
    assert parse_user_agent(head() + products).editor.lower() == editor.lower()


@pytest.mark.parametrize("version", ["", "unset"])
def test_a_client_without_a_version_is_read_all_the_same(version):
    client = parse_user_agent(head(version=version) + "vim/9.1 vim-wakatime/11.1")
    assert (client.editor, client.os, client.cli_version) == ("Vim", "Linux", "")


@pytest.mark.parametrize("runtime", ["go1.26", "go1.26.4", "Python3.8.0.final.0", "Python2.7", ""])
def test_the_runtime_is_no_editor(runtime):
    assert parse_user_agent(head(runtime=runtime) + "nvim/0.9.5 vim-wakatime/11.1").editor == "Neovim"
    assert parse_user_agent(head(runtime=runtime) + "emacs-wakatime/1").editor == "Emacs"


def test_an_agent_without_its_parenthesis_still_names_the_editor():
    client = parse_user_agent("wakatime/13.0.7 Python3.8.0.final.0 GoLand/2019.3.4 GoLand-wakatime/11.0.1")
    assert (client.editor, client.os) == ("GoLand", "")


def test_model_agent_and_host_editor_are_kept_apart():
    client = parse_user_agent(head() + "opus/4.1-medium Claude/2.1.118 vscode/1.99 vscode-wakatime/30.2")
    assert (client.ai_model, client.ai_harness, client.editor) == ("opus-4.1-medium", "Claude Code", "VS Code")
    assert (client.editor_version, client.plugin_version) == ("1.99", "30.2")


@pytest.mark.parametrize(
    ("products", "model", "harness", "editor"),
    [
        ("gpt/5.1-codex-high Codex/0.48 vscode/1.99 vscode-wakatime/30.2", "gpt-5.1-codex-high", "Codex", "VS Code"),
        ("gpt/5.2 Codex/0.48 vscode/1.99 vscode-wakatime/30.2", "gpt-5.2", "Codex", "VS Code"),
        ("gemini/2.5-pro Gemini/0.8 zed/0.2 zed-wakatime/1", "gemini-2.5-pro", "Gemini CLI", "Zed"),
        ("Gemini/0.8 zed/0.2 zed-wakatime/1", "", "Gemini CLI", "Zed"),
        ("opus/4.1 Claude/2.1", "opus-4.1", "Claude Code", "Claude Code"),
        ("claude-code vscode/1.99 vscode-wakatime/30", "", "Claude Code", "VS Code"),
        ("claude-sonnet/4.5 vscode/1.99 vscode-wakatime/30", "claude-sonnet-4.5", "", "VS Code"),
        ("gpt/5 Cursor/1.7 cursor/1.7 vscode-wakatime/30", "gpt-5", "Cursor", "Cursor"),
        ("vscode/1.99 vscode-wakatime/30", "", "", "VS Code"),
    ],
)
def test_models_and_agents_in_other_places(products, model, harness, editor):
    client = parse_user_agent(head() + products)
    assert (client.ai_model, client.ai_harness, client.editor) == (model, harness, editor)


def test_versions_of_one_model_stay_different_models():
    first = parse_user_agent(head() + "gpt/5.1 Codex/0.48 vscode/1.99 vscode-wakatime/30.2")
    second = parse_user_agent(head() + "gpt/5.2 Codex/0.48 vscode/1.99 vscode-wakatime/30.2")
    assert first.ai_model != second.ai_model


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ("linux-6.14.1-x86_64", "Linux"),
        ("Linux-4.15.0-96-generic-x86_64-with-glibc2.4", "Linux"),
        ("linux-5.15.167.4-microsoft-standard-WSL2-unknown", "WSL"),
        ("darwin-23.1.0-arm64", "macOS"),
        ("Darwin-17.4.0-x86_64-i386-64bit", "macOS"),
        ("windows-10.0.26100.1742-x86_64", "Windows"),
        ("Windows_NT 10.0.26100", "Windows"),
        ("freebsd-14.0", "FreeBSD"),
        ("linux_x86-64", "Linux"),
        ("mac_arm-64", "macOS"),
        ("plan9", ""),
        ("", ""),
    ],
)
def test_systems_are_recognised(text, system):
    assert read_system(text) == system


def test_the_browser_extension_names_the_system_as_a_word():
    client = parse_user_agent("Chrome/114.0 linux_x86-64 chrome-wakatime/3.0")
    assert (client.editor, client.os, client.plugin) == ("Chrome", "Linux", "chrome-wakatime")


def test_browsers_and_applications_inside_one_are_told_apart():
    webkit = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
    assert parse_user_agent(f"{webkit} Chrome/114 Safari/537.36").editor == "Chrome"
    assert parse_user_agent(f"{webkit} Chrome/114 Safari/537.36 Edg/114").editor == "Edge"
    assert parse_user_agent(f"{webkit} obsidian/1.5.3 Chrome/114 Electron/25 Safari/537.36").editor == "Obsidian"
    assert parse_user_agent("Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0").os == "Windows"


@pytest.mark.parametrize(
    "text", ["", "curl/8.5.0", "python-requests/2.31", "node", "test", "(((", "/", "-", "wakatime"]
)
def test_libraries_and_noise_are_no_editors(text):
    assert parse_user_agent(text).editor == ""


PIECES = [
    *" /()-_.aZ1\0\ud800é",
    "wakatime/",
    "go1.2 ",
    "vscode",
    "-wakatime",
    "Mozilla/",
    "Electron/",
    "claude",
    "x" * 99,
]


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_no_text_is_too_strange_and_nothing_grows_beyond_its_column(pieces):
    client = parse_user_agent("".join(pieces))
    assert len(client.editor) <= LIMITS["editor"]
    assert len(client.os) <= LIMITS["os"]


def test_a_long_run_of_spaces_and_slashes_does_not_hang():
    assert parse_user_agent("a/b" + " " * 900 + "/" * 100).editor_version.startswith("b")
