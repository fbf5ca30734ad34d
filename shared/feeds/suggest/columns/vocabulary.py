"""The vocabulary of column names: the words that agencies write, and the phrases by which our fields are called.

The words are those of jail and records systems and of open data. An indented line goes on with the one above.
"""

from collections.abc import Mapping

HOME, CASE, RELEASE, UNUSED, SEQUENCE = "(home)", "(case)", "(release)", "(unused)", "(sequence)"
BOOKED, BOOKED_TIME = "(booked)", "(time of booking)"
"""Claims that are none of our fields: the person's home, the number of a case or incident, the time of a release, the
time of a booking, the place of a person in a case, and what is not read."""

_WORDS = """
arrest: arr arrest arrested arst arrests apprehension apprehended detained
booking: bkg bk bkd book booked booking bookings bkng intake admit admitted admission commit committed commitment
    incarceration incarcerated jailed lodged
release: rel release released rls rlse discharge discharged exit
number: no nbr num number nr id ids key identifier numb ident
date: date dt dte day dttm datetime timestamp ts dttime dtm when at on
time: time tm tme hour hr hrs hhmm clock dttm datetime timestamp ts dttime dtm at
birth: birth born dob bday birthday brth bdate birthdate
last: last lst surname lname lastname lnm family sname
first: first frst fst fname firstname fnm given forename
middle: middle mid mi mname middlename mn mnm
suffix: suffix sfx suf suff namesuffix generation
name: name nm names nme
full: full whole complete
alias: alias aliases aka akas moniker nickname nicknames
sex: sex gender sx gndr
age: age ages yrs years
group: group grp range bracket band
juvenile: juvenile juv minor adult
state: state st province
sid: sid nysid sbi cii sbin
fbi: fbi ucn
known: known
person: person inmate arrestee defendant def deft defend subject subj perp perpetrator suspect susp offender
    prisoner detainee individual indiv pers inm resident party
charge: charge charges chg chrg chrge chgs offense offenses offence offences ofns off offn crime crimes pd
    allegation count counts
statute: statute statutes section sec law ordinance stat ors rsmo ucc penal cite cites citation citations cited
    violated mcl ilcs krs tca ocga ars crs nrs rcw mgl cgs usc vtl
code: code cd codes cde
description: description desc descr descrip dscr wording literal text txt title long lit definition
class: class lvl level cls category cat grade severity sev classification grading gravity fm
degree: degree deg dgr
type: type typ tp
address: address addr adr addrs street st str location loc locn place premises site scene where
house: house bldg building
direction: direction dir predir postdir prefix
block: block blk hundred
home: home residence residential resid living lives lived mailing hm res reside resides residing
city: city town municipality muni village cty borough boro
postcode: zip zipcode postal postcode zip5
precinct: precinct pct prec district dist division division div station sector
beat: beat zone grid post rd reporting
latitude: latitude lat
longitude: longitude lon lng long
y: y ycoord ycoordinate
x: x xcoord xcoordinate
event: event action transaction trans movement activity role
status: status stat
record: record rec row
case: case incident inc report rpt complaint cad docket cause dr cr ir call
agency: agency department dept agcy org organization office jurisdiction
ori: ori
tracking: tracking otn atn obtn cycle pcn tcn
jail: jail jms
year: year yr yob
officer: officer ofcr deputy badge arrestingofficer ofc offcr offr ptlm trooper filed
court: court crt judge attorney atty prosecutor plaintiff magistrate hearing arraignment
money: bond bail fine amount amt cash surety fee balance
body: height weight hair eye eyes build complexion hgt wgt ht wt skin scars marks tattoos tattoo smt glasses
contact: phone telephone tel mobile cell email mail cellphone
housing: housing pod cell bed facility floor tier unit cellblock
life: occupation occ employer emp marital education school language military birthplace pob next kin emplr emplyr
    parent guardian mother father spouse wife husband relative relationship owner business emergency caller gang
car: vehicle veh plate tag vin make model color license licence oln dl
weapon: weapon weapons gun
federal: ucr nibrs ncic ibr
note: remarks remark notes note comment comments narrative memo hold holds detainer
printout: page created updated modified run extract printed print generated version
count: count counts cnt qty
link: url link href
disposition: disposition disp dispo sentence plea verdict
warrant: warrant warr wrnt
country: country nation
county: county cnty parish
pin: pin mni jacket pid spn so local permanent perm
current: current legal curr primary main field value of the and in to by as is for flag s ind indicator cell data
    usa us coord coords coordinate coordinates line
place: location loc locn place premises site scene where
sequence: seq sequence
"""  # a word, and how it is spelled in names of columns

