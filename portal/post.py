"""Settings -> what letters and texts leave by."""

from portal.settings import Settings
from services.notices.gateway import EmlFolder, Smtp, Transport
from services.notices.texting import Mitake, TextFolder, TextGateway


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


def text_gateway_for(settings: Settings) -> TextGateway | None:
    """Give the gateway where one is set; the demo writes files, else nobody is texted."""
    if settings.sms_url:
        return Mitake(settings.sms_url, settings.sms_user, settings.sms_password)
    return TextFolder(settings.text_folder) if settings.demo else None
