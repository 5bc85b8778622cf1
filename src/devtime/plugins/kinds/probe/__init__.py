"""Probe plugins: JavaScript that asks how much of an AI plan is left, in the shape of OpenUsage's, both generations.

`manifest` loads one, `run` runs it, `surroundings` is what it runs in, `lines` and `snapshot` are what comes out,
`pace` says how fast a limit is used up. Decision: docs/decisions/0018-probes-as-they-are.md.
"""
