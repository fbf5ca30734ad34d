"""Shapes of values: what a text looks like, whatever its column is called."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from shared.arrests import states


class Shape(StrEnum):
    """What single values look like. A value may have several shapes."""

    SEX = "sex"
    RACE = "race"
    RACE_AND_SEX = "race and sex"
    SEX_BEHIND = "race, a slash and sex"
    YES_NO = "yes or no"
    CLASS = "class of a charge"
    DEGREE_CLASS = "class with its degree"
    STATUTE = "statute"
    CHARGE = "charge"
    COMMA_NAME = "surname, given name"
    FULL_NAME = "words of a name"
    NAME_PART = "part of a name"
    SUFFIX = "suffix of a name"
    ADDRESS = "address"
    CROSSING = "corner or block, where nobody lives"
    STATE = "state"
    POSTCODE = "postal code"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    AGE = "age"
    AGE_GROUP = "age group"
    ORI = "ORI"
    SOCIAL_SECURITY = "Social Security number"
    PHONE = "telephone number"
    MONEY = "money"
    URL = "web address"
    EVENT = "event"
    CODE = "letters and digits without a space"
    DIGIT = "with a digit"
    INTEGER = "whole number"
    YEAR = "year of birth"


STATES = states.STATES - {"AS", "MP"} | {"NB"}  # words that a column may have; and the FBI's code for Nebraska
_NO_STATES = {"DC", "AS", "GU", "MP", "PR", "VI"}
_STATE_NAMES = frozenset(name.upper() for code, name in states.STATE_NAMES.items() if code not in _NO_STATES)
_RACES = frozenset(
    "W B H A I P O U N WHITE BLACK HISPANIC ASIAN INDIAN PACIFIC OTHER UNKNOWN NATIVE WHT BLK HIS HISP ASN".split()
)
_PLAIN_RACES = frozenset("WHITE BLACK HISPANIC ASIAN WHT BLK HISP W B".split())
_CLASSES = frozenset(
    "F M V I FEL FELONY MIS MISD MISDEMEANOR MISDEMEANOUR VIOLATION VIO VIOL INFRACTION INF INFR FELONIES PETTY ORD "
    "ORDINANCE TRAFFIC CONTEMPT CITATION SUMMARY S GM PM MSD MSDM".split()
)
_CRIMES = frozenset(
    """
    ABANDON ABDUCTION ABUSE ACCESSORY AGG AGGRAVATED ALCOHOL ARSON ASLT ASSAULT ATTEMPT BATTERY BOND BRIBERY BURG
    BURGLARY CARRYING CHECK CHILD COCAINE CONDUCT CONSPIRACY CONTEMPT CONTRABAND CONTROLLED COUNTERFEIT CRIM
    CRIMINAL CRUELTY CS DAMAGE DANGEROUS DEADLY DEGREE DISCHARGE DISORDERLY DOMESTIC DRIVE DRIVER DRIVING DRUG
    DRUGS DRUNK DRUNKENNESS DUI DWAI DWI DWLS ELUDE ELUDING EMBEZZLEMENT ENDANGERMENT ESCAPE EVADE EVADING
    EVIDENCE EXPOSURE EXTORTION FAIL FAILURE FALSE FIREARM FLEE FLEEING FORGERY FRAUD FTA FUGITIVE GAMBLING GRAND
    HARASSMENT HEROIN HINDERING HIT HOMICIDE IDENTITY IMPAIRED IMPERSONATION INDECENT INFLUENCE INJURY
    INTERFERENCE INTIMIDATION INTOX INTOXICATED INTOXICATION INVALID KIDNAP KIDNAPPING LARCENY LEWD LICENSE
    LOITERING MAN MANSLAUGHTER MARIJUANA MENACING METH METHAMPHETAMINE MISCHIEF MOLESTATION MURDER NARCOTIC
    NARCOTICS NEGLECT OBSCENITY OBSTRUCT OBSTRUCTING OBSTRUCTION OFFENSE OFFENSES ORDER PARAPHERNALIA PAROLE
    PERJURY PERMIT PETIT PETTY POSS POSSESS POSSESSION PRESCRIBED PROBATION PROPERTY PROSTITUTION PROTECTION
    PUBLIC RAPE RECEIVING RECKLESS REGISTER REGISTRATION RESIST RESISTING RETAIL REVOKED RIOT ROBBERY SEX SEXUAL
    SHOPLIFTING SOLICITATION SPEEDING STALKING STOLEN STRANGULATION SUBSTANCE SUSPENDED TAMPERING TERRORISTIC
    THEFT THREAT THREATENING THREATS TRAFFIC TRAFFICKING TRESPASS TRESPASSING UNAUTHORIZED UNLAWFUL VANDALISM
    VEHICLE VIOLATE VIOLATION VOP WANTON WARRANT WEAPON WEAPONS
    """.split()
)
_STREETS = (
    r"ST|STREET|AVE?|AVENUE|RD|ROAD|DR|DRIVE|LN|LANE|BLVD|BOULEVARD|CT|COURT|PL|PLACE|WAY|HWY|HIGHWAY|PKWY|CIR|CIRCLE|TER|TERRACE|SQ|"
    r"SQUARE|TRL|TRAIL|PIKE|TPKE|ROUTE|RTE|LOOP|ALY|ALLEY|BLOCK|BLK|EXPY|FWY|PLAZA|ROW|RUN|WALK|XING|CRES|PARKWAY|TURNPIKE|BROADWAY"
)
_EVENTS: tuple[tuple[str, str], ...] = (
    (r"SCH.*REL|PROJ.*REL|REL.*SCH", "scheduled release"),
    (r"REL|RL|RLS|RELEASED?|DISCHARGED?|BOND(ED)? OUT|OUT|BAILED", "release"),
    (r"BOOK(ED|ING)?|BK|BKD|BKG|INTAKE|ADMIT(TED)?|ADMISSION|COMMIT(TED)?|IN|NEW BOOKING|B", "booking"),
    (r"ARR|ARREST(ED|EE)?|AR|A|NEW ARREST|ARRESTED PERSON", "arrest"),
    (r"CLR|WAR(RANT)?( CLEARED| RECALLED)", "warrant cleared"),
    (r"WAR(RANT)?( ISSUED)?", "warrant"),
    (r"DSP|DISP(O|OSITION|OSED)?", "disposition"),
    (r"(NEXT )?COURT DATE|HEARING SET", "court date"),
    (r"CUSTODY (STATUS )?CHANGED?", "custody change"),
    (r"TRANSFERRED( OUT)?|TRANSFER OUT", "transfer"),
    (r"ESCAPED?", "escape"),
    (r"DECEASED|DIED( IN CUSTODY)?|DEATH IN CUSTODY", "death"),
    (r"SEAL(ED)?", "seal"),
    (r"EXP(UNGED?|UNGEMENT)?", "expungement"),
)
_SEXES = frozenset("F M X U FEMALE MALE UNKNOWN FEM MAN WOMAN NONBINARY".split())
_SUFFIXES = frozenset("JR SR II III IV V JR. SR. 2ND 3RD".split())
_YES_NO = frozenset("Y N YES NO TRUE FALSE T F 0 1".split())
_NAME = r"[^\W\d_][^\W\d_'’.\-]*['’.\-]?[^\W\d_'’.\-]*\.?"
_NAMES = rf"{_NAME}(?: {_NAME}){{0,3}}"
_DEGREE = r"[1-6A-H]"
_DEGREE_CLASS = (
    rf"[1-5]?[FM][1-6A-HSCXU]|[FM] ?-? ?{_DEGREE}|(?:FELONY|MISDEMEANOR|FEL|MISD?)[ -]?(?:CLASS )?{_DEGREE}|[A-EU][FM]"
    r"|[1-5](?:ST|ND|RD|TH) DEGREE (?:FELONY|MISDEMEANOR)"
)
_AGE_GROUP = (
    r"[<>]?=? ?\d{1,2}(?: ?[-–+] ?(?:\d{1,2})?| AND OVER| TO \d\d)|[<>]=? ?\d\d|UNDER \d\d|\d\d ?\+"
    r"|ADULT|JUV(?:ENILE)?|MINOR"
)
_PATTERNS: tuple[tuple[Shape, re.Pattern[str]], ...] = tuple(
    (shape, re.compile(pattern))
    for shape, pattern in (
        (Shape.SEX_BEHIND, r"[WBHAIPUO]/[MFUX]|(?:WHITE|BLACK|HISPANIC|ASIAN)/(?:FE)?MALE"),
        (Shape.RACE_AND_SEX, r"[WBHAIPUO][/\- ]?[MFUX]|(?:WHITE|BLACK|HISPANIC|ASIAN)\W+(?:FE)?MALE"),
        (Shape.DEGREE_CLASS, _DEGREE_CLASS),
        (Shape.COMMA_NAME, rf"\W{{0,3}}{_NAMES} ?, ?{_NAMES}(?:\W.{{0,40}})?"),
        (Shape.FULL_NAME, rf"{_NAME}(?: {_NAME}){{1,4}}"),
        (Shape.NAME_PART, rf"{_NAME}(?:[ \-]{_NAME}){{0,2}}"),
        (Shape.POSTCODE, r"\d{5}(?:-?\d{4})?"),
        (Shape.AGE_GROUP, _AGE_GROUP),
        (Shape.SOCIAL_SECURITY, r"\d{3}-\d{2}-\d{4}"),
        (Shape.PHONE, r"\(?\d{3}\)?[ .\-]?\d{3}[.\-]\d{4}.{0,8}"),
        (Shape.MONEY, r"\$ ?[\d,]+(?:\.\d\d)?|[\d,]+\.\d\d"),
        (Shape.URL, r"(?:HTTPS?://|WWW\.).+"),
        (Shape.CODE, r"[A-Z0-9][A-Z0-9\-/_.]*\d[A-Z0-9\-/_.]*"),
        (Shape.INTEGER, r"\d+"),
        (Shape.YEAR, r"(?:19[2-9]\d|20[01]\d)"),
    )
)
_ADDRESS = re.compile(
    rf"\d+[A-Z]? .*\b(?:{_STREETS})\b|\b\d+(?:ST|ND|RD|TH)\b.*|\d+ (?:BLK|BLOCK)|\d+ [NSEW]\.? \w+"
    rf"|.*\b(?:{_STREETS})\.? ?(?:&|/|@|AND|NEAR|AT) .*"
    rf"|(?:HWY|RTE|ROUTE|I-?)[ -]?\d+ .*|(?:\w+ ){{1,3}}(?:{_STREETS}|MALL)"
)
_CROSSING = re.compile(r".*\w ?[&@/] ?\w.*|.* (?:AND|NEAR) .*|\d+ (?:BLK|BLOCK)\b.*|.*\bBLOCK OF\b.*")
_SUBSECTIONS = r"(?:\([A-Z0-9]+\))*"
_STATUTE = re.compile(
    rf"(?:[A-Z]{{1,5}}\.? ?)?(?:\d+[A-Z]?[-.:§/]\d+[A-Z0-9.\-:]*{_SUBSECTIONS}"
    rf"|\d{{2,5}}(?:\.\d+)?{_SUBSECTIONS}(?: ?[A-Z]{{2,3}})?"
    r"|\d+ ILCS [\d/.\-A-Z()]+|\d+ [A-Z]{1,4} ?§? ?[\d.\-]+)[A-Z0-9()\-. ]{0,12}"
)
_PREFIXED_STATUTE = re.compile(r"[A-Z]{1,5}[. ]+\d[\dA-Z.\-:()]*(?: [A-Z0-9]{1,3}){0,2}|\d+ ILCS.*|.*§.*")
_CLASS_WORD, _LONGEST_CLASS = re.compile(r"\b(?:FELONY|MISDEMEANOR|FEL|MISD)\b"), 40
_WORDS = re.compile(r"[A-Z]+")


def _number_between(low: float, high: float) -> Callable[[str], bool]:
    def test(text: str) -> bool:
        try:
            return low <= float(text) <= high
        except ValueError:
            return False

    return test


def _is_ori(text: str) -> bool:
    return len(text) == 9 and text[:2] in STATES and sum(map(str.isdigit, text)) >= 4 and text.isalnum()


def _is_statute(text: str) -> bool:
    if _PREFIXED_STATUTE.fullmatch(text):
        return True
    return bool(_STATUTE.fullmatch(text)) and (bool(re.search(r"\d[.:(§]\d|\d-\d|\d[A-Z]-|\(", text)) or " " in text)


def _is_charge(text: str) -> bool:
    return not _CRIMES.isdisjoint(_WORDS.findall(text)) and len(text) > 4


_TESTS: Mapping[Shape, Callable[[str], bool]] = {
    Shape.SEX: _SEXES.__contains__,
    Shape.RACE: _RACES.__contains__,
    Shape.YES_NO: _YES_NO.__contains__,
    Shape.CLASS: lambda text: text in _CLASSES or bool(_CLASS_WORD.search(text) and len(text) < _LONGEST_CLASS),
    Shape.SUFFIX: _SUFFIXES.__contains__,
    Shape.STATE: lambda text: text in STATES or text in _STATE_NAMES,
    Shape.STATUTE: _is_statute,
    Shape.CHARGE: _is_charge,
    Shape.ADDRESS: lambda text: bool(_ADDRESS.match(text)),
    Shape.CROSSING: lambda text: bool(_ADDRESS.match(text) and _CROSSING.fullmatch(text)),
    Shape.LATITUDE: lambda text: "." in text and _number_between(17, 72)(text),
    Shape.LONGITUDE: lambda text: "." in text and _number_between(-180, -60)(text),
    Shape.AGE: lambda text: text.isascii() and text.isdigit() and 5 <= int(text[:4]) <= 110,
    Shape.ORI: _is_ori,
    Shape.EVENT: lambda text: bool(event_word(text)),
    Shape.DIGIT: lambda text: any(map(str.isdigit, text)),
}


def shapes_of(value: str) -> set[Shape]:
    text = " ".join(value.upper().split())
    shapes = {shape for shape, test in _TESTS.items() if test(text)}
    return shapes | {shape for shape, pattern in _PATTERNS if pattern.fullmatch(text)}


def event_word(value: str) -> str:
    """Our word for an agency's word of an event; empty where it is none of the usual ones."""
    text = " ".join(re.sub(r"[^A-Z0-9]+", " ", value.upper()).split())
    return next((word for pattern, word in _EVENTS if re.fullmatch(pattern, text)), "")


def are_races(values: Mapping[str, int]) -> bool:
    """Whether a column of these values tells race or descent: codes as agencies use them, several of them plain."""
    texts = {value.upper() for value in values}
    return 2 <= len(texts) <= 12 and texts <= _RACES and len(texts & _PLAIN_RACES) >= 2
