"""Made-up developers and the year they had: for `devtime demo`, for screenshots, for tests and measurements.

Everything follows from a seed: the same person has the same past on every machine. Nothing here is about anyone.
"""
