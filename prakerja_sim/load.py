"""What locustfiles import: `from prakerja_sim.load import Participant`; needs the extra `[load]`.

Locust patches its interpreter, so import this only in a locustfile.
"""

from prakerja_sim.loadtests.journeys import Journey
from prakerja_sim.loadtests.life import Life
from prakerja_sim.loadtests.person import Caller, Person, SaidNo
from prakerja_sim.loadtests.plan import MISTAKES, Plan
from prakerja_sim.loadtests.users import Participant

__all__ = ["MISTAKES", "Caller", "Journey", "Life", "Participant", "Person", "Plan", "SaidNo"]
