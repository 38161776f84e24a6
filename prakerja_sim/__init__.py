"""A simulator of Indonesia's Kartu Prakerja programme and of the marketplaces in front of it."""

from prakerja_sim import simulator

__version__ = simulator.VERSION
__all__ = ["__version__"]
