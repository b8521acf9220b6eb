"""A fictional county's nightly extract, of nobody: as many children as asked, the same for the same seed."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import polars as pl

_LAST = date(2019, 10, 8).toordinal()
_FIRST = date(2014, 4, 1).toordinal()
_EPOCH = date(1970, 1, 1).toordinal()

Files = dict[str, pl.DataFrame]

SETTINGS = b"""name = "nightly-ssd"
authority = "999"
format = "ssd_tables"
roster = "full"
workers_are_live = true
window_start = 2013-04-01
[allocation]
roles_that_count = ["CW"]
owners_that_do_not_count = [
  { worker = "P000001", why = "duty tray" },
  { job_title = "Team Manager", why = "manager" },
]
placeholders = ["UNKNOWN", "-1"]
"""


def county(children: int = 30_000, seed: int = 11) -> Files:
    """The files of one night by name; 30,000 children give about 600,000 rows."""
    rng = Dice(seed)
    child = _numbered("C", children)
    episodes = _episodes(rng, child, int(children * 1.5))
    files = {"ssd_cin_episodes": episodes, "ssd_involvements": _involvements(rng, episodes)}
    files |= _people(rng, child) | _staff(rng)
    for name, prefix, share, more in _DATED:
        files[name] = _dated(rng, child, prefix, int(children * share), more)
    return files


def zipped(files: Files) -> bytes:
    """The files as the CSVs of a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, frame in files.items():
            archive.writestr(f"{name}.csv", frame.write_csv())
    return packed.getvalue()


def next_night(files: Files, share: float = 0.01, seed: int = 12) -> Files:
    """The same files with that share of rows changed: the last column of each says something new."""
    rng = Dice(seed)
    return {name: _changed(rng, frame, share) for name, frame in files.items()}


