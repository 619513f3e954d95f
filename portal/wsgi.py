"""What gunicorn serves."""

from portal.app import build
from portal.settings import Settings
from portal.wiring import desk_for

settings = Settings.load()
server = build(desk_for(settings), settings).server
