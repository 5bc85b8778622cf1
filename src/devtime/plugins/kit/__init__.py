"""The plugin author's kit: manifests, checks, templates and `.ctplugin` files, for the studio and the command line.

Reads and judges sources; running them is the engine's, and what a run may reach is its kind's.
"""
