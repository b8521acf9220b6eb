"""Settings, from the environment only. `lineofsight settings` lists them with their meaning."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import dj_database_url
from csp.constants import SELF
from platformdirs import user_data_path


@dataclass(frozen=True)
class Setting:
    """One setting: its environment variable, what it means, and its default in words."""

    name: str
    says: str
    default: str


SETTINGS = (
    Setting("LINEOFSIGHT_HOME", "the folder for the database, stored files, history files and anchors",
            "the platform's folder for user data"),
    Setting("LINEOFSIGHT_MODE", "public: a public record without any table of children; service: children's records, and every page "
            "needs a sign-in; both: for demonstrations only. A home keeps the mode of its first use", "both"),
    Setting("DATABASE_URL", "the ledger's database, such as postgres://user@host/name", "SQLite inside the home"),
    Setting("LINEOFSIGHT_SECRET_KEY", "signs sessions; keep it secret and the same for all workers",
            "made once and kept in the home"),
    Setting("LINEOFSIGHT_HOSTS", "host names the service answers to, separated by commas", "localhost,127.0.0.1,[::1]"),
    Setting("LINEOFSIGHT_HTTPS", "1 where people reach the service over HTTPS: cookies are then sent over it only", "0"),
    Setting("LINEOFSIGHT_PROXY", "the address of the proxy in front; only this proxy is believed about the client's address and HTTPS",
            "127.0.0.1 where LINEOFSIGHT_HTTPS is 1, else none"),
    Setting("LINEOFSIGHT_UPLOAD_MEGABYTES", "how much may be delivered on a page at once, in megabytes", "500"),
    Setting("LINEOFSIGHT_AUTHORITY", "the authority whose public record the first page shows",
            "the one with the most statements"),
    Setting("LINEOFSIGHT_MFA", "required: whoever may see children, or give or confirm roles, has a second step before seeing "
            "anything; optional: for demonstrations only", "required; `demo` turns it off and says so"),
    Setting("LINEOFSIGHT_SESSION_HOURS", "how long a sign-in lasts; it also ends when the browser is closed", "8"),
    Setting("LINEOFSIGHT_WEBHOOK_URL", "where each delivery that was read, waits or was set aside, and each late source, is told by an "
            "HTTPS request; nothing of a child is in it", "none"),
    Setting("LINEOFSIGHT_WEBHOOK_SECRET", "the secret by which such a request is signed; keep it secret", "none"),
    Setting("LINEOFSIGHT_MAIL_TO", "who is told the same by mail: addresses, separated by commas", "none"),
    Setting("LINEOFSIGHT_MAIL_FROM", "the address such mail comes from", "lineofsight@localhost"),
    Setting("LINEOFSIGHT_MAIL_SERVER", "the mail server: host or host:port; with a port of 587 the connection is encrypted",
            "localhost:25"),
    Setting("LINEOFSIGHT_MAIL_USER", "the account at the mail server, where it needs one", "none"),
    Setting("LINEOFSIGHT_MAIL_PASSWORD", "that account's password; keep it secret", "none"),
    Setting("LINEOFSIGHT_METRICS", "where a monitor may read numbers about this install, such as 127.0.0.1:9109; anywhere but on "
            "this machine it needs LINEOFSIGHT_METRICS_TOKEN", "none: there are no metrics"),
    Setting("LINEOFSIGHT_METRICS_TOKEN", "the token that a monitor has to send; keep it secret", "none"),
    Setting("LINEOFSIGHT_OIDC_SERVER_URL", "the organisation's sign-in server (OpenID Connect); people may then sign in there",
            "none: passwords here only"),
    Setting("LINEOFSIGHT_OIDC_CLIENT_ID", "what that server calls this service", "none"),
    Setting("LINEOFSIGHT_OIDC_CLIENT_SECRET", "the secret by which that server knows this service; keep it secret", "none"),
    Setting("LINEOFSIGHT_OIDC_NAME", "the name of that server on the sign-in page", "your organisation"),
    Setting("LINEOFSIGHT_OIDC_UID_FIELD", "the claim that says who somebody is and never changes", "oid"),
    Setting("LINEOFSIGHT_OIDC_ROLES_CLAIM", "the claim that lists a person's roles", "roles"),
    Setting("LINEOFSIGHT_OIDC_ROLES", "the role here for each of those roles: value=role@authority, or role@authority/team, "
            "separated by semicolons; people with none of them cannot sign in there", "none"),
    Setting("LINEOFSIGHT_OIDC_ROLES_FILE", "a TOML file that gives roles by groups or other claims, with teams, days and appointments; "
            "read again at every check", "none"),
    Setting("LINEOFSIGHT_OIDC_SCOPES", "what that server is asked for, separated by blanks", "openid profile offline_access"),
    Setting("LINEOFSIGHT_OIDC_RECHECK_SECONDS", "how many seconds what that server said of somebody counts until it is asked again; "
            "0: it is asked at every page, so that leaving a group ends access at once", "0"),
    Setting("LINEOFSIGHT_OIDC_GRACE_SECONDS", "for how many seconds more people may go on while that server cannot be reached; then "
            "they are signed out", "120"),
    Setting("LINEOFSIGHT_OIDC_LOCAL_ROLES", "1: roles may also be given here to people who sign in at that server; 0: their roles come "
            "from it alone, and others end at their next sign-in or check", "0"),
    Setting("LINEOFSIGHT_OIDC_WORKER_CLAIM", "the claim with a worker's number in the case system", "employeeid"),
)  # fmt: skip
"""Every setting there is."""


def _home() -> Path:
    value = os.environ.get("LINEOFSIGHT_HOME")
    return Path(value).expanduser().resolve() if value else user_data_path("lineofsight", appauthor=False)


def _flag(name: str) -> bool:
    value = os.environ.get(name, "0")
    if value not in ("0", "1"):
        raise ValueError(f"{name} must be 0 or 1")
    return value == "1"


def _one_of(name: str, *words: str) -> str:
    value = os.environ.get(name, words[0])
    if value not in words:
        raise ValueError(f"{name} must be {' or '.join(words)}")
    return value


def _number(name: str, usual: int) -> int:
    value = os.environ.get(name, str(usual))
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 24:
        raise ValueError(f"{name} must be a whole number from 1 to 24")
    return int(value)


def _seconds(name: str, usual: int) -> int:
    value = os.environ.get(name, str(usual))
    if not value.isascii() or not value.isdigit() or int(value) > 3600:
        raise ValueError(f"{name} must be a whole number of seconds from 0 to 3600")
    return int(value)


def _secret_key(home: Path) -> str:
    value = os.environ.get("LINEOFSIGHT_SECRET_KEY")
    if value:
        return value
    path = home / "secret-key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        draft = home / f"secret-key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)  # fails where another worker was first: then its key is used
        except FileExistsError:
            pass
        draft.unlink()
    return path.read_text().strip()


def _incoming(home: Path) -> str:
    """Where uploads are stored until they are received: in the home, where remains of killed ones are removed."""
    folder = home / "incoming"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return str(home)  # the home cannot be used: every command says so itself
    return str(folder)


MODE = _one_of("LINEOFSIGHT_MODE", "both", "public", "service")
HOLDS_CHILDREN = MODE != "public"
if not HOLDS_CHILDREN:
    from lineofsight.intake.public_only import restrict_to_public

    restrict_to_public()
HOME = _home()
SECRET_KEY = _secret_key(HOME)
DEBUG = False
ALLOWED_HOSTS = [
    host.strip()
    for host in os.environ.get("LINEOFSIGHT_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
    if host.strip()
]
UPLOAD_MEGABYTES = int(os.environ.get("LINEOFSIGHT_UPLOAD_MEGABYTES", "500"))
AUTHORITY = os.environ.get("LINEOFSIGHT_AUTHORITY", "")
METRICS = os.environ.get("LINEOFSIGHT_METRICS", "")
METRICS_TOKEN = os.environ.get("LINEOFSIGHT_METRICS_TOKEN", "")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "lineofsight.service",
]

MIDDLEWARE = [
    "lineofsight.service.pages.measured.measured",
    "lineofsight.service.pages.head_requests.without_a_body",
    "lineofsight.service.pages.public_cache.drawn_once",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lineofsight.service.pages.sign_in.middleware.SignInRequired",  # deny by default
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lineofsight.service.pages.sign_in.middleware.nothing_is_kept",
    "lineofsight.service.pages.sign_in.middleware.first_things_first",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "lineofsight.service.urls" if HOLDS_CHILDREN else "lineofsight.service.public_urls"
WSGI_APPLICATION = "lineofsight.service.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lineofsight.service.pages.sign_in.views.servers",
                "lineofsight.service.pages.sign_in.views.being_loaded",
                "lineofsight.service.pages.sign_in.views.mode_of_home",
            ],
            "builtins": [
                "django.contrib.humanize.templatetags.humanize",
                "lineofsight.service.pages.filters",
                "lineofsight.service.pages.tags",
            ],
            "string_if_invalid": "",
        },
    }
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{HOME / 'lineofsight.sqlite3'}", conn_max_age=60
    )
}
DATABASE_ROUTERS = [] if HOLDS_CHILDREN else ["lineofsight.service.models.absent.NoTablesOfChildren"]
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a writer waits for its turn instead of failing half-way
        "timeout": 60,
        # FULL: what was acknowledged survives a power cut
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;",
    }

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 1  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_VERBOSE = False
AXES_HANDLER = "lineofsight.service.pages.sign_in.limits.Limits"
ADDRESS_FAILURE_LIMIT = 50
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = _number("LINEOFSIGHT_SESSION_HOURS", 8) * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "lineofsight.service.pages.refusals.form_too_old"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "service" if HOLDS_CHILDREN else "my_access"
LOGOUT_REDIRECT_URL = "first"

AXES_USERNAME_CALLABLE = "lineofsight.service.pages.sign_in.names.name_tried"
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
ACCOUNT_ADAPTER = "lineofsight.service.pages.sign_in.adapters.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
WEBHOOK_URL = os.environ.get("LINEOFSIGHT_WEBHOOK_URL", "")
if WEBHOOK_URL and not WEBHOOK_URL.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
    raise ValueError("LINEOFSIGHT_WEBHOOK_URL must begin with https://")
WEBHOOK_SECRET = os.environ.get("LINEOFSIGHT_WEBHOOK_SECRET", "")
if WEBHOOK_URL and not WEBHOOK_SECRET:
    raise ValueError("LINEOFSIGHT_WEBHOOK_SECRET must be set, so that whoever is told can check who tells")
MAIL_TO = [each.strip() for each in os.environ.get("LINEOFSIGHT_MAIL_TO", "").split(",") if each.strip()]
MAIL_FROM = os.environ.get("LINEOFSIGHT_MAIL_FROM", "lineofsight@localhost")
EMAIL_HOST, _, _mail_port = os.environ.get("LINEOFSIGHT_MAIL_SERVER", "localhost:25").partition(":")
EMAIL_PORT = int(_mail_port or 25)
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_HOST_USER = os.environ.get("LINEOFSIGHT_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("LINEOFSIGHT_MAIL_PASSWORD", "")
EMAIL_TIMEOUT = 5
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_RATE_LIMITS = False  # it would count in each process apart; axes counts in the database
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_FORMS = {
    "change_password": "lineofsight.service.pages.sign_in.forms.ChangeOwnPasswordForm",
    "reauthenticate": "lineofsight.service.pages.sign_in.forms.PasswordAgainForm",
}
MFA_ADAPTER = "lineofsight.service.pages.sign_in.adapters.SecondSteps"
MFA_REQUIRED = _one_of("LINEOFSIGHT_MFA", "required", "optional") == "required"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Line of Sight"
MFA_FORMS = {
    "authenticate": "lineofsight.service.pages.sign_in.forms.CodeForm",
    "reauthenticate": "lineofsight.service.pages.sign_in.forms.CodeAgainForm",
}
OIDC_SERVER_URL = os.environ.get("LINEOFSIGHT_OIDC_SERVER_URL", "")
OIDC_NAME = os.environ.get("LINEOFSIGHT_OIDC_NAME", "your organisation")
OIDC_ROLES_CLAIM = os.environ.get("LINEOFSIGHT_OIDC_ROLES_CLAIM", "roles")
OIDC_ROLES = os.environ.get("LINEOFSIGHT_OIDC_ROLES", "")
OIDC_ROLES_FILE = os.environ.get("LINEOFSIGHT_OIDC_ROLES_FILE", "")
OIDC_RECHECK_SECONDS = _seconds("LINEOFSIGHT_OIDC_RECHECK_SECONDS", 0)
OIDC_GRACE_SECONDS = _seconds("LINEOFSIGHT_OIDC_GRACE_SECONDS", 120)
OIDC_LOCAL_ROLES = _flag("LINEOFSIGHT_OIDC_LOCAL_ROLES")
OIDC_WORKER_CLAIM = os.environ.get("LINEOFSIGHT_OIDC_WORKER_CLAIM", "employeeid")
SOCIALACCOUNT_ADAPTER = "lineofsight.service.pages.sign_in.adapters.Elsewhere"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""
_ORGANISATION = {
    "provider_id": "organisation",
    "name": OIDC_NAME,
    "client_id": os.environ.get("LINEOFSIGHT_OIDC_CLIENT_ID", ""),
    "secret": os.environ.get("LINEOFSIGHT_OIDC_CLIENT_SECRET", ""),
    "settings": {
        "server_url": OIDC_SERVER_URL,
        "scope": os.environ.get("LINEOFSIGHT_OIDC_SCOPES", "openid profile offline_access").split(),
        "fetch_userinfo": False,
        "uid_field": os.environ.get("LINEOFSIGHT_OIDC_UID_FIELD", "oid"),
    },
}
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [_ORGANISATION] if OIDC_SERVER_URL else []}
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}
HTTPS = _flag("LINEOFSIGHT_HTTPS")
PROXY = os.environ.get("LINEOFSIGHT_PROXY", "127.0.0.1" if HTTPS else "")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR = _incoming(HOME)
# A home that cannot be used is explained by every command in a sentence, not as a fault of settings.
SILENCED_SYSTEM_CHECKS = ["files.E001"]
READ_APART = True
"""Whether deliveries are read in a process of their own; only tests turn it off."""

STATIC_URL = "static/"
STATICFILES_DIRS: list[Path] = [Path(__file__).parent / "static"]
WHITENOISE_USE_FINDERS = True  # no collectstatic: the files are few, small and part of the package
WHITENOISE_MAX_AGE = 3600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain"},
        "faults": {"class": "lineofsight.service.serving.faults.Faults", "formatter": "plain"},
    },
    # DisallowedHost repeats, with a traceback, the host somebody asked for; they are answered with 400 anyway.
    # Django's own lines repeat the address asked for, which may hold what somebody typed.
    "loggers": {
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.request": {"level": "ERROR", "handlers": ["faults"], "propagate": False},
        "django.security.csrf": {"level": "CRITICAL"},
        "axes": {"level": "CRITICAL"},
        "waitress": {"level": "ERROR", "handlers": ["faults"], "propagate": False},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
