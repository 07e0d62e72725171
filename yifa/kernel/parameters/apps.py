from django.apps import AppConfig


class ParametersConfig(AppConfig):
    name = "yifa.kernel.parameters"
    label = "parameters"
    default_auto_field = "django.db.models.BigAutoField"
