"""The parties as they look from outside: one folder a party; the only place where Flask appears."""
