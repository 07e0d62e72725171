from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "yifa.kernel.calendar"
    label = "calendar"
    default_auto_field = "django.db.models.BigAutoField"
