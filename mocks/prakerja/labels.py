"""The dashboard's labels as people saw them, the text of a notice, and the next step for a row.

The labels come from the programme reference, section 7.  The sentences are simulated, except the one
about a bank's hotline, which is quoted.
"""

from datetime import date, datetime

from prakerja_sim.simulator.payout.partners import TERMS
from prakerja_sim.simulator.programme.incentive_records import Incentive, IncentiveStatus, Notice
from prakerja_sim.simulator.programme.training_records import TrainingStatus
from prakerja_sim.simulator.programme.waves import Wave
from prakerja_sim.simulator.values.errors import Reason

NO_TRAINING = "Belum membeli pelatihan"
TRAINING = {
    TrainingStatus.BOUGHT: "Belum selesai",
    TrainingStatus.REPORTED: "Menunggu sertifikat",
    TrainingStatus.CERTIFIED: "Selesai",
    TrainingStatus.RATED: "Selesai",
    TrainingStatus.VOIDED: "Dibatalkan",
}
RENAMED_ON = date(2021, 1, 1)
"""About early 2021 two labels changed; the day is simulated."""
OF_2020 = {
    IncentiveStatus.WAITING: "Belum diproses",
    IncentiveStatus.SCHEDULED: "Sedang diproses",
}
INCENTIVE = {
    IncentiveStatus.HELD: "Dana tertahan",
    IncentiveStatus.WAITING: "Menunggu diproses",
    IncentiveStatus.SCHEDULED: "Dijadwalkan",
    IncentiveStatus.SENDING: "Sedang diproses",
    IncentiveStatus.SENT: "Sedang diproses",
    IncentiveStatus.FAILED: "Gagal",
    IncentiveStatus.CHECKING: "Dalam pengecekan",
    IncentiveStatus.PAID: "Berhasil",
    IncentiveStatus.UNDELIVERED: "Gagal",
}
NOTICE = {
    IncentiveStatus.FAILED: "Gagal cair",
    IncentiveStatus.HELD: "Dana tertahan",
    IncentiveStatus.PAID: "Dana cair",
    IncentiveStatus.UNDELIVERED: "Dana dikembalikan",
}
NEXT = {
    IncentiveStatus.WAITING: "Tunggu jadwal pencairan berikutnya.",
    IncentiveStatus.SCHEDULED: "Tunggu sampai tanggal pada jadwal.",
    IncentiveStatus.SENDING: "Dana sedang dikirim ke {partner}. Tunggu, dana tidak hilang.",
    IncentiveStatus.SENT: "Dana sedang dikirim ke {partner}. Tunggu, dana tidak hilang.",
    IncentiveStatus.CHECKING: "Pastikan data di {partner} sama dengan akun Prakerja, lalu tunggu.",
    IncentiveStatus.PAID: "",
    IncentiveStatus.UNDELIVERED: "Batas pencairan sudah lewat, dana dikembalikan ke kas negara.",
}
REASONS = {
    Reason.NOT_LINKED: (
        "Rekening atau e-wallet belum tersambung.",
        "Sambungkan rekening atau e-wallet paling lambat {link_until}.",
    ),
    Reason.ACCOUNT_SWITCHED: (
        "Rekening diganti menjelang tanggal pencairan.",
        "Tunggu, dana dijadwalkan ulang ke rekening yang baru.",
    ),
    Reason.WALLET_INACTIVE: ("Rekening tidak aktif.", "Hubungi {partner} atau ganti rekening."),
    Reason.WALLET_NOT_RUPIAH: ("Rekening bukan rekening rupiah.", "Ganti ke rekening rupiah."),
    Reason.WALLET_NOT_UPGRADED: (
        "E-wallet belum di-upgrade.",
        "Upgrade e-wallet di aplikasi {partner} dengan KTP dan foto diri, lalu tunggu.",
    ),
    Reason.NIK_DIFFERS: ("NIK tidak sesuai dengan akun Prakerja.", "Sambungkan rekening dengan NIK sendiri."),
    Reason.WALLET_NAME_DIFFERS: (
        "Nama pemilik rekening tidak sesuai dengan akun Prakerja.",
        "Samakan nama di {partner} atau ganti rekening.",
    ),
    Reason.PHONE_DIFFERS: (
        "Nomor HP tidak sesuai dengan akun Prakerja.",
        "Samakan nomor HP di {partner} dan di akun Prakerja, atau ganti rekening.",
    ),
    Reason.WALLET_FULL: (
        "Batas bulanan tercapai atau saldo e-wallet penuh.",
        "Kosongkan saldo, tunggu bulan berikutnya, atau ganti rekening.",
    ),
    Reason.PAYOUT_REJECTED: ("Transfer ditolak {partner}.", "Hubungi {partner} atau ganti rekening."),
    Reason.PARTNER_DOWN: ("Ada gangguan di {partner}.", "Tunggu penjadwalan ulang atau ganti rekening."),
    Reason.NO_REPLY: (
        "Belum ada kabar dari {partner}.",
        "Lihat baris jadwal, bukan pemberitahuan; dana tidak hilang.",
    ),
    Reason.PAYOUTS_CLOSED: (
        "Batas pencairan sudah lewat.",
        "Dana dikembalikan ke kas negara.",
    ),
}
"""Why a row is held or failed, and what its owner does about it."""
NO_OTHER_ACCOUNT = "Batas mengganti rekening sudah lewat ({link_until}); hubungi {partner}."
ONCE_LINKING_IS_OVER = {
    Reason.NOT_LINKED: "Batas penyambungan rekening sudah lewat ({link_until}); dana dikembalikan ke kas"
    " negara setelah batas pencairan.",
    Reason.WALLET_INACTIVE: NO_OTHER_ACCOUNT,
    Reason.WALLET_NOT_RUPIAH: NO_OTHER_ACCOUNT,
    Reason.NIK_DIFFERS: NO_OTHER_ACCOUNT,
    Reason.WALLET_NAME_DIFFERS: "Samakan nama di {partner}.",
    Reason.PHONE_DIFFERS: "Samakan nomor HP di {partner} dengan nomor di akun Prakerja.",
    Reason.WALLET_FULL: "Kosongkan saldo atau tunggu bulan berikutnya.",
    Reason.PAYOUT_REJECTED: NO_OTHER_ACCOUNT,
    Reason.PARTNER_DOWN: "Tunggu penjadwalan ulang.",
}
"""The same where another account was the advice, from when none can be linked any more."""


