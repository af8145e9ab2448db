"""The pages of the models are what their files and their runs say."""

import re

import pytest
from tests.contracts.test_docs import AMERICAN, prose
from tools.models import PAGES, page

NAMES = sorted(file.stem for file in PAGES.glob("*.md"))


@pytest.mark.parametrize("name", NAMES)
def test_the_page_of_a_model_is_the_one_made_from_its_file_and_its_runs(name):
    text = (PAGES / f"{name}.md").read_text()
    speed = re.search(r"^Speed: [\d.e+]+ million citizen-days a second with [\d,]+ citizens on one core\.$", text, re.MULTILINE)
    assert speed, "run: .venv/bin/python tools/models.py NAME --citizens .. --days .."
    assert text == page(name, speed[0]), "run: .venv/bin/python tools/models.py NAME --citizens .. --days .."
    assert AMERICAN.findall(prose(text)) == []
