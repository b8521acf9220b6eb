"""The lists of an Annex A workbook: how each is known by its name, its columns by their headings, and where they go."""

from __future__ import annotations

import re
from dataclasses import dataclass

READ_LISTS = tuple(range(3, 10))
"""The lists that are read; 1, 2, 10 and 11 are kept in the delivery and not read."""
WORKER_LISTS = (6, 7, 8, 9)
"""The lists whose cells say who answers now; on 3 to 5 a worker is whoever took, assessed or completed."""

_TITLES = (
    (11, r"adopters"), (10, r"adoption"), (9, r"care\s*leaver|leaving\s*care"),
    (8, r"looked\s*after|in\s*care|\bcla\b|\blac\b"), (7, r"child\s*protection|\bcpp?\b"),
    (6, r"in\s*need|\bcin\b"), (5, r"section\s*47|\bs\.?47"), (4, r"assessment"), (3, r"referral"),
    (2, r"early\s*help"), (1, r"contact"),
)  # fmt: skip

_PERSON = {
    "child": r"child(unique)?(id|identifier|reference|ref)|(la)?(childs?)?uniqueid|childid|personid",
    "sex": r"gender|sex$",
    "ethnicity": r"ethnicity",
    "born_on": r"(childs?)?dateofbirth|dob$",
}
_HANDS = {
    "team": r"(allocated|responsible|current)?team(name)?$|allocatedteam",
    "worker": r"allocated(social|case)?worker|(social|case|key|lead)worker(sname|name)?$|worker(name)?$",
}
COLUMNS: dict[int, dict[str, str]] = {
    3: {"begun_on": r"dateof(the)?referral|referraldate", "referred_by": r"referralsource|sourceofreferral",
        "nfa": r"referralnfa|(referral)?nofurtheraction", **_HANDS},
    4: {"begun_on": r"(continuous|social)?(work)?assessmentstartdate|(startdateof|dateof)(continuous)?assessment$",
        "authorised_on": r"(continuous)?assessment(dateof)?(authoris|authoriz|complet)|dateof(assessment)?authori[sz]ation",
        "seen": r"childseen", **_HANDS},
    5: {"begun_on": r"strategydiscussion.*date|(section|s)47(enquiry)?startdate|dateof(section|s)47",
        "held_on": r"dateof(the)?(initialchildprotectionconference|icpc)|icpcdate|initialchildprotectionconferencedate",
        "protection": r"did(the)?(initialchildprotectionconference|icpc)result", **_HANDS},
    6: {"begun_on": r"(cin|childinneed)startdate|startdate$", "need": r"primaryneed", "seen_on": r"(date)?(child)?(was)?lastseen|datechildwaslastseen",
        "closed_on": r"(cin|childinneed|case)?(closuredate|enddate)|dateofclosure|dateclosed",
        "close_reason": r"reasonforclosure|closurereason", "status": r"casestatus", **_HANDS},
    7: {"begun_on": r"(childprotectionplan|cpp?)startdate|startdate$", "initial_category": r"initialcategory",
        "latest_category": r"(latest|current)category", "visited_on": r"dateof(the)?(last|latest)(statutory)?visit",
        "seen_alone": r"(was)?(the)?childseenalone", "reviewed_on": r"dateof(the)?(last|latest)review",
        "ended_on": r"(childprotectionplan|cpp?)enddate|enddate$", **_HANDS},
    8: {"begun_on": r"datestartedtobe(lookedafter|cla)|dateenteredcare|careperiodstartdate", "need": r"childscategoryofneed|categoryofneed",
        "status_on": r"startdateof(the)?(current)?legalstatus", "status": r"(childs)?(current)?legalstatus$",
        "reviewed_on": r"dateof(the)?(last|latest)(statutory)?review", "visited_on": r"dateof(the)?(last|latest)(socialwork|statutory)?visit$",
        "last_officer_contact_on": r"dateof(the)?(last|latest)iro", "ended_on": r"dateceasedtobe(lookedafter|cla)",
        "ended_because": r"reasonceasedtobe(lookedafter|cla)", "placed_on": r"startdateof(the)?(most)?(recent|current)placement",
        "kind": r"placementtype", "provider": r"placementprovider", "postcode": r"placementpostcode", "urn": r"(placement)?urn", **_HANDS},
    9: {"eligibility": r"eligibility", "in_touch": r"laintouch|intouch", "accommodation": r"typeofaccommodation|accommodationtype",
        "suitable": r"suitabilityofaccommodation", "activity": r"activitystatus", **_HANDS},
}  # fmt: skip
"""For each list its columns by ours: a pattern over a heading's letters and digits, from its beginning."""


@dataclass(frozen=True)
class ListRead:
    """One list as found in a workbook: its number, the file and sheet, and the place of each of our columns."""

    number: int
    label: str
    columns: dict[str, int]


def list_number(name: str) -> int | None:
    """Which list a sheet or file is, by its number or what it is called; None where it is none."""
    plain = name.replace("_", " ").lower()
    if found := re.search(r"\b(?:list|annex\s*a|aa|l)\s*\.?\s*0*(\d{1,2})\b", plain) or re.match(
        r"\s*0*(\d{1,2})\b", plain
    ):
        number = int(found[1])
        return number if 1 <= number <= 11 else None
    return next((number for number, pattern in _TITLES if re.search(pattern, plain)), None)


def columns_of(number: int, heading: list[str]) -> dict[str, int]:
    """The place of each of our columns in a line of headings; the first that fits is taken."""
    plain = [re.sub(r"[^a-z0-9]", "", cell.lower()) for cell in heading]
    wanted = {**_PERSON, **COLUMNS.get(number, {})}
    found = {}
    for name, pattern in wanted.items():
        at = next((at for at, cell in enumerate(plain) if cell and re.match(pattern, cell)), None)
        if at is not None:
            found[name] = at
    return found
