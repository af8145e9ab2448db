"""What several files of tests call."""

import pytest

from glasshouse.cli import app
from glasshouse.commands.entry import run_command


@pytest.fixture
def call(capsys, tmp_path, monkeypatch):
    """Run a command line in an empty folder; gives exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def called(*words):
        code = run_command(app, list(words))
        told = capsys.readouterr()
        return code, told.out, told.err

    return called
