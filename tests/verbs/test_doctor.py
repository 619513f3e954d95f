"""`portal doctor`: every invariant said aloud, and an exit code that tells."""

import re

from typer.testing import CliRunner

from portal.cli import app


class TestDoctor:
    def test_it_says_every_invariant_and_leaves_with_0(self, database):
        done = CliRunner().invoke(app, ["doctor"])
        assert done.exit_code == 0
        assert len(re.findall(r"(?m)^ +\d+ +holds ", done.output)) == 14

    def test_it_names_the_fault_and_leaves_with_1(self, database):
        with database.begin() as connection:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql(
                "INSERT INTO cohort (id, year, course, rules, rules_version, fee, events, head) "
                "VALUES (1, 2027, 'BST', '{}', 1, 0, 3, 'x')"
            )
        done = CliRunner().invoke(app, ["doctor"])
        assert done.exit_code == 1
        assert "BROKEN" in done.output
        assert "cohort 1: head without events" in done.output

    def test_settings_that_cannot_be_used_leave_with_2(self, monkeypatch):
        monkeypatch.setenv("PORTAL_ENVIRONMENT", "production")
        monkeypatch.delenv("PORTAL_SECRET_KEY", raising=False)
        assert CliRunner().invoke(app, ["doctor"]).exit_code == 2
