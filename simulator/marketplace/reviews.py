"""Reviews on a marketplace ("Tulis Ulasan"), one for each voucher that was used."""

from prakerja_sim.simulator.marketplace import vouchers
from prakerja_sim.simulator.marketplace.accounts import subject
from prakerja_sim.simulator.marketplace.records import Order, Review, Shopper, VoucherStatus
from prakerja_sim.simulator.programme.cohorts import RATED_ON_DASHBOARD_FROM
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit


@refuses(Reason.REVIEW_TOO_EARLY, Reason.ALREADY_REVIEWED)
def check(world: Unit, *, order: str) -> None:
    """Whether an order may be reviewed now: its voucher was used, and it has no review."""
    voucher = vouchers.voucher_of(world, order=order)
    if voucher is None or voucher.status is not VoucherStatus.REDEEMED:
        raise Rejected(Reason.REVIEW_TOO_EARLY, voucher=voucher.status if voucher is not None else None)
    if world.get(Review, order) is not None:
        raise Rejected(Reason.ALREADY_REVIEWED, order=order)


@command("reviews.write")
@refuses(check)
def write(
    world: Unit, *, order: str, stars: int, text: str, title: str = "", anonymous: bool = False
) -> Review:
    """Write a review, once the voucher was used and only once; an anonymous one shows no name.

    As long as it counts for the incentive, Prakerja is told of it; the clock makes sure of that.
    """
    record = world.need(Order, order)
    check(world, order=order)

    world.subject = subject(record.shopper)
    author = "" if anonymous else world.need(Shopper, record.shopper).name
    what = (stars, text, world.now, title, author)
    review = Review(record.id, record.marketplace, record.course, record.shopper, *what)
    world.put(review)
    return _planned(world, review) if world.now < RATED_ON_DASHBOARD_FROM else review


def untold(world: Unit, *, order: str) -> Review | None:
    """The review of an order, if Prakerja has not answered to it yet."""
    review = world.get(Review, order)
    return review if review is not None and review.asked_at is not None else None


@command("reviews.told")
def told(world: Unit, *, order: str) -> None:
    """Prakerja has answered, whatever it said."""
    review = untold(world, order=order)
    if review is not None:
        world.subject = subject(review.shopper)
        world.put(_over(world, review))


@command("reviews.tell_later")
def tell_later(world: Unit, *, order: str) -> None:
    """Prakerja did not answer: tell it once more later."""
    review = untold(world, order=order)
    if review is not None:
        world.subject = subject(review.shopper)
        _planned(world, _over(world, review))


def of_course(world: Unit, *, marketplace: str, course: str) -> list[Review]:
    """What was written about a course on this marketplace, the newest first."""
    reviews = world.find(Review, marketplace=marketplace, course=course)
    return sorted(reviews, key=lambda review: (review.written_at, review.order), reverse=True)


def of_order(world: Unit, *, order: str) -> Review | None:
    """The review that was written for an order, if any."""
    return world.get(Review, order)


def _planned(world: Unit, review: Review) -> Review:
    asked = review.but(asked_at=world.now)
    world.put(asked)
    schedule.await_answer(world, "review_report", review.order)
    return asked


def _over(world: Unit, review: Review) -> Review:
    schedule.stop_waiting(world, "review_report", review.order, since=review.asked_at)
    return review.but(asked_at=None)


schedule.job("review_report", done="Prakerja is told of a review", resumes=True)
