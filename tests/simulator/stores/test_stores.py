"""What every store does alike; a behaviour that only one of them has does not exist."""

import pytest
from msgspec.structs import replace

from prakerja_sim.simulator.ledger.ledger import Account
from prakerja_sim.simulator.payout.records import Wallet
from prakerja_sim.simulator.programme.records import Course, CourseKind, Schedule
from prakerja_sim.simulator.stores.kinds import KEPT, LOGGED
from prakerja_sim.simulator.values.clock import DAY, wib
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.records import Due, Entry, Mail, Sms

NOW = wib(2021, 9, 1, 10)


def put(store, *records, sandbox="a"):
    store.run(sandbox, lambda world: [world.put(record) for record in records])


def append(store, *records, sandbox="a"):
    store.run(sandbox, lambda world: [world.append(record) for record in records])


def get(store, kind, key, sandbox="a"):
    return store.run(sandbox, lambda world: world.get(kind, key))


def find(store, kind, sandbox="a", **wanted):
    return store.run(sandbox, lambda world: world.find(kind, **wanted))


def log(store, kind, sandbox="a", **wanted):
    return store.run(sandbox, lambda world: world.log(kind, **wanted))


def schedule(code, course="c-1", capacity=10):
    return Schedule(code, course, capacity)


def codes(found):
    return [one.code for one in found]


def sms(number, phone="084000000001"):
    return Sms(phone, NOW, "PRAKERJA", f"message {number}", None)


class TestRecords:
    def test_what_nobody_put_is_not_there(self, store):
        put(store, schedule("s-1"))
        assert get(store, Schedule, "s-2") is None
        assert get(store, Course, "s-1") is None
        assert find(store, Course) == []
        with pytest.raises(KeyError, match="no Schedule 's-2'"):
            store.run("a", lambda world: world.need(Schedule, "s-2"))

    def test_a_record_takes_the_place_of_the_one_with_its_key(self, store):
        put(store, schedule("s-1", capacity=10))
        put(store, schedule("s-1", capacity=20))
        assert find(store, Schedule) == [schedule("s-1", capacity=20)]

    def test_types_come_back_as_they_were(self, store):
        put(
            store,
            Course("c", "t", "k", "i", Rupiah(5), CourseKind.OFFLINE),
            Wallet("k", "p", "1", "0", "n", "x", True),
        )
        assert get(store, Course, "c").kind is CourseKind.OFFLINE
        assert get(store, Wallet, "k").upgraded is True


class TestFinding:
    def test_records_are_found_by_an_index_in_the_order_of_their_keys(self, store):
        put(store, schedule("s-2"), schedule("s-3"), schedule("s-9", "c-2"), schedule("s-1"))
        assert codes(find(store, Schedule, course="c-1")) == ["s-1", "s-2", "s-3"]
        assert codes(find(store, Schedule)) == ["s-1", "s-2", "s-3", "s-9"]
        assert find(store, Schedule, course="c-3") == []

    def test_keys_are_ordered_by_code_point(self, store):
        names = ["a", "B", "Z", "~", "é", "一", "\U0001f600", "10", "9", ""]
        put(store, *(schedule(name) for name in names))
        assert codes(find(store, Schedule)) == sorted(names)

    @pytest.mark.parametrize("many", [1, 7, 8, 9, 63, 64, 65, 72, 73, 136, 201])
    def test_so_many_at_once_are_all_there_and_logs_keep_their_order(self, store, many):
        put(store, *(schedule(f"s-{n:03}") for n in range(many)))
        append(store, *(sms(n) for n in range(many)))
        assert codes(find(store, Schedule)) == [f"s-{n:03}" for n in range(many)]
        assert log(store, Sms) == [sms(n) for n in range(many)]

    def test_a_bound_on_the_keys_is_inclusive(self, store):
        put(store, *(schedule(f"s-{n}") for n in range(5)))
        assert codes(find(store, Schedule, up_to="s-2")) == ["s-0", "s-1", "s-2"]
        assert codes(find(store, Schedule, course="c-1", up_to="s-2")) == ["s-0", "s-1", "s-2"]
        assert find(store, Schedule, up_to="r") == []

    @pytest.mark.parametrize(("limit", "found"), [(0, 0), (1, 1), (2, 2), (9, 3), (None, 3)])
    def test_a_limit_keeps_the_first(self, store, limit, found):
        put(store, *(schedule(f"s-{n}") for n in range(3)))
        assert codes(find(store, Schedule, limit=limit)) == ["s-0", "s-1", "s-2"][:found]
        assert (
            codes(find(store, Schedule, course="c-1", up_to="s-9", limit=limit))
            == ["s-0", "s-1", "s-2"][:found]
        )

    def test_two_fields_are_found_together_and_values_keep_their_type(self, store):
        due = Due("k-1", NOW, "certificate", "T-1")
        put(store, due, replace(due, key="k-2", done=True))
        assert [d.key for d in find(store, Due, done=False)] == ["k-1"]
        assert [d.key for d in find(store, Due, done=True)] == ["k-2"]

    def test_a_changed_record_is_found_under_its_new_value_only(self, store):
        put(store, schedule("s-1"))
        put(store, schedule("s-1", "c-2"))
        assert find(store, Schedule, course="c-1") == []
        assert codes(find(store, Schedule, course="c-2")) == ["s-1"]

    def test_finding_without_an_index_is_a_bug(self, store):
        for kind, wanted in [(Schedule, {"capacity": 1}), (Course, {"category": "k", "institution": "i"})]:
            with pytest.raises(KeyError, match=f"{kind.__name__} has no index on"):
                find(store, kind, **wanted)


