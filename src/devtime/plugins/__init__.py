"""Running strangers' code: the engine it runs in.

Knows no store; whoever starts a run hands in what it may ask. Probes, which run on the machine, bring their own host.
"""
