"""How our own words for charges are spelled in America. Pure."""


def american(text: str) -> str:
    """`misdemeanor`: the API and what is stored say `misdemeanour`, and their names stay."""
    return text.replace("misdemeanour", "misdemeanor")
