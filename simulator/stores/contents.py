"""Everything that a sandbox keeps, as a whole: to be put in another's place, or compared with another."""

from prakerja_sim.simulator.world.store import Contents, Unit


def put_in_place(world: Unit, made: Contents) -> None:
    """Let this be all that the world keeps."""
    world.clear()
    for records in made.records.values():
        for record in records.values():
            world.put(record)
    for log in made.logs.values():
        for logged in log:
            world.append(logged)
