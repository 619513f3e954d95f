"""What gunicorn serves."""

import gc

from portal.app import build
from portal.settings import Settings
from portal.web.turnstile import turnstile
from portal.wiring import desk_for

settings = Settings.load()
server = build(desk_for(settings), settings).server
server.wsgi_app = turnstile(server.wsgi_app)
gc.collect()
gc.freeze()  # what stands for good is not searched for garbage again, nor copied by workers
