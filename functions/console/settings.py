from dataclasses import dataclass

from shared.office_api.settings import Settings as OfficeApiSettings


@dataclass(frozen=True)
class Settings(OfficeApiSettings):
    """The office API's settings, because it runs in this function too, and the console's own."""

    sessions_table: str
    console_url: str
    sign_in_url: str
    sign_in_client: str
    federated_client: str
    product_key: str
