"""Bodies are read strictly: one JSON object, each field once, within limits."""

import re

import pytest

from prakerja_sim.mocks.http.bodies import LARGEST_INTEGER, Malformed, MalformedBody, loaded
from tests.mocks.worlds import World

TWICE = [
    '{"a":1,"a":2}',
    '{"a":1,"a" :2}',
    '{"a":1,"b":2,"a" :3}',
    '{"a":1,"b":2,"a"\t:3}',
    '{"a":1,"b":2,"a"\n:3}',
    '{"a":1,"b":2,"a"\r\n:3}',
    '{"a":{"b":1,"b":2}}',
    '{"a":[{"b":1,"b":2}]}',
    r'{"a":1,"\u0061":2}',
    r'{"a":"\":","a":2}',
]
ONCE = [
    '{"a":"https://shop.example/i","b":2}',
    '{ "a" : 1 , "b" : { "a" : 2 } }',
    '{\n  "a": 1,\n  "b": 2\n}',
    r'{"a":"\":\":","b":{"a":"x: y"}}',
]


@pytest.mark.parametrize("body", TWICE)
def test_a_field_that_comes_twice_is_refused(body):
    with pytest.raises(MalformedBody, match="twice"):
        loaded(body.encode())


@pytest.mark.parametrize("body", ONCE)
def test_a_colon_in_a_text_is_no_field(body):
    assert loaded(body.encode())["b"] is not None


@pytest.mark.parametrize(("number", "good"), [(LARGEST_INTEGER, True), (LARGEST_INTEGER + 1, False)])
def test_a_whole_number_has_a_limit(number, good):
    body = f'{{"a":{number}}}'.encode()
    if good:
        assert loaded(body) == {"a": number}
    else:
        with pytest.raises(Malformed, match="largest whole number"):
            loaded(body)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("12500.0", 12500), ("0.0", 0), ("-0.0", 0), ("-3.0", -3), ("1e3", 1000), ("1.5", 1.5), ("0.1", 0.1),
        (f"{LARGEST_INTEGER}.0", LARGEST_INTEGER), ("true", True), ('"1.0"', "1.0"),
    ],
)  # fmt: skip
def test_a_number_whose_fraction_is_zero_is_whole(written, read):
    for body in (f'{{"a":{written}}}', f'{{"b":{{"a":{written}}}}}', f'{{"b":[0,{written}]}}'):
        found = loaded(body.encode())
        while isinstance(found, dict | list):
            found = found[-1] if isinstance(found, list) else next(iter(found.values()))
        assert (type(found), found) == (type(read), read)


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate, gzip", "GZIP"])
def test_a_compressed_body_is_refused_by_every_party_before_it_is_read(encoding):
    world = World()
    before = world.digest()
    for face in world.parties.faces.values():
        for endpoint in face.endpoints:
            if endpoint.body is not None and endpoint.method != "GET":
                mount = "/__admin" if face.code == "admin" else f"/{face.code}"
                path = mount + re.sub("<.*?>", "x", endpoint.path)
                answer = world.send(endpoint.method, path, b"{}", Content_Encoding=encoding)
                assert answer.status == 415, path
                assert answer.body
    assert world.digest() == before
    assert world.is_sound()


@pytest.mark.parametrize("encoding", ["", "identity", " Identity "])
def test_a_body_that_says_it_is_not_compressed_is_read(encoding):
    answer = World().send(
        "POST",
        "/__admin/clock",
        b'{"advance": "1s"}',
        Content_Encoding=encoding,
        Content_Type="application/json",
    )
    assert answer.status == 200
