"""A start does only what an answer needs: how long it takes is measured by `make bench`."""

import json
import subprocess
import sys

ASKED = """
import json, sys
from prakerja_sim.mocks.http.bodies import Model
from prakerja_sim.mocks.server.mounts import discovered

def below(model):
    return {model, *(lower for one in model.__subclasses__() for lower in below(one))}

discovered()
built = [one.__qualname__ for one in below(Model) if one.__pydantic_complete__]
print(json.dumps({"models": len(below(Model)), "built": built, "faker": "faker" in sys.modules}))
"""


def test_a_start_builds_no_model_of_a_body_and_reads_no_list_of_names() -> None:
    command = [sys.executable, "-P", "-c", ASKED]
    found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert found["models"] > 200
    assert (found["built"], found["faker"]) == ([], False)
