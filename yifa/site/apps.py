from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "yifa.site"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hand the contexts down to the interpreter."""
        from yifa.procedures.registry import install
        from yifa.site.contexts import CONTEXTS

        install(CONTEXTS)
