"""The kernels of a GPU: on Numba's simulator they leave the bits of the CPU, and as PTX they reckon as a CPU does."""

import importlib
import pkgutil
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from benchmarks.core_day.model import MODEL as CORE_DAY
from benchmarks.gpu import between, least
from numba.core import config
from tests.unit.on_simulator import simulator
from tests.unit.test_engine import VILLAGE, Village, with_threads

from glasshouse import day, models
from glasshouse.engine import cuda
from glasshouse.engine.build import Engine, load_module
from glasshouse.engine.cuda import CudaEngine, CudaStepper
from glasshouse.engine.kernels import Kernels
from glasshouse.engine.shelf import fingerprint, keep
from glasshouse.engine.simulator import Simulator
from glasshouse.errors import BadInput
from glasshouse.model import simulate
from glasshouse.regimes.compile import kinds_of
from glasshouse.scenarios import load

MODULES = {name: importlib.import_module(f"glasshouse.models.{name}") for _, name, _ in pkgutil.iter_modules(models.__path__)}
MODELS = {name: module.MODEL for name, module in MODULES.items() if hasattr(module, "MODEL")}
needs_package = pytest.mark.skipif(find_spec("numba_cuda") is None, reason="needs the packages of glasshouse[cuda]")
FRACTIONS = re.compile(r"^\s*(?:@\S+\s+)?([a-z]\S*\.f\d+\S*)\s", re.MULTILINE)  # instructions of PTX on fractions
EXACT = (  # those that IEEE defines to the last bit, F being their widths
    r"(?:add|sub|mul|div|sqrt)\.rn\.F|cvt\.rn\.F\.[su]\d+|cvt\.rzi\.[su]\d+\.F|cvt(?:\.rn)?\.F\.F|setp\.\w+\.F"
    r"|(?:mov|selp|neg|abs|(?:ld|st)(?:\.global|\.shared|\.local)?(?:\.v\d)?)\.F"
)
FEW, DAYS, SMALL = 50, 3, ("degroot", "friedkin_johnsen")  # these two are of three people


@pytest.fixture(autouse=True)
def simulated(monkeypatch):
    with simulator(monkeypatch, wave=200):
        yield


# ---- the same bits

def test_the_village_is_the_same():
    """State, measures, totals, logs and published words, day by day; a weekly block is cut by the end of a wave."""
    engine = CudaEngine(VILLAGE, Simulator(blocks=2, threads=3))
    lived = Village(lambda model, *rest: CudaStepper(engine, *rest), citizens=270, days=8)
    assert len(lived.stepper.firsts) == 2
    assert lived.digest() == Village(with_threads(Engine(VILLAGE), 1), citizens=270, days=8).digest()


def test_the_core_day_is_the_same():
    assert simulate(CORE_DAY, 4096, 1, device="cuda").digest == simulate(CORE_DAY, 4096, 1).digest


@pytest.mark.parametrize("name", MODELS)
def test_every_model_is_the_same(name):
    citizens = 3 if name in SMALL else FEW
    assert simulate(MODELS[name], citizens, DAYS, device="cuda").digest == simulate(MODELS[name], citizens, DAYS).digest


def test_arms_are_the_same():
    arms = {"little": {"error": 0.01}, "much": {"error": 0.2}}
    assert simulate(MODELS["leading_eight"], FEW, DAYS, arms=arms, device="cuda").digest == simulate(MODELS["leading_eight"], FEW, DAYS, arms=arms).digest


# ---- what is given to a card

@needs_package
@pytest.mark.parametrize("model", [VILLAGE, CORE_DAY.part(CORE_DAY.start), CORE_DAY.part(CORE_DAY.chain)], ids=["village", "core day, start", "core day"])
def test_kernels_become_ptx_that_reckons_as_a_cpu_does(model):
    check_ptx(model)


def check_ptx(model, widths: str = "f32"):
    """Compiles the kernels of a model to PTX, reads what they reckon in fractions, and assembles them for an H100 or H200."""
    from glasshouse.engine.ptx import assembled, ptx

    exact = re.compile(EXACT.replace("F", widths))
    writer = Kernels(model, "ptx")
    text = writer.source_text()
    module = load_module(keep(f"kernels_{fingerprint(text, writer.rules.values())}.py", text.encode()))
    for name, *_ in writer.program:
        code = ptx(getattr(module, name))
        assert f".entry {name}(" in code
        assert {what for what in set(FRACTIONS.findall(code)) if not exact.fullmatch(what)} == set(), name
        assert assembled(code, 90)


@needs_package
def test_a_contracted_sum_is_seen(monkeypatch):
    monkeypatch.setattr("glasshouse.engine.ptx.STRICT", {"opt": 3})
    with pytest.raises(AssertionError, match=r"fma\.rn\.f32"):
        check_ptx(VILLAGE)


@pytest.mark.long
@needs_package
@pytest.mark.parametrize("name", MODELS)
def test_every_model_becomes_ptx(name):
    check_ptx(MODELS[name].part(MODELS[name].chain), "f(?:32|64)")


@pytest.mark.long
@needs_package
def test_the_social_credit_day_becomes_ptx():
    check_ptx(day.model())


def test_the_page_has_the_bytes_that_the_declaration_makes():
    page = " ".join((Path(__file__).resolve().parents[2] / "docs" / "engine.md").read_text().split())
    essay = kinds_of(load("essay").regimes["essay"])
    kernels = Kernels(day.model(), "ptx")
    kernels.source_text()
    assert least(CORE_DAY.part(CORE_DAY.chain), {"life"}) == 81  # 32 read and written, the group read; the word written, copied, read
    assert "touches at least 81 bytes a citizen and day" in page
    assert f"touches at least {least(day.model(), essay):.0f}, and its {len(kernels.program)} kernels leave up to {between(day.model())} for each other" in page


# ---- where there is no card

def test_what_is_missing_is_said(monkeypatch):
    monkeypatch.setattr(config, "ENABLE_CUDASIM", 0)
    monkeypatch.setattr("glasshouse.engine.card.NEEDED", ("no_such_package",))
    with pytest.raises(BadInput, match=r"no CUDA device was found: no_such_package is not installed; .*glasshouse\[cuda\].*--device cpu gives the same results"):
        cuda.device()
