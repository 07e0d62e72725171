from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "yifa.supervision"
    label = "supervision"
    default_auto_field = "django.db.models.BigAutoField"
