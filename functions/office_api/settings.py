from shared.office_api.settings import Settings

__all__ = ["Settings"]
