from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "yifa.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"
