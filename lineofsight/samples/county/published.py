"""The published figures that the fictional county is drawn to: real numbers of one county, each with its source.

All are of the year to 31 March 2019, or the day itself, where nothing else is said. The sources are
the Department for Education's statistics (Open Government Licence v3.0):

- *Characteristics of children in need* (tables A, B, C, D and the underlying data);
- *Children looked after in England including adoption*;
- *Children's social work workforce* (30 September 2019).
"""

from __future__ import annotations

from lineofsight.samples.county.dice import Weighted

# Characteristics of children in need: 2018 to 2019
OPEN_EPISODES = 4_693
REFERRALS = 11_266
NO_FURTHER_ACTION = 5_384
ASSESSED_NOT_IN_NEED = 1_453
ENQUIRIES = 2_222
CONFERENCES = 952
PROTECTION_PLANS = 661
PROTECTION_STARTED = 802
REFERRED_AGAIN = 0.299
ASSESSED_IN_45_DAYS = 0.727

# Children looked after in England including adoption: 2018 to 2019
LOOKED_AFTER = 1_123
CARE_STARTED = 450
CARE_LEAVERS = 478

# Children's social work workforce 2019
WORKERS = 477
"""Social workers, 334 employed and 143 from agencies; 220.6 of the full-time equivalents held cases."""
AGENCY_SHARE = 0.311
CHILDREN_PER_FTE = 18.8

PRIMARY_NEED = Weighted(
    {
        "N1": 38.5,
        "N2": 7.4,
        "N3": 2.2,
        "N4": 3.4,
        "N5": 30.3,
        "N6": 1.4,
        "N7": 0.1,
        "N8": 3.7,
        "N9": 12.1,
        "N0": 0.8,
    }
)
"""Characteristics of children in need: 2017 to 2018, table B3 (31 March 2018)."""

REFERRED_BY = Weighted(
    {
        "6": 29.4,
        "2A": 22.8,
        "3A": 19.7,
        "5B": 7.9,
        "1A": 4.8,
        "7": 4.6,
        "8": 3.9,
        "9": 2.9,
        "4": 2.4,
        "10": 1.6,
    }
)
"""Characteristics of children in need: 2017 to 2018, table C5."""

BY_MONTH = (58_610, 51_200, 56_320, 44_620, 60_120, 61_860, 55_600, 46_670, 53_660, 59_140, 61_990, 45_840)
"""Referrals in England from January to December: 2017 to 2018, table C6."""

WORKING_DAYS_ASSESSED: tuple[tuple[int, int, float], ...] = (
    (0, 0, 79),
    (1, 10, 618),
    (11, 20, 1_189),
    (21, 30, 1_003),
    (31, 40, 933),
    (41, 45, 355),
    (46, 50, 410),
    (51, 60, 514),
    (61, 90, 648),
)
"""Assessments by working days taken: 2017 to 2018, table C2; those over 45 days made an eighth more, for 2018 to 2019."""

PROTECTION_DAYS: tuple[tuple[int, int, float], ...] = (
    (20, 90, 226),
    (91, 182, 114),
    (183, 365, 516),
    (366, 730, 265),
    (731, 1_100, 36),
)
"""How long child protection plans that ended had run: 2017 to 2018, table D7."""

CATEGORY = Weighted({"NEG": 588, "EMO": 258, "PHY": 69, "SAB": 39, "MUL": 27})
"""Child protection plans by initial category: 2017 to 2018, table D2."""

AGES: tuple[tuple[int, int, float], ...] = (
    (0, 0, 5.0),
    (1, 4, 18.0),
    (5, 9, 25.0),
    (10, 15, 37.0),
    (16, 17, 15.0),
)
"""Children in need by age, England: 2017 to 2018, table A3, as shares; of those over 16 some had turned 18."""

SEX = Weighted({"M": 53.0, "F": 45.0, "U": 2.0})
"""England: 2017 to 2018, table A3; U stands for not yet born or not known."""

ETHNICITY = Weighted({"WBRI": 70.1, "WOTH": 2.5, "MOTH": 8.4, "AOTH": 7.3, "BAFR": 8.6, "OOTH": 3.0})
"""Of those known, England: 2017 to 2018, table A4, in the broad groups published."""

LEGAL_STATUS = Weighted({"C2": 55.0, "C1": 20.0, "V2": 19.0, "E1": 6.0})
"""Children looked after, rounded: 2021 to 2022, the two councils that followed."""

PLACEMENT = Weighted({"U6": 73.0, "K2": 11.0, "H5": 6.0, "P1": 8.0, "A3": 2.0})
"""Foster care, homes, independent, with parents, for adoption: 2021 to 2022, the two councils that followed."""