class TestUnits:
    def test_a_unit_sees_its_own_writes_among_those_kept(self, store):
        put(store, schedule("s-1"), schedule("s-3"), schedule("s-5"))

        def work(world):
            for mine in (
                schedule("s-0"),
                schedule("s-3", "c-2"),
                schedule("s-5", capacity=1),
                schedule("s-9", "c-2"),
            ):
                world.put(mine)
            assert world.get(Schedule, "s-5").capacity == 1
            assert codes(world.find(Schedule, course="c-1")) == ["s-0", "s-1", "s-5"]
            assert codes(world.find(Schedule, course="c-1", limit=2)) == ["s-0", "s-1"]
            assert codes(world.find(Schedule, course="c-2", limit=1)) == ["s-3"]
            assert codes(world.find(Schedule, up_to="s-3")) == ["s-0", "s-1", "s-3"]
            assert world.find(Course) == []

        store.run("a", work)

    def test_a_unit_sees_its_own_log_lines_after_those_kept(self, store):
        append(store, sms(1), sms(2))

        def work(world):
            world.append(sms(3))
            world.append(sms(4, "084000000002"))
            assert world.log(Sms) == [sms(1), sms(2), sms(3), sms(4, "084000000002")]
            assert world.log(Sms, phone="084000000001", limit=2) == [sms(2), sms(3)]
            assert world.log(Sms, limit=0) == []

        store.run("a", work)

    def test_work_answers_its_result(self, store):
        assert store.run("a", lambda world: 42) == 42

    def test_a_unit_that_raises_leaves_nothing(self, store):
        def work(world):
            world.put(schedule("s-1"))
            world.append(sms(1))
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            store.run("a", work)
        assert (find(store, Schedule), log(store, Sms)) == ([], [])

    def test_after_a_unit_that_raised_the_next_one_works(self, store):
        with pytest.raises(RuntimeError):
            store.run("a", lambda world: (_ for _ in ()).throw(RuntimeError()))
        put(store, schedule("s-1"))
        assert codes(find(store, Schedule)) == ["s-1"]

    def test_a_unit_knows_its_seed_and_settings(self, store):
        seen = store.run("a", lambda world: (world.seed, world.settings.otp_tries), 42, Settings(otp_tries=3))
        assert seen == ((42).to_bytes(8, "big"), 3)


class TestLogs:
    def test_log_lines_come_in_the_order_of_arrival(self, store):
        append(store, sms(2), sms(1))
        append(store, sms(0, "084000000002"))
        append(store, sms(3))
        assert log(store, Sms) == [sms(2), sms(1), sms(0, "084000000002"), sms(3)]
        assert log(store, Sms, phone="084000000001") == [sms(2), sms(1), sms(3)]
        assert log(store, Mail) == []

    @pytest.mark.parametrize(
        ("limit", "kept"), [(0, []), (1, [3]), (2, [2, 3]), (9, [1, 2, 3]), (None, [1, 2, 3])]
    )
    def test_a_limit_keeps_the_newest_oldest_first(self, store, limit, kept):
        append(store, *(sms(n) for n in (1, 2, 3)))
        assert log(store, Sms, limit=limit) == [sms(n) for n in kept]
        assert log(store, Sms, phone="084000000001", limit=limit) == [sms(n) for n in kept]

    def test_what_is_answered_is_ones_own(self, store):
        append(store, sms(1))
        log(store, Sms).clear()
        find(store, Schedule).append(schedule("s-1"))
        assert (log(store, Sms), find(store, Schedule)) == ([sms(1)], [])


class TestSandboxes:
    def test_sandboxes_do_not_see_each_other(self, store):
        put(store, schedule("s-1"))
        append(store, sms(1))
        assert get(store, Schedule, "s-1", sandbox="b") is None
        assert (find(store, Schedule, sandbox="b"), log(store, Sms, sandbox="b")) == ([], [])

    def test_a_dropped_sandbox_is_gone_whole_and_the_others_stay(self, store, begin):
        gone, stays = begin(store=store, name="gone"), begin(store=store, name="stays")
        gone.finish(gone.buy())
        digest = stays.sandbox.digest()

        store.drop("gone")

        for kind in KEPT:
            assert find(store, kind, sandbox="gone") == []
        for kind in LOGGED:
            assert log(store, kind, sandbox="gone") == []
        assert get(store, Account, f"card:{gone.card}", sandbox="gone") is None
        assert stays.sandbox.digest() == digest
        assert stays.sandbox.check() == []

    def test_dropping_what_is_not_there_is_harmless(self, store):
        store.drop("nobody")

    def test_a_sandbox_begins_again_after_a_reset(self, store, begin):
        story = begin(store=store)
        digest = story.sandbox.digest()
        story.buy()
        story.reset()
        again = begin(store=store)
        assert again.sandbox.digest() == digest


def test_the_same_story_has_one_digest_and_one_journal_on_every_store(every_store, begin):
    digests, journals = set(), set()
    for name, store in enumerate(every_store):
        story = begin(store=store, name=f"story {name}")
        story.link_account()
        story.refusal(story.authorize, story.send_otp(), otp=story.wrong_otp())
        story.after(DAY)
        story.finish(story.buy())
        story.after(120 * DAY)
        assert story.sandbox.check() == []
        digests.add(story.sandbox.digest())
        journals.add(tuple(story.find_logged(Entry)))
    assert (len(digests), len(journals)) == (1, 1)
