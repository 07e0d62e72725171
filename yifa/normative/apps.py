from django.apps import AppConfig


class NormativeConfig(AppConfig):
    name = "yifa.normative"
    label = "normative"
    default_auto_field = "django.db.models.BigAutoField"
