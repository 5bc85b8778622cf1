"""The language of a file by its name, for clients that cannot ask their editor. Data and one look-up."""

from __future__ import annotations

_TABLE = """
Ada: adb ads | Assembly: asm s nasm | Astro: astro | AutoHotkey: ahk | Awk: awk | Batchfile: bat cmd | Bicep: bicep
C: c h | C#: cs csx | C++: cc cpp cxx hh hpp hxx ipp | Clojure: clj cljs cljc edn | CMake: cmake | COBOL: cob cbl
CoffeeScript: coffee | Common Lisp: lisp lsp | Crystal: cr | CSS: css | CSV: csv | CUDA: cu cuh | Cython: pyx pxd
D: d | Dart: dart | Diff: diff patch | Elixir: ex exs | Elm: elm | Emacs Lisp: el | ERB: erb | Erlang: erl hrl
F#: fs fsi fsx | Fish: fish | Fortran: f90 f95 f03 f | GDScript: gd | Gleam: gleam | GLSL: glsl vert frag | Go: go
GraphQL: graphql gql | Groovy: groovy gradle | Haml: haml | Handlebars: hbs | Haskell: hs lhs | HCL: hcl tf tfvars
HTML: html htm xhtml | INI: ini cfg conf | Java: java | JavaScript: js mjs cjs | JSON: json jsonc json5 | JSX: jsx
Julia: jl | Jupyter: ipynb | Kotlin: kt kts | LaTeX: tex sty cls bib | Less: less | Liquid: liquid | Log: log | Lua: lua
Markdown: md markdown mdx | Mojo: mojo | Nim: nim | Nix: nix | Objective-C: m | Objective-C++: mm | OCaml: ml mli
Odin: odin | Pascal: pas pp | Perl: pl pm t | PHP: php phtml | PowerShell: ps1 psm1 psd1 | Prisma: prisma
Prolog: pro | Protocol Buffer: proto | Pug: pug | Puppet: epp | PureScript: purs | Python: py pyi pyw | R: r rmd
Racket: rkt | Raku: raku | Reason: re rei | ReStructuredText: rst | Ruby: rb rake gemspec | Rust: rs | Sass: sass
Scala: scala sc sbt | Scheme: scm ss | SCSS: scss | Shell: sh bash zsh ksh | Solidity: sol | SQL: sql | Starlark: bzl
Svelte: svelte | Swift: swift | SystemVerilog: sv svh | Tcl: tcl | Terraform: tofu | Text: txt | TOML: toml
TSX: tsx | TypeScript: ts mts cts | Typst: typ | V: v | Vala: vala | VHDL: vhd vhdl | Vim script: vim | Visual Basic: vb
Vue: vue | WebAssembly: wat | XML: xml xsd xslt svg | YAML: yaml yml | Zig: zig
"""
_BY_NAME = {
    "cmakelists.txt": "CMake",
    "dockerfile": "Docker",
    "containerfile": "Docker",
    "gemfile": "Ruby",
    "jenkinsfile": "Groovy",
    "justfile": "Just",
    "makefile": "Makefile",
    "rakefile": "Ruby",
    "vagrantfile": "Ruby",
    "build": "Starlark",
    "workspace": "Starlark",
}


def _read_table() -> dict[str, str]:
    entries = (entry.split(":") for line in _TABLE.strip().splitlines() for entry in line.split("|"))
    return {ending: name.strip() for name, endings in entries for ending in endings.split()}


_BY_ENDING = _read_table()


def language_of(path: str) -> str:
    """The language a path's last part tells; empty when it tells none."""
    name = path.replace("\\", "/").rsplit("/", 1)[-1].lower()
    ending = name.rpartition(".")[2] if "." in name.lstrip(".") else ""
    return _BY_NAME.get(name) or _BY_ENDING.get(ending, "")