def incentive(status: IncentiveStatus, on: datetime) -> str:
    """The label of an incentive's row on that day."""
    return OF_2020.get(status, INCENTIVE[status]) if on.date() < RENAMED_ON else INCENTIVE[status]


def reason_text(row: Incentive | Notice, wave: Wave) -> str | None:
    """The text of the reason why a row is held or failed, or None."""
    return _filled(REASONS[row.trouble][0], row.wallet, wave) if row.trouble is not None else None


def next_step(row: Incentive, wave: Wave, now: datetime) -> str:
    """What a participant must do about a row now; empty if nothing."""
    text = NEXT.get(row.status)
    if text is None:
        assert row.trouble is not None, row
        text = REASONS[row.trouble][1]
        if now > wave.link_until:
            text = ONCE_LINKING_IS_OVER.get(row.trouble, text)
    return _filled(text, row.wallet, wave)


def notice(one: Notice, wave: Wave) -> str:
    """The text of a notice, below its label."""
    terms = TERMS.get((one.wallet or "").partition("/")[0])
    if one.says is IncentiveStatus.FAILED and terms is not None and terms.help_line:
        other = " atau ganti ke akun e-wallet lainnya" if one.at <= wave.link_until else ""
        return (
            f"Insentif Anda gagal dicairkan. Cek Rekening {terms.name} Anda dengan menghubungi "
            f"{terms.help_line}{other}"
        )
    return reason_text(one, wave) or "Insentif sudah masuk ke rekening."


def partner(wallet: str | None) -> str:
    """The usual name of the bank or e-wallet of an account."""
    terms = TERMS.get((wallet or "").partition("/")[0])
    return terms.name if terms is not None else "rekening"


def _filled(text: str, wallet: str | None, wave: Wave) -> str:
    return text.format(partner=partner(wallet), link_until=f"{wave.link_until:%d-%m-%Y} pukul 23.59 WIB")
