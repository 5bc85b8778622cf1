"""The language server: editors that speak LSP tell it what is opened, changed and saved. It offers nothing else."""