class Dice:
    """Numbers drawn the same way for the same seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed * 1_000

    def whole(self, low: int, high: int, rows: int) -> pl.Series:
        """Whole numbers from `low` up to, not including, `high`."""
        self._seed += 1
        return pl.int_range(low, high, eager=True).sample(
            rows, with_replacement=True, shuffle=True, seed=self._seed
        )

    def share(self, rows: int, share: float) -> pl.Series:
        """True for about that share of the rows."""
        return self.whole(0, 100_000, rows) < int(share * 100_000)

    def of(self, values: pl.Series, rows: int) -> pl.Series:
        """Values drawn again and again."""
        return values.gather(self.whole(0, len(values), rows))


def _changed(rng: Dice, frame: pl.DataFrame, share: float) -> pl.DataFrame:
    last = frame.columns[-1]
    other = rng.share(frame.height, share)
    return frame.with_columns(pl.when(other).then(pl.lit("changed")).otherwise(pl.col(last)).alias(last))


def _numbered(letter: str, rows: int) -> pl.Series:
    return _lettered(letter, pl.int_range(rows, eager=True))


def _lettered(letter: str, numbers: pl.Series) -> pl.Series:
    return pl.select(pl.lit(letter) + numbers.cast(pl.String).str.zfill(6)).to_series()


def _same(value: str, rows: int) -> pl.Series:
    return pl.repeat(value, rows, eager=True)


def _either(which: pl.Series, one: str, other: str) -> pl.Series:
    return pl.select(pl.when(which).then(pl.lit(one)).otherwise(pl.lit(other))).to_series()


def _days(ordinals: pl.Series) -> pl.Series:
    return (ordinals - _EPOCH).cast(pl.Int32).cast(pl.Date).dt.strftime("%Y-%m-%d 00:00:00")


def _ends(rng: Dice, begun: pl.Series, days: int, open_share: float) -> pl.Series:
    ended = begun + rng.whole(5, days, len(begun))
    still = (ended > _LAST) | rng.share(len(begun), open_share)
    return pl.select(pl.when(~still).then(_days(ended.clip(upper_bound=_LAST)))).to_series()


def _begun(rng: Dice, rows: int) -> pl.Series:
    return rng.whole(_FIRST, _LAST - 1, rows)


def _episodes(rng: Dice, child: pl.Series, rows: int) -> pl.DataFrame:
    begun = _begun(rng, rows)
    closed = _ends(rng, begun, 300, 0.08)
    return pl.DataFrame(
        {
            "cine_referral_id": _numbered("R", rows),
            "cine_person_id": rng.of(child, rows),
            "cine_referral_date": _days(begun),
            "cine_close_date": closed,
            "cine_referral_nfa": _either(rng.share(rows, 0.3), "Y", "N"),
            "cine_close_reason": pl.select(pl.when(closed.is_not_null()).then(pl.lit("RC1"))).to_series(),
            "cine_cin_primary_need_code": _same("N1", rows),
            "cine_referral_team": _team(rng, rows),
            "cine_referral_source_code": _same("1A", rows),
        }
    )


def _team(rng: Dice, rows: int) -> pl.Series:
    return _lettered("T", rng.whole(0, 40, rows))


def _involvements(rng: Dice, episodes: pl.DataFrame) -> pl.DataFrame:
    two = pl.concat([episodes, episodes])
    rows = two.height
    worker = _lettered("P", rng.whole(1, 700, rows))
    return pl.DataFrame(
        {
            "invo_involvements_id": _numbered("", rows),
            "invo_professional_id": pl.select(pl.when(~rng.share(rows, 0.03)).then(worker)).to_series(),
            "invo_professional_role_id": _either(rng.share(rows, 0.8), "CW", "FS"),
            "invo_professional_team": _team(rng, rows),
            "invo_person_id": two["cine_person_id"],
            "invo_referral_id": two["cine_referral_id"],
            "invo_involvement_start_date": two["cine_referral_date"],
            "invo_involvement_end_date": two["cine_close_date"],
            "invo_worker_change_reason": _same("", rows),
        }
    )


def _people(rng: Dice, child: pl.Series) -> Files:
    rows = len(child)
    return {
        "ssd_person": pl.DataFrame(
            {
                "pers_person_id": child,
                "pers_forename": _numbered("Forename", rows),
                "pers_surname": _numbered("Surname", rows),
                "pers_dob": _days(rng.whole(_LAST - 17 * 365, _LAST, rows)),
                "pers_sex": _either(rng.share(rows, 0.5), "M", "F"),
                "pers_ethnicity": _same("WBRI", rows),
            }
        )
    }


def _staff(rng: Dice) -> Files:
    rows = 700
    workers = pl.DataFrame(
        {
            "prof_professional_id": _numbered("P", rows),
            "prof_staff_id": _numbered("S", rows),
            "prof_professional_name": _numbered("Worker ", rows),
            "prof_professional_job_title": _either(rng.share(rows, 0.1), "Team Manager", "Social Worker"),
            "prof_full_time_equivalency": _same("1.0", rows),
        }
    )
    return {
        "ssd_professionals": workers,
        "ssd_department": pl.DataFrame(
            {"dept_team_id": _numbered("T", 40), "dept_team_name": _numbered("Team ", 40)}
        ),
    }


_DATED = (
    ("ssd_address", "addr", 1.6, ("addr_address_start_date", "addr_address_end_date", "addr_address_postcode")),
    ("ssd_cin_assessments", "cina", 1.6, ("cina_assessment_start_date", "cina_assessment_auth_date", "cina_assessment_team")),
    ("ssd_s47_enquiry", "s47e", 0.6, ("s47e_s47_start_date", "s47e_s47_end_date", "s47e_s47_nfa")),
    ("ssd_initial_cp_conference", "icpc", 0.2, ("icpc_icpc_target_date", "icpc_icpc_date", "icpc_icpc_team")),
    ("ssd_cin_plans", "cinp", 0.8, ("cinp_cin_plan_start_date", "cinp_cin_plan_end_date", "cinp_cin_plan_team")),
    ("ssd_cin_visits", "cinv", 4.0, ("cinv_cin_visit_date", "", "cinv_cin_visit_seen")),
    ("ssd_cp_plans", "cppl", 0.15, ("cppl_cp_plan_start_date", "cppl_cp_plan_end_date", "cppl_cp_plan_latest_category")),
    ("ssd_cp_visits", "cppv", 2.0, ("cppv_cp_visit_date", "", "cppv_cp_visit_seen")),
    ("ssd_cp_reviews", "cppr", 0.3, ("cppr_cp_review_due", "cppr_cp_review_date", "cppr_cp_review_quorate")),
    ("ssd_cla_episodes", "clae", 0.2, ("clae_cla_episode_start_date", "clae_cla_episode_ceased_date", "clae_cla_episode_ceased_reason")),
    ("ssd_cla_placement", "clap", 0.2, ("clap_cla_placement_start_date", "clap_cla_placement_end_date", "clap_cla_placement_type")),
    ("ssd_cla_reviews", "clar", 1.1, ("clar_cla_review_due_date", "clar_cla_review_date", "clar_cla_review_participation")),
    ("ssd_cla_visits", "clav", 1.5, ("clav_cla_visit_date", "", "clav_cla_visit_seen")),
    ("ssd_legal_status", "lega", 0.2, ("lega_legal_status_start_date", "lega_legal_status_end_date", "lega_legal_status")),
)  # fmt: skip


_CARE = ("clae", "clap", "clar")
"""The prefixes of tables whose rows belong to a period of care; a review without one is refused."""


def _dated(
    rng: Dice, child: pl.Series, prefix: str, rows: int, columns: tuple[str, str, str]
) -> pl.DataFrame:
    begun, (begins, ends, more) = _begun(rng, rows), columns
    children = rng.of(child, rows)
    cells = {f"{prefix}_person_id": children, begins: _days(begun)}
    if prefix in _CARE:
        cells[f"{prefix}_cla_id"] = children.str.replace("C", "K")
    if ends:
        cells[ends] = _ends(rng, begun, 200, 0.05)
    value = "Y" if "seen" in more else more
    return pl.DataFrame({**cells, more: _same(value[:8], rows)})
