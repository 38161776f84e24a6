"""What may go wrong with a text message or an e-mail on its way to a participant."""

from prakerja_sim.simulator.values import emails, phones
from prakerja_sim.simulator.world.faults import Fault, fault
from prakerja_sim.simulator.world.records import Mail, Sms


class SmsFault(Fault):
    """A text message on its way to a phone.

    `where`: the phone.
    """

    point = "sms"

    @classmethod
    def place(cls, where: str) -> str:
        return phones.national(where)

    def apply(self, message: Sms) -> list[Sms]:
        """The messages that arrive in its place."""
        raise self.unfinished()


class MailFault(Fault):
    """An e-mail on its way to an inbox.

    `where`: the address.
    """

    point = "mail"

    @classmethod
    def place(cls, where: str) -> str:
        return emails.canonical(where)

    def apply(self, mail: Mail) -> list[Mail]:
        """The e-mails that arrive in its place."""
        raise self.unfinished()


@fault("sms_lost")
class SmsLost(SmsFault):
    """The text message never reaches the phone (F03)."""

    def apply(self, message: Sms) -> list[Sms]:
        return []


@fault("mail_lost")
class MailLost(MailFault):
    """The e-mail never reaches the inbox."""

    def apply(self, mail: Mail) -> list[Mail]:
        return []