_WRITTEN_OUT = """
dob: birth date
yob: birth year
lname: last name
fname: first name
mname: middle name
timestamp: date time
datetime: date time
dttm: date time
dtm: date time
nysid: sid
"""  # words that are two

# `~` marks a name that says little: a better one of another column comes first.
_PHRASES = """
surname: last | last name | person last | family name | last name paternal | last name maternal | last name second
given: first | first name | person first
middle: middle | middle name | middle initial | middle first | second name | second first
suffix: suffix | name suffix | suffix name
name: name | full name | person name | person | last name name | name last first | last first |
    last first middle | last first name | name last first middle
alias: alias | alias name | also known | other name | street name alias
born: birth | birth date | birth year | year birth
sex: sex | sex code | sex description | person sex | m f
age: age | age arrest | age booking | person age | age offense | age charge | age year |
    old | how old | person old
age_group: age group | juvenile | juvenile age | juvenile status | juvenile type
sid: sid | sid number | state number | state identification | state identification number | state person number |
    sid state
fbi: fbi | fbi number
person_number: person number | person | pin | pin number | name number | master name number | master name | person
    code | master number
booking_number: booking number | booking | jail number | jail booking number | booking case number | booking record
    number | number jail
number: arrest number | tracking number | tracking | arrest | arrest report number | arrest tracking number | number
    arrest | record number | event number | ~number
arrested: arrest date | arrest date time | arrest | date time arrest | date arrest time | ~date | ~date time |
    custody date | arrest time date
(booked): booking date | booking date time | booking | booking in | date in | date time in | date received | jail
    date | date booking time
arrested_time: arrest time | ~time | time arrest | time in
(time of booking): booking time | time booking
(release): release | release date | release date time | release time | date out | out | date time out | release
    number | release type | release reason
event: event | event type | event code | record type | ~status | person status | custody status | booking status |
    ~record | ~type | release type | booking type | arrest type | event description | person event
event_date: event date | event date time | effective date | status date
event_time: event time | status time
ori: ori | agency ori | ori number | ori code | arrest ori | arrest agency ori | agency code
address: address | arrest address | block | block address | address arrest | charge address | address block |
    address description | address type | address direction | arrest address number | arrest address type | arrest
    address direction | arrest address name | address name | address number | house number | house | arrest house
    number | address 1 | arrest block | case address
(home): home | home address | home number | home address number | home city | home state | home postcode | person
    address | person city | person state | person postcode | home address name | person home | home county | person
    home address | home city state | booking address | person address 1 | home address 1
city: city | arrest city | charge city | city name | city arrest | case city | address city | city address | arrest
    address city
state: state | arrest state | state code | address state | arrest address state
postcode: postcode | arrest postcode | postcode code | postcode 4 | address postcode | arrest address postcode
precinct: precinct | arrest precinct | precinct code | precinct number | precinct name | patrol precinct | police
    precinct
beat: beat | arrest beat | beat number | beat code | patrol beat | beat area | area beat | police beat | beat
    precinct
latitude: latitude | arrest latitude | y | y latitude | latitude coordinate
longitude: longitude | arrest longitude | x | x longitude | longitude coordinate
statute: statute | statute number | charge code | charge statute | statute code | charge number | ~code | charge
    statute code | statute charge | code statute | violation code | charge statute number | violation | violation
    statute | arrest charge code
charge: charge | charge description | charge name | ~description | statute description | charge statute description
    | violation | violation description | arrest charge | charge code description | arrest charge description |
    description charge | charge charge | statute charge description | top charge | charge list | charge current |
    charge type description
charge_class: class | charge class | charge type | class code | statute class | class charge | felony misdemeanor |
    charge class code | type | statute class code | charge degree class | class type | f m | fm | charge class
    description | offense class | arrest class | charge type code
degree: degree | charge degree | class degree | degree code | degree charge
(case): case | case number | agency case number | report number | case report number | event case number | arrest
    case number | court case number | warrant number | case number agency | case type
(unused): birth place | birth city | birth state | birth country
(sequence): sequence | person sequence | arrest sequence | person sequence number
"""


