"""How DevTime's own clients are set up: agents, shells and Vim by a command, other editors by their language server."""

from __future__ import annotations

from devtime.web.views.connect import Client, Snippet

_CONNECT = """\
devtime connect                # what can be connected here
devtime connect claude-code    # shows the change, then asks
"""
_ZED = '{\n  "lsp": { "devtime": { "binary": { "path": "devtime", "arguments": ["lsp"] } } }\n}\n'
_HELIX = """\
[language-server.devtime]
command = "devtime"
args = ["lsp"]

[[language]]
name = "python"
language-servers = ["pylsp", "devtime"]
"""
_EMACS = """\
(require 'eglot)
(add-to-list 'eglot-server-programs '(python-mode . ("devtime" "lsp" "--editor" "Emacs")))
(add-hook 'python-mode-hook 'eglot-ensure)
"""
_NEOVIM = """\
vim.api.nvim_create_autocmd('FileType', {
  callback = function()
    vim.lsp.start({ name = 'devtime', cmd = { 'devtime', 'lsp' }, root_dir = vim.fn.getcwd() })
  end,
})
"""
_SUBLIME = """\
{
  "clients": {
    "devtime": { "enabled": true, "command": ["devtime", "lsp"], "selector": "source, text" }
  }
}
"""


def own_clients(address: str, key: str) -> tuple[Client, ...]:
    """DevTime's own clients; all read the key from one file."""
    config = Snippet("~/.devtime/config.toml", "toml", f'[api]\nendpoint = "{address}"\nkey = "{key}"\n')
    there = "Have DevTime installed on that machine. Where “devtime up” runs, the file below is there already."
    return (
        Client(
            "agents",
            "AI agents",
            "Claude Code, Codex",
            (
                there,
                "Connect the agent. Its hooks tell when you prompt and when it works; its logs tell tokens and cost.",
            ),
            (
                config,
                Snippet("In a terminal", "sh", _CONNECT, "devtime connect claude-code --undo takes it back."),
                Snippet("Is it working?", "sh", "devtime status\n"),
            ),
        ),
        Client(
            "own",
            "Vim, Neovim and shells",
            "without a plugin manager",
            (there, "Connect the editor or the shell: vim, neovim, bash, zsh or fish."),
            (
                config,
                Snippet("In a terminal", "sh", "devtime connect neovim\n", "It writes one file, and removes it again."),
            ),
        ),
        Client(
            "lsp",
            "Editors with a language server",
            "Zed, Helix, Emacs, Sublime Text, JetBrains",
            (
                there,
                "Let the editor start “devtime lsp”. It listens to what is opened, changed and saved.",
                "JetBrains IDEs: with the plugin LSP4IJ, add a language server with the command “devtime lsp”.",
            ),
            (
                config,
                Snippet("Zed, settings.json", "json", _ZED, "With the extension in clients/zed."),
                Snippet("Helix, languages.toml", "toml", _HELIX, "One [[language]] for each language you use."),
                Snippet("Emacs with Eglot", "lisp", _EMACS, "One entry and one hook for each mode you use."),
                Snippet("Neovim 0.8 and later, init.lua", "lua", _NEOVIM),
                Snippet("Sublime Text with LSP, LSP.sublime-settings", "json", _SUBLIME),
            ),
        ),
    )
