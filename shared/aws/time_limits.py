"""How long a function waits for one answer of AWS.

boto3 waits for a minute, and most of our functions may not run that long: an answer that was lost on the way would cost
the whole invocation. After ten seconds the SDK asks again. Whatever we write may be written twice. A person may not be
written to twice, so `shared/channels/dependencies.py` has clients that ask once.
"""

from botocore.config import Config

ANSWERS_WITHIN = Config(connect_timeout=3, read_timeout=10)
