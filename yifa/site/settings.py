"""Settings: one file; a bad value is an error with the variable's name, never a silent default."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent
VAR = Path(os.environ.get("YIFA_VAR", ROOT / "var"))


def env(name: str, default: str = "") -> str:
    """A setting from the environment; `NAME_FILE` names a file that holds it (for secrets)."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def env_bool(name: str, default: bool = False) -> bool:
    value = env(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false"}:
        raise ImproperlyConfigured(f"{name} must be 0, 1, true or false, not {value!r}")
    return value in {"1", "true"}


def env_int(name: str, default: int) -> int:
    value = env(name, str(default))
    if not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}")
    return int(value)


def database(url: str) -> dict[str, object]:
    """`postgresql://user:password@host:port/name?host=/socket/dir` as Django wants it."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(f"a database URL starts with postgresql://, not {parts.scheme!r}")
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": str(parts.port or query.get("port", [""])[0]),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Acts are short: compiling a plan would cost more than running it.
        "OPTIONS": {"application_name": "yifa", "options": "-c jit=off"},
    }


DEBUG = env_bool("YIFA_DEBUG")
TESTING = env_bool("YIFA_TESTING")
SECRET_KEY = env("YIFA_SECRET_KEY", "only-for-commands-that-sign-nothing")
# Every host that this installation answers for; the media origin is one of its own.
ALLOWED_HOSTS = env("YIFA_HOSTS", "localhost,media.localhost,127.0.0.1").split(",")
PUBLIC_URL = env("YIFA_PUBLIC_URL", "http://localhost:8000")
MEDIA_HOST = env("YIFA_MEDIA_HOST", "media.localhost")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# Two roles: `owner` migrates, `app` works (house rule: app never owns the record).
DATABASE_URL = env("YIFA_DATABASE_URL", "postgresql://yifa_app@localhost/yifa")
DATABASE_OWNER_URL = env("YIFA_DATABASE_OWNER_URL", "postgresql://yifa_owner@localhost/yifa")
DATABASES = {"default": database(DATABASE_URL)}

# The name of this installation's record. `demo.` and `drill.` records may carry a simulated clock.
LOG_ORIGIN = env("YIFA_LOG_ORIGIN", "demo.yifa.localhost/log")
LOG_KEY = env("YIFA_LOG_KEY", "")
CONTEXTS = "yifa.site.contexts.CONTEXTS"
# What a register's object is called and its page, by the first part of its chain: where a figure leads that counts one of its entries.
REGISTER_PAGES = {
    "normative": ("规范性文件", "/desk/normative/documents/{}/"),
    "campaign": ("清理", "/desk/normative/cleanups/{}/"),
    "evaluation": ("评估报告", "/evaluation/reports/{}/"),
    "score": ("决策程序得分", "/desk/decisions/{}/"),
    "clue": ("线索", "/desk/decisions/clues/{}/"),
    "decision-roll": ("决策事项目录", "/desk/decisions/catalogues/"),
}

# The public footer: 网站标识码 and the ICP record number; unset, they are not shown.
SITE_CODE = env("YIFA_SITE_CODE")
SITE_ICP = env("YIFA_SITE_ICP")

# Whose word on the caller's address is believed (X-Forwarded-For), one address each.
TRUSTED_PROXIES = frozenset(filter(None, env("YIFA_TRUSTED_PROXIES").split(",")))

FILES = Path(env("YIFA_FILES", str(VAR / "files")))
# Largest evidence by kind, in megabytes; refused before the first byte is sent.
FILE_LIMITS = {
    "photo": env_int("YIFA_PHOTO_MB", 30),
    "audio": env_int("YIFA_AUDIO_MB", 200),
    "video": env_int("YIFA_VIDEO_MB", 2048),
    "paper": env_int("YIFA_PAPER_MB", 100),
    "document": env_int("YIFA_DOCUMENT_MB", 30),
}
UPLOAD_HOURS = env_int("YIFA_UPLOAD_HOURS", 72)
# The key that seals identity numbers; kept apart from the database and from SECRET_KEY in production, because that one may be changed.
PERSONAL_KEY = env("YIFA_PERSONAL_KEY", SECRET_KEY)
PERSONAL_CIPHER = env("YIFA_PERSONAL_CIPHER", "aes")
LAWS_DATABASE = env("YIFA_LAWS_DATABASE", "")
# Messages to people: e-mail is printed unless YIFA_EMAIL_BACKEND names Django's SMTP backend; short messages need a gateway.
EMAIL_BACKEND = env("YIFA_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = env("YIFA_EMAIL_HOST", "localhost")
EMAIL_PORT = env_int("YIFA_EMAIL_PORT", 25)
EMAIL_HOST_USER = env("YIFA_EMAIL_USER")
EMAIL_HOST_PASSWORD = env("YIFA_EMAIL_PASSWORD")
EMAIL_USE_TLS = env_bool("YIFA_EMAIL_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("YIFA_EMAIL_FROM", "yifa@localhost")
SMS_GATEWAY = env("YIFA_SMS_GATEWAY")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "ninja",
    "procrastinate.contrib.django",
    "yifa.kernel.ledger",
    "yifa.kernel.calendar",
    "yifa.kernel.parameters",
    "yifa.kernel.people",
    "yifa.kernel.access",
    "yifa.laws",
    "yifa.facts",
    "yifa.dossiers",
    "yifa.documents",
    "yifa.procedures",
    "yifa.participation",
    "yifa.enforcement",
    "yifa.normative",
    "yifa.decisions",
    "yifa.disclosure",
    "yifa.supervision",
    "yifa.assessment",
    "yifa.evaluation",
    "yifa.portal",
    "yifa.site",
]
MIDDLEWARE = [
    "yifa.kernel.problems.ProblemMiddleware",
    "yifa.dossiers.media.MediaMiddleware",
    "yifa.site.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "yifa.portal.middleware.CodeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "yifa.kernel.people.middleware.ActorMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "yifa.site.urls"
WSGI_APPLICATION = "yifa.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "yifa.site.frame.frame",
            ],
        },
    },
]
AUTH_USER_MODEL = "people.Person"
# An officer signs in with a certificate number or account name; no mailbox is asked for.
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ["login", "name"]}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/people/sign-in/"
# Five wrong passwords lock an account for a quarter of an hour, or until the security administrator opens it.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_LOCKOUT_CALLABLE = "yifa.kernel.people.pages.doors.locked_out"
AXES_ENABLE_ADMIN = False
# axes.W006 wants the address counted too: locking the account itself is stricter, nobody gets round it by another address.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
AXES_VERBOSE = False
PEOPLE_IDLE_SECONDS = env_int("YIFA_IDLE_MINUTES", 30) * 60
SESSION_COOKIE_AGE = 12 * 60 * 60
MFA_ADAPTER = "yifa.kernel.people.factors.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn"]
# One step of thirty seconds either way: telephones' clocks differ.
MFA_TOTP_TOLERANCE = 1

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
LOCALE_PATHS = [PACKAGE / "site" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [PACKAGE / "site" / "static"]
# Behind a TLS proxy: cookies travel encrypted only, and the proxy's word about the scheme is believed.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SESSION_COOKIE_SECURE else None
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
# The address of a case is its key: no other site may learn it from a link.
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024

PROCRASTINATE_IMPORT_PATHS = ["yifa.site.tasks"]

# A folder with further fonts (仿宋, rare characters); without it the fonts of the wheel alone are used.
FONTS = env("YIFA_FONTS", "")
