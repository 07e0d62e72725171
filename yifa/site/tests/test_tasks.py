"""The worker knows its tasks and their hours."""

from __future__ import annotations

from procrastinate.contrib.django import app


def test_the_sweeps_are_scheduled() -> None:
    import yifa.site.tasks  # noqa: F401 - registering is what is tested

    scheduled = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert scheduled == {
        "sweep_uploads": "17 * * * *",
        "sweep_documents": "47 * * * *",
        "lapse_documents": "7 * * * *",
        "warn_of_expiry": "12 * * * *",
        "ask_for_lists": "22 1 * * *",
        "watch_laws": "37 20 * * *",
        "batch_opinions": "*/5 * * * *",
        "judge_matters": "37 * * * *",
        "miss_lists": "42 * * * *",
        "remind_of_deadlines": "27 * * * *",
        "rebuild_turns": "*/10 * * * *",
        "tell_followers": "52 * * * *",
    }
