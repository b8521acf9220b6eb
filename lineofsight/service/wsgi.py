"""The web server's way in."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lineofsight.service.settings")

application = get_wsgi_application()

from lineofsight.service.store import home_mode  # noqa: E402 - models can be imported only now

home_mode.check()
