"""A make-believe call: societies, forms, letters, seals, scans and planted defects, with the truth beside.

`simulate` plays the applicants of the call zhihui-2021. The same seed gives the same files, byte for byte.
"""

from clients.simulator.simulation import simulate

__all__ = ["simulate"]
