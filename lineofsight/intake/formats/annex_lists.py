"""The lists of an Annex A workbook: how each is known by its name, its columns by their headings, and where they go."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lineofsight.intake.sheets.layout import letters_of

READ_LISTS = tuple(range(1, 12))
"""The lists that are read: all."""
OF_ADOPTERS = 11
"""The list whose rows are not about children."""
CASE_LISTS = tuple(range(3, 10))
"""The lists without which a workbook says less of who answers; the others are of what is before and after."""
WORKER_LISTS = (6, 7, 8, 9)
"""The lists whose cells say who answers now; on 3 to 5 a worker is whoever took, assessed or completed."""

_TITLES = (
    (11, r"adopters"), (10, r"adoption"), (9, r"care\s*leaver|leaving\s*care"),
    (8, r"looked\s*after|in\s*care|\bcla\b|\blac\b"), (7, r"child\s*protection|\bcpp?\b"),
    (6, r"in\s*need|\bcin\b"), (5, r"section\s*47|\bs\.?47"), (4, r"assessment"), (3, r"referral"),
    (2, r"early\s*help"), (1, r"^\W*contacts\b(?!\s*(details|us|list|sheet))"),
)  # fmt: skip

_PERSON = {
    "child": r"child(s)?(unique)?(id|identifier|reference|ref)|(la)?(childs?)?uniqueid|childid|personid",
    "sex": r"gender$|sex$|gender",
    "ethnicity": r"ethnicity",
    "born_on": r"(childs?)?dateofbirth|dob$",
}
_HANDS = {
    "team": r"(allocated|responsible|current)?team(name)?$|allocatedteam",
    "worker": r"allocated(social|case)?worker|(social|case|key|lead)worker(sname|name)?$|worker(name)?$",
}
COLUMNS: dict[int, dict[str, str]] = {
    1: {"contacted_on": r"date(of)?(the)?contact$|contactdate", "made_by": r"(contact)?source$|contactsource|sourceofcontact"},
    2: {"begun_on": r"(early(help)?)?(assessment|episode)start(date)?|startdate$",
        "ended_on": r"(early(help)?)?(assessment|episode)(completion|completed|end)(date)?|(completion|end)date$",
        "organisation": r"organi[sz]ation"},
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
        "latest_category": r"(latest|current)category", "visited_on": r"(dateof(the)?)?(last|latest)(statutory|cp)?visit",
        "seen_alone": r"(was)?(the)?childseenalone", "reviewed_on": r"(dateof(the)?)?(last|latest)(cp)?review",
        "ended_on": r"(childprotectionplan|cpp?)enddate|enddate$", **_HANDS},
    8: {"begun_on": r"datestartedtobe(lookedafter|cla)|dateenteredcare|careperiodstartdate|lo+kedafterstart(date)?$|cla(start|began)", "need": r"childscategoryofneed|categoryofneed",
        "status_on": r"startdateof(the)?(current)?legalstatus|(mostrecent|current|latest)?legalstatusstart", "status": r"(childs)?(current)?legalstatus$",
        "reviewed_on": r"(dateof(the)?)?(last|latest)(statutory|cla|lac)?review(date)?", "visited_on": r"(dateof(the)?)?(last|latest)(socialwork|statutory|cla|lac)?visit(date)?$",
        "last_officer_contact_on": r"(dateof(the)?)?(last|latest)iro", "ended_on": r"dateceased(tobe)?(lookedafter|cla)?|ceased(lookedafter|cla|care)?(date)?$|(lo+kedafter|cla)(end|ceased)",
        "ended_because": r"reasonceased(tobe)?(lookedafter|cla)", "placed_on": r"startdateof(the)?(most)?(recent|current)placement|(mostrecent|current|latest)?placementstart",
        "kind": r"placementtype", "provider": r"placementprovider", "postcode": r"placementpostcode", "urn": r"(placement)?urn", **_HANDS},
    10: {"adoptive_family": r"(adoptive)?family(id|identifier|ref)", "entered_care_on": r"date(the)?childenteredcare|enteredcaredate|dateenteredcare",
        "decided_on": r"dateof(the)?decisionthat(the)?childshouldbe|(adm|shouldbeplaced|placementfor|adoption)?decisiondate$",
        "placement_order_on": r"dateof(the)?placementorder|placementorderdate",
        "matched_on": r"dateofmatching|(date)?matched(date)?$|matchingdate", "placed_on": r"dateplacedforadoption|placed(foradoption)?date",
        "ordered_on": r"dateof(the)?adoptionorder|adoptionorderdate",
        "reversed_on": r"dateof(the)?decisionthat(the)?childshouldnolonger|(decision)?reversed(date)?$",
        "reversed_because": r"reason(why)?(the)?childnolonger|(decision)?reversedreason|reason(child)?nolonger",
        "fostering_placed_on": r"date(the)?childwasplacedforfostering|(placed)?ffa(cp)?(placed)?date"},
    11: {"adopter": r"(individual)?adopter(s)?(id|identifier|ref)", "adoptive_family": r"(adoptive)?family(id|identifier|ref)",
        "disability": r"(has)?disability", "fosters_for_adoption": r"isthe(prospective)?adopterfostering|fosteringforadoption|adoptedbycarer",
        "enquired_on": r"dateenquiry|enquirydate", "stage_1_begun_on": r"(date)?stage1start", "stage_1_ended_on": r"(date)?stage1end",
        "stage_2_begun_on": r"(date)?stage2start", "stage_2_ended_on": r"(date)?stage2end",
        "applied_on": r"dateapplicationsubmitted|applicationdate$|applicationsubmitted", "approved_on": r"dateapplicationapproved|applicationappr",
        "matched_on": r"dateadoptermatched|matcheddate", "placed_on": r"datechild(children|ren)?placed|placeddate",
        "number_placed": r"(no|number|num)(of)?(children|siblings)?placed", "ordered_on": r"dateof(the)?adoptionorder|adoptionorderdate",
        "ended_on": r"dateofleaving|adoptionleavedate|dateleft", "ended_because": r"reasonforleaving|(adopting|adoption)leav(e|ing)reason"},
    9: {"eligibility": r"eligibility", "in_touch": r"laintouch|intouch", "accommodation": r"typeofaccommodation|accommodationtype",
        "suitable": r"suitabilityofaccommodation", "activity": r"activitystatus", **_HANDS},
}  # fmt: skip
"""For each list its columns by ours: a pattern over a heading's letters and digits, from its beginning."""


