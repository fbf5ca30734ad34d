"""Everything that anybody can ask for. A route is one action; so are being told of an arrest, and reading one."""

from enum import StrEnum


class Action(StrEnum):
    READ_ME = "read me"
    SET_PREFERENCES = "set preferences"
    LIST_SUBSCRIPTIONS = "list subscriptions"
    CREATE_SUBSCRIPTION = "create subscription"
    READ_SUBSCRIPTION = "read subscription"
    CHANGE_SUBSCRIPTION = "change subscription"
    READ_OTHERS = "read others"  # who else watches the same person
    VOUCH_FOR_SUBSCRIPTION = "vouch for subscription"  # validate, renew, un-cancel it: it is still needed
    UPLOAD_SUBSCRIPTIONS = "upload subscriptions"  # a list that a person has looked at
    CHANGE_SUBSCRIPTIONS = "change subscriptions"  # several: asked of each of them as well
    READ_ACTIVITY = "read activity"  # what each user did
    KEEP_LISTS = "keep lists"  # the office's case and warrant lists
    LIST_FOLDERS = "list folders"
    CREATE_FOLDERS = "create folders"  # where, is asked of the place as "put folder"
    PUT_FOLDER = "put folder"  # into this folder, or among the categories
    READ_FOLDER = "read folder"
    CHANGE_FOLDER = "change folder"
    FILE_SUBSCRIPTION = "file subscription"  # into this folder
    KEEP_USERS = "keep users"
    BACKTEST = "backtest"
    LIST_ALERTS = "list alerts"
    READ_ALERT = "read alert"
    ANSWER_ALERT = "answer alert"
    RECALL_ALERT = "recall alert"
    LIST_REVIEWS = "list reviews"
    READ_REVIEW = "read review"
    DECIDE_REVIEW = "decide review"
    READ_REPORTS = "read reports"
    READ_AGREEMENTS = "read agreements"
    READ_AUDIT = "read audit"
    SIGN_AUDIT = "sign audit"
    SEARCH_ARRESTS = "search arrests"
    READ_AGENCY = "read agency"
    CHANGE_PROFILE = "change profile"
    READ_DROPS = "read drops"  # receipts and rejects
    SEND_FEED = "send feed"  # a file to upload, an arrest by hand, a dry run
    DECIDE_DROP = "decide drop"  # release, discard or replay it
    SEAL_ARREST = "seal arrest"
    READ_ARREST = "read arrest"
    BE_TOLD = "be told"
