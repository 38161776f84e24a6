"""What is wrong with a field, in Indonesian: one line for each kind of problem that pydantic finds.

The English text is pydantic's own, or our validator's.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from prakerja_sim.simulator.values.reason_texts import Text

BLANK = PydanticCustomError("blank", "must not be blank")
INDONESIAN: Mapping[str, str] = {
    "blank": "tidak boleh kosong",
    "bool_parsing": "harus true atau false",
    "bool_type": "harus true atau false",
    "date_from_datetime_inexact": "harus tanggal tanpa jam",
    "date_from_datetime_parsing": "harus tanggal dengan format YYYY-MM-DD",
    "date_parsing": "harus tanggal dengan format YYYY-MM-DD",
    "date_type": "harus tanggal",
    "datetime_from_date_parsing": "harus waktu dengan format ISO 8601",
    "datetime_parsing": "harus waktu dengan format ISO 8601",
    "datetime_type": "harus waktu dengan format ISO 8601",
    "dict_type": "harus objek",
    "enum": "harus salah satu dari {expected}",
    "extra_forbidden": "isian ini tidak dikenal",
    "finite_number": "harus bilangan berhingga",
    "float_parsing": "harus bilangan",
    "float_type": "harus bilangan",
    "greater_than": "harus lebih dari {gt}",
    "greater_than_equal": "minimal {ge}",
    "int_from_float": "harus bilangan bulat",
    "int_parsing": "harus bilangan bulat",
    "int_parsing_size": "bilangan terlalu besar",
    "int_type": "harus bilangan bulat",
    "less_than": "harus kurang dari {lt}",
    "less_than_equal": "maksimal {le}",
    "list_type": "harus daftar",
    "literal_error": "harus salah satu dari {expected}",
    "missing": "wajib diisi",
    "model_attributes_type": "harus objek",
    "model_type": "harus objek",
    "none_required": "harus null",
    "string_pattern_mismatch": "tidak sesuai format {pattern}",
    "string_too_long": "maksimal {max_length} karakter",
    "string_too_short": "minimal {min_length} karakter",
    "string_type": "harus teks",
    "string_unicode": "harus teks UTF-8",
    "time_parsing": "harus jam dengan format HH:MM",
    "time_type": "harus jam",
    "too_long": "maksimal {max_length} buah",
    "too_short": "minimal {min_length} buah",
}
"""By pydantic's name of the kind of problem, with the limits that it knows.

A validator of a party raises a kind of its own in the words of that party, which stand in both languages.
"""
MOST = 20
"""So many problems of a body are named."""


def about(place: str, english: str, indonesian: str) -> Text:
    """A problem of our own with its place: a field, a header, the body."""
    return Text(f"{place}: {english}", f"{place}: {indonesian}")


def named(problem: ValidationError) -> list[Text]:
    """Each problem with its place, in both languages."""
    return [_text(error) for error in problem.errors(include_url=False, include_input=False)[:MOST]]


def _text(error: ErrorDetails) -> Text:
    place = ".".join(map(str, error["loc"]))
    # pydantic puts this in front of what our own validators say
    english = error["msg"].removeprefix("Value error, ")
    said = INDONESIAN.get(error["type"])
    return about(place, english, english if said is None else said.format(**_limits(error.get("ctx", {}))))


def _limits(known: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(limit).replace(" or ", " atau ") for name, limit in known.items()}
