from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "yifa.site"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hand the contexts down to the interpreter, and who may read what to the floors below it."""
        from yifa.dossiers import withholding
        from yifa.procedures import registry, reserving
        from yifa.site.contexts import CONTEXTS

        registry.install(CONTEXTS)
        withholding.install(reserving.judge)
