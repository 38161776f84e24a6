"""E-mail addresses: one inbox, whatever capitals somebody types."""


def canonical(address: str) -> str:
    """The one spelling in which an address is kept and looked for: small letters, no blanks around it."""
    return address.strip().lower()
