import ast
from types import SimpleNamespace

import pytest

from prakerja_sim.simulator.programme.records import Membership
from tests.mutants.making import mutants

MADE = [
    # a line of a module, what becomes of it
    ("x = a < b", ["x = a <= b", "x = a >= b"]),
    ("x = a <= b", ["x = a < b", "x = a > b"]),
    ("x = a is None", ["x = a is not None"]),
    ("x = a and b", ["x = a or b", "x = b", "x = a"]),
    ("x = not a", ["x = a"]),
    ("x = a + b", ["x = a - b"]),
    ("x += a", ["x -= a"]),
    ("x = 29", ["x = 30"]),
    ("x = True", ["x = False"]),
    ("x = 'job'", ["x = 'Xjob'"]),
    ("x = Membership.ACTIVE", ["x = Membership.REVOKED"]),
    ("x = {a: b, c: d}", ["x = {c: d}", "x = {a: b}"]),
    ("book(a)", ["pass"]),
    ("raise a", ["pass"]),
    ("assert a", ["pass"]),
    ("assert a is not None", []),
    ("def f(a: 'int') -> 'int':\n    'Says what.'\n    return a", ["return None"]),
    ("@rule\ndef f(a):\n    pass", ["def f(a):\n    pass"]),
    ("class A(B, frozen=True):\n    pass", []),
    ("import a", []),
    ("if TYPE_CHECKING:\n    x = 1", []),
]


@pytest.mark.parametrize(("source", "expected"), MADE, ids=[source for source, _ in MADE])
def test_each_kind_of_change_is_made_once(source, expected):
    made = list(mutants(source, SimpleNamespace(Membership=Membership)))
    whole = ast.unparse(ast.parse(source))
    wanted = [whole.replace("return a", one) if one == "return None" else one for one in expected]
    assert [ast.unparse(one.tree) for one in made] == [ast.unparse(ast.parse(one)) for one in wanted]
    assert all(one.said and one.line for one in made)