def _table(text: str) -> Mapping[str, str]:
    """Of lines such as `key: words`."""
    lines = text.strip().replace("\n ", " ").splitlines()
    return {key: " ".join(words.split()) for key, _, words in (line.partition(":") for line in lines)}


WORDS, WRITTEN_OUT, PHRASES = _table(_WORDS), _table(_WRITTEN_OUT), _table(_PHRASES)
GIVEN_NAMES = frozenset(
    """
    AARON ADAM ALAN ALEX ALEXANDER ALICE AMANDA AMBER AMY ANA ANDRE ANDREA ANDREW ANGEL ANGELA ANN ANNA ANTHONY
    ANTONIO ASHLEY AUSTIN BARBARA BENJAMIN BETTY BRANDON BRENDA BRIAN BRITTANY BRUCE BRYAN CARL CARLOS CAROL
    CATHERINE CHARLES CHERYL CHRIS CHRISTIAN CHRISTINA CHRISTINE CHRISTOPHER CODY CRAIG CRYSTAL CYNTHIA DANIEL
    DANIELLE DAVID DAWN DEBORAH DEBRA DENISE DENNIS DEREK DIANA DIANE DONALD DONNA DOROTHY DOUGLAS DUSTIN DYLAN
    EDUARDO EDWARD ELENA ELIZABETH EMILY EMMA ERIC ERICA ERIN ETHAN EVELYN FERNANDO FRANCISCO FRANK GABRIEL GARY
    GEORGE GLORIA GREGORY HANNAH HEATHER HECTOR HELEN HENRY ISAAC JACK JACOB JACQUELINE JAMES JAMIE JANE JANET
    JASMINE JASON JAVIER JEAN JEFFREY JENNIFER JEREMY JERRY JESSE JESSICA JESUS JOAN JOE JOEL JOHN JONATHAN JORDAN
    JORGE JOSE JOSEPH JOSHUA JOYCE JUAN JUDITH JUDY JULIA JULIE JUSTIN KAREN KATHERINE KATHLEEN KATHRYN KAYLA
    KEITH KELLY KENNETH KEVIN KIMBERLY KYLE LARRY LATOYA LAURA LAUREN LAWRENCE LEROY LINDA LISA LOGAN LORI LUIS
    LYNN MANUEL MARCUS MARGARET MARIA MARIE MARIO MARK MARTHA MARTIN MARY MATTHEW MEGAN MELISSA MICHAEL MICHELLE
    MIGUEL MONICA NANCY NATALIE NATHAN NICHOLAS NICOLE NOAH OLIVIA OMAR OSCAR PAMELA PATRICIA PATRICK PAUL PEDRO
    PETER PHILIP RACHEL RALPH RAMON RANDY RAYMOND REBECCA RICARDO RICHARD ROBERT ROBERTO ROGER RONALD ROSA ROSE
    RUTH RYAN SAMANTHA SAMUEL SANDRA SARA SARAH SCOTT SEAN SERGIO SHANNON SHARON SHAWN SHIRLEY SOFIA SOPHIA
    STEPHANIE STEPHEN STEVEN SUSAN TAMMY TERESA TERRY THERESA THOMAS TIFFANY TIMOTHY TINA TODD TRAVIS TYLER TYRONE
    VANESSA VICTOR VICTORIA VINCENT VIRGINIA WALTER WANDA WAYNE WENDY WILLIAM ZACHARY
    """.split()
)
"""Common given names: they tell which word of a name is the given one."""
OTHER_THINGS = frozenset(
    "officer court money body contact housing life car weapon federal note printout count link disposition agency "
    "warrant country county".split()
)
"""A column with one of these words is of something else than a field of ours."""
