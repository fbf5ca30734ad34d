"""The closed list of actions. Each API route is one action; being notified of an arrest and reading one are others."""

from enum import StrEnum


class Action(StrEnum):
    READ_ME = "read me"
    ACKNOWLEDGE_POLICY = "acknowledge policy"  # the rules of behaviour, before anything is read
    READ_GOVERNANCE = "read governance"  # what is on record of the office's, and what is missing
    SET_PREFERENCES = "set preferences"
    LIST_SUBSCRIPTIONS = "list subscriptions"
    CREATE_SUBSCRIPTION = "create subscription"
    READ_SUBSCRIPTION = "read subscription"
    CHANGE_SUBSCRIPTION = "change subscription"
    READ_OTHERS = "read others"  # who else subscribes to the same person
    VOUCH_FOR_SUBSCRIPTION = "vouch for subscription"  # validate, renew or un-cancel it: say that it is still needed
    UPLOAD_SUBSCRIPTIONS = "upload subscriptions"  # a spreadsheet of one user
    CHANGE_SUBSCRIPTIONS = "change subscriptions"  # in bulk; each subscription is decided as well
    READ_ACTIVITY = "read activity"  # the users' activity report
    KEEP_LISTS = "keep lists"  # send the office's case and warrant lists
    LIST_FOLDERS = "list folders"
    CREATE_FOLDERS = "create folders"  # the parent folder is decided as "put folder"
    PUT_FOLDER = "put folder"  # create or move a folder into this one, or to the top level
    READ_FOLDER = "read folder"
    CHANGE_FOLDER = "change folder"
    FILE_SUBSCRIPTION = "file subscription"  # put a subscription into this folder
    KEEP_USERS = "keep users"
    READ_VOCABULARY = "read vocabulary"  # what a form may offer
    LIST_AGENCIES = "list agencies"
    KEEP_OFFICE = "keep office"  # its settings
    LIST_COLLEAGUES = "list colleagues"  # names and addresses, for choosing people
    BACKTEST = "backtest"
    LIST_ALERTS = "list alerts"
    READ_ALERT = "read alert"
    PRINT_ALERT = "print alert"  # the same words, on paper
    ACKNOWLEDGE_ALERT = "acknowledge alert"
    ANSWER_ALERT = "answer alert"  # give a verdict
    RECALL_ALERT = "recall alert"
    LIST_REVIEWS = "list reviews"
    READ_REVIEW = "read review"
    DECIDE_REVIEW = "decide review"
    READ_REPORTS = "read reports"
    READ_NOTICES = "read notices"  # what the office's people must see to
    READ_AGREEMENTS = "read agreements"
    READ_AUDIT = "read audit"
    SIGN_AUDIT = "sign audit"
    LIST_DISCLOSURES = "list disclosures"
    RECORD_DISCLOSURE = "record disclosure"  # each arrest is decided as "read arrest" as well
    READ_DISCLOSURE = "read disclosure"
    DECIDE_DISCLOSURE = "decide disclosure"
    LIST_DISPUTES = "list disputes"
    RECORD_DISPUTE = "record dispute"  # the arrest is decided as "read arrest" as well
    READ_DISPUTE = "read dispute"
    DECIDE_DISPUTE = "decide dispute"
    NAME_RECIPIENTS = "name recipients"  # to whoever disputes a fact: who outside of criminal justice was told
    TELL_RECIPIENT = "tell recipient"  # say that the recipient of a disclosure was told of a correction
    SEARCH_ARRESTS = "search arrests"
    READ_AGENCY = "read agency"
    CHANGE_PROFILE = "change profile"
    CONFIRM_PROFILE = "confirm profile"  # a second person says that the feed names no minors
    READ_DROPS = "read drops"  # receipts, and what is wrong with a row; rows are for who may send the feed
    READ_RAW_DROP = "read raw drop"  # the file as it came, in the week in which it is kept
    SEND_FEED = "send feed"  # upload a file, enter an arrest, try a profile
    DECIDE_DROP = "decide drop"  # release, discard or replay it
    SEAL_ARREST = "seal arrest"
    KEEP_HOLDS = "keep holds"  # place and end holds, read by which rules records are purged
    READ_ARREST = "read arrest"
    BE_TOLD = "be told"
