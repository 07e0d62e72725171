from django.apps import AppConfig


class LawsConfig(AppConfig):
    name = "yifa.laws"
    label = "laws"
    default_auto_field = "django.db.models.BigAutoField"
