"""Settings -> the transport that letters leave by."""

from portal.settings import Settings
from services.notices.gateway import EmlFolder, Smtp, Transport


def transport_for(settings: Settings) -> Transport:
    """Give real SMTP where a host is set, else the folder of .eml files."""
    if settings.smtp_host:
        return Smtp(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_user,
            settings.smtp_password,
            settings.smtp_tls,
        )
    return EmlFolder(settings.mail_folder)