def list_number(name: str) -> int | None:
    """Which list a sheet or file is, by its number or what it is called; None where it is none."""
    plain = name.replace("_", " ").lower()
    for pattern in _NUMBERED:
        if found := re.search(pattern, plain):
            number = int(found[1])
            return number if 1 <= number <= 11 else None
    return next((number for number, pattern in _TITLES if re.search(pattern, plain)), None)


_NUMBERED = (
    r"\blist\s*\.?\s*0*(\d{1,2})[a-z]?\b",
    r"\b(?:annex\s*a|aa|l)\s*\.?\s*0*(\d{1,2})\b(?![ .\-/]\d)",
    r"^\s*0*(\d{1,2})\b(?![ .\-/]\d|\s*(?:st|nd|rd|th)?\s*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))",
)
"""Where a list's number stands in its name, the surest first: a day in a file's name is none."""


def columns_of(number: int, headings: Sequence[str]) -> dict[str, str]:
    """For each of our columns the heading that fills it: one that fits wholly before one that begins alike."""
    plain = {heading: letters_of(heading) for heading in headings}
    found: dict[str, str] = {}
    for name, pattern in wanted(number).items():
        alike = [heading for heading, cell in plain.items() if cell and re.match(pattern, cell)]
        whole = (heading for heading in alike if re.fullmatch(pattern, plain[heading]))
        best = next(whole, next(iter(alike), None))
        if best is not None:
            found[name] = best
    return found


def is_heading(number: int, cell: str) -> bool:
    """Whether a cell is a heading of a list, and no sentence about one."""
    plain = letters_of(cell)
    return len(cell) <= _MOST_LETTERS and any(re.match(one, plain) for one in wanted(number).values())


_MOST_LETTERS = 120


def wanted(number: int) -> dict[str, str]:
    """Our columns of a list, each with its pattern."""
    person = {name: _PERSON[name] for name in ("sex", "ethnicity")} if number == OF_ADOPTERS else _PERSON
    return {**person, **COLUMNS[number]}


def named_by(number: int) -> tuple[str, str]:
    """The column that says whose a row of a list is, by our name and by Annex A's."""
    return (
        ("adopter", "Individual adopter identifier")
        if number == OF_ADOPTERS
        else ("child", "Child Unique ID")
    )


COSTS = {
    (6, "begun_on"): "it is not known since when episodes are open",
    (6, "closed_on"): "children whose episode was closed stay in the figure",
    (7, "ended_on"): "the worker of a plan that has ended is taken for the child's worker",
    (8, "ended_on"): "children who ceased to be looked after stay in the figure with the worker of list 8",
    (8, "begun_on"): "it is not known since when children are looked after",
}
"""What it costs where a list lacks one of these columns."""
