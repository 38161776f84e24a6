"""Text messages and e-mails that leave for a participant; a fault may lose or change them.

The texts are not public and are simulated (programme reference, section 11).
"""

from datetime import timedelta

from prakerja_sim.simulator.values import phones
from prakerja_sim.simulator.values.ids import Phone
from prakerja_sim.simulator.values.phones import Fate
from prakerja_sim.simulator.world.faults.messages import MailFault, SmsFault
from prakerja_sim.simulator.world.records import Mail, Sms
from prakerja_sim.simulator.world.store import Unit


def text(
    world: Unit,
    phone: Phone,
    sender: str,
    text: str,
    otp: str | None = None,
    after: timedelta = timedelta(),
) -> None:
    """Send a text message; it arrives at once, or `after` that time."""
    message = Sms(phone, world.now + after, sender, text, otp)
    struck = SmsFault.striking(world, at=phone)
    for arriving in [message] if struck is None else struck.apply(message):
        world.append(arriving)


def otp_text(world: Unit, phone: Phone, sender: str, otp: str, seconds: int) -> None:
    """Send a one-time code that is good for so many seconds; what happens to it may depend on the phone."""
    life = f"{seconds // 60} menit" if seconds % 60 == 0 else f"{seconds} detik"
    message = f"Kode OTP: {otp}. Berlaku {life}. Jangan berikan kepada siapa pun."
    fate = phones.fate(phone, magic=world.settings.magic)
    after = {Fate.LATE: seconds // 2, Fate.TOO_LATE: seconds + 1}.get(fate, 0)
    for _ in range({Fate.LOST: 0, Fate.TWICE: 2}.get(fate, 1)):
        text(world, phone, sender, message, otp, timedelta(seconds=after))


def received(world: Unit, *, phone: str | None = None, limit: int | None = None) -> list[Sms]:
    """The messages that have arrived at all phones, or at one in any spelling, in the order of arrival."""
    messages = world.log(Sms, limit=limit, **({"phone": phones.national(phone)} if phone else {}))
    return sorted((one for one in messages if one.at <= world.now), key=lambda one: one.at)


def mail(world: Unit, address: str, sender: str, subject: str, text: str) -> None:
    """Send an e-mail; it arrives at once."""
    message = Mail(address, world.now, sender, subject, text)
    struck = MailFault.striking(world, at=address)
    for arriving in [message] if struck is None else struck.apply(message):
        world.append(arriving)
