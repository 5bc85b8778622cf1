"""Probes on this machine: which there are, what each may touch, when they run, and what they last said.

`prober` runs them, `book` remembers, `finding` and `instances` say what there is, `trust` what a stranger's plugin
wants, `days` answers their questions about tokens, `local_api` tells other programs. Knows no server.
"""
