"""The pages Start, Clock and People."""

from prakerja_sim.mocks.server.mounts import known_faces
from tests.mocks.worlds import ADVERTS, BARISTA


def test_start_has_addresses_credentials_links_and_a_request_that_works(world, console):
    page = console.page()
    links = page.links()
    for face in known_faces():
        mount = "__admin" if face.code == "admin" else face.code
        assert f"/{mount}/swagger" in links
        assert f"http://localhost/{mount}" in page.text
    for one in world.sandboxes.credentials(world.sandbox):
        assert one.client_code in page.text
        assert one.sign_key in page.text
    assert "/prakerja/dasbor" in links
    assert "/institution/lp-kopi/situs/masuk" in links
    for link in links:
        if link.startswith("/") and "?" not in link:
            assert world.send("GET", link).status == 200, link
    assert f"client_code: {world.dp.code}" in page.text


def test_start_without_courses_has_no_request(world, console):
    world.sandboxes.lease("mine", 1, world.sandbox.now())
    page = console.got("GET", "/s/mine/")
    assert "No course is on sale yet" in page.text
    assert "Refused" not in page.text


def test_the_clock_moves_by_a_span_to_a_date_and_to_what_is_due(world, console):
    world.enrol()
    page = console.did(console.page("clock"), "POST /clock", {"advance": "1d"})
    assert "2021-11-04 09:00:00 WIB" in page.text
    assert "Nothing was due on the way." in page.text
    page = console.did(page, "POST /clock", {"step": "true"})
    assert "first_purchase_deadline" in page.text
    assert "R06" in page.text
    page = console.did(page, "POST /clock", {"set": str(world.sandbox.now())[:19]}, set="2021-12-31 12:00:00")
    assert "2021-12-31 12:00:00 WIB" in page.text
    page = console.did(page, "POST /clock", {"scale": "0"}, scale="60")
    assert world.sandbox.running
    assert "60" in page.text
    console.did(page, "POST /clock", {"scale": "60"}, scale="0")
    assert not world.sandbox.running


def test_the_clock_names_refusals_that_time_ends(world, console):
    ani = world.enrol()
    world.opened(ani)
    world.send_otp(ani)
    page = console.page("clock")
    assert "otp_resend_too_soon" in page.text or "Refusals that time ends" in page.text
    [waits] = world.send("GET", "/__admin/clock").json()["waits"]
    console.did(page, "POST /clock", {"advance": waits["advance"]})
    assert console.page("clock").text.count("Refusals that time ends") == 0


def test_people_are_found_by_any_part_of_what_they_are_called(world, console):
    ani, budi = world.enrol(name="Ani Lestari"), world.enrol(name="Budi Lestari")
    page = console.page("people?person=lestari")
    assert ani.card in page.text
    assert budi.card in page.text
    for text in ("ani", ani.phone, ani.card, ani.email.upper()):
        one = console.page(f"people?person={text}")
        assert "Balance" in one.text, text
        assert ani.card in one.text
        assert budi.card not in one.text
    assert "Nobody is called so." in console.page("people?person=Chandra").text


def test_a_person_is_shown_with_card_balance_purchases_and_history(world, console):
    ani = world.enrol()
    bought = world.bought(ani)
    page = console.page(f"people?person={ani.card}")
    for text in (
        ani.name,
        ani.nik,
        ani.phone,
        ani.email,
        "Rp400.000",
        "INV-1",
        world.redeem_code(ani),
        "grant",
    ):
        assert text in page.text, text
    assert bought["transaction_code"]
    login = next(one for one in page.forms if one["fields"].get("do") == "login")
    assert login["at"] == "/prakerja/dasbor"


def test_eligibility_names_every_rule_and_the_values_that_refuse(world, console):
    ani = world.enrol()
    world.bought(ani)
    page = console.page(f"people?person={ani.card}&judge=1&course={ADVERTS}&marketplace=tokopedia")
    told = world.send("GET", f"/__admin/eligibility?person={ani.card}&course={ADVERTS}").json()
    assert len(told["rules"]) > 5
    for rule in told["rules"]:
        assert rule["rule"] in page.text
    assert told["says"]["en"] in page.text
    assert (
        "Yes, every rule holds."
        in console.page(
            f"people?person={world.enrol().card}&judge=1&course={BARISTA}&marketplace=tokopedia"
        ).text
    )


def test_people_are_enrolled_and_an_account_is_blocked_and_freed(world, console):
    page = console.did(console.page("people"), "POST /people", count="2", wave="22", videos_watched="false")
    people = world.send("GET", "/__admin/people").json()["people"]
    assert [one["wave"] for one in people] == [22, 22]
    for one in people:
        assert one["password"] in page.text
    page = console.page(f"people?person={people[0]['prakerja_id']}")
    page = console.did(page, "POST /people/<card>/block")
    page = console.did(page, "POST /people/<card>/block", {"blocked": "false"})
    console.did(page, "POST /people/<card>/block", {"blocked": "true"})
