"""The business as the marketplace's face and shop use it."""

from dataclasses import replace

from prakerja_sim.mocks.http.face import Face
from prakerja_sim.mocks.shop.business import Business
from prakerja_sim.mocks.tokopedia_b2b import pis_callbacks, pis_orders, sat, sat_callbacks, sat_words
from prakerja_sim.simulator.marketplace import resale

TOKEN = {"client": {"in": "header", "name": "Authorization", "description": "`Bearer` and a token."}}
SIGNATURE = {"pss": {"in": "header", "name": "Signature", "description": "RSA-PSS over the body."}}


def add_to(face: Face) -> None:
    """Mount the suppliers' callback and the distributors' surface."""
    pis_callbacks.add_to(face)
    sat.add_to(face)
    described = face.described
    security = {
        (e.method, e.path): TOKEN | (SIGNATURE if e.sender is sat.check_signature else {})
        for e in face.endpoints
        if e.path.startswith(sat.AT)
    }
    codes = {"product_code": "Codes, separated by commas."}
    face.described = replace(
        described,
        queries={**described.queries, ("GET", f"{sat.AT}/v2/product-list"): codes},
        more_security={**described.more_security, **security},
    )


BUSINESS = Business(
    add_to,
    envelopes=dict.fromkeys(sat_words.SURFACES, sat_words.Words),
    dialects={resale.EVENT: sat_callbacks.DIALECT},
    supply=pis_orders.voucher_of,
)
