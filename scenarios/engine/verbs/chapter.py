"""What all chapters of verbs share: the parties and the people of one story."""

from prakerja_sim.scenarios.engine.errors import nearest
from prakerja_sim.scenarios.engine.parties import Parties
from prakerja_sim.scenarios.engine.person import Person


class Chapter:
    """Verbs over the parties and the people of one story."""

    def __init__(self, parties: Parties) -> None:
        self.parties = parties
        self.people: dict[str, Person] = {}
        self.must_strike: set[str] = set()
        """The numbers of the faults that must have struck when the story is over."""

    def _person(self, name: str) -> Person:
        if name not in self.people:
            raise AssertionError(f"nobody called {name} was enrolled; {nearest(name, self.people)}")
        return self.people[name]
