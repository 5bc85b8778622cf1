"""Running strangers' code: the engine it runs in.

Knows neither the store nor HTTP; whoever starts a run hands in what it may ask.
"""
