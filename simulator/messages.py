"""Text messages and e-mails that leave for a participant; a fault may lose them.

The texts are not public and are simulated (programme reference, section 11).
"""

from typing import TYPE_CHECKING

from simulator import faults
from simulator.faults import Point
from simulator.ids import Phone
from simulator.records import Mail, Sms

if TYPE_CHECKING:
    from simulator.store import Unit


def text(world: "Unit", phone: Phone, sender: str, text: str, otp: str | None = None) -> None:
    """Send a text message; the phone shows it at once."""
    if faults.strike(world, point=Point.SMS, at=phone) is None:
        world.append(Sms(phone, world.now, sender, text, otp))


def otp_text(world: "Unit", phone: Phone, sender: str, otp: str, minutes: int) -> None:
    """Send a one-time code in the programme's words."""
    text(
        world,
        phone,
        sender,
        f"Kode OTP: {otp}. Berlaku {minutes} menit. Jangan berikan kepada siapa pun.",
        otp,
    )


def mail(world: "Unit", address: str, sender: str, subject: str, text: str) -> None:
    """Send an e-mail; the inbox shows it at once."""
    if faults.strike(world, point=Point.MAIL, at=address) is None:
        world.append(Mail(address, world.now, sender, subject, text))
