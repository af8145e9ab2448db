"""Luck: the published test vectors, fixed keys, and draws that are fresh and independent."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse.society import luck
from glasshouse.society.compiled import shell_sort, sources_digest

u64 = np.uint64

# Random123 1.14, kat_vectors, philox4x32 10: counter, key, result.
VECTORS = [
    ([0] * 4, [0] * 2, [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
    ([0xFFFFFFFF] * 4, [0xFFFFFFFF] * 2, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
    (
        [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
        [0xA4093822, 0x299F31D0],
        [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
    ),
]


@pytest.mark.parametrize(("counter", "key", "wanted"), VECTORS)
def test_philox_gives_the_published_vectors(counter, key, wanted):
    assert [int(word) for word in luck.philox(*map(u64, key), *map(u64, counter))] == wanted


def in_plain_python(key: int, seed: int, slot: int, index: int) -> tuple[int, ...]:
    k0, k1 = key & 0xFFFFFFFF, key >> 32
    c = [slot, index, seed & 0xFFFFFFFF, seed >> 32]
    for _ in range(10):
        p, q = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(q >> 32) ^ c[1] ^ k0, q & 0xFFFFFFFF, (p >> 32) ^ c[3] ^ k1, p & 0xFFFFFFFF]
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return tuple(c)


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1), st.integers(0, 2**31), st.integers(0, 2**31))
@settings(max_examples=50)
def test_draws_are_those_of_a_plain_reference(key, seed, slot, index):
    drawn = luck.four(u64(key), u64(seed), slot, index)
    assert tuple(int(word) for word in drawn) == in_plain_python(key, seed, slot, index)


def test_keys_are_fixed_by_name_and_differ():
    keys = luck.keys()
    assert len(set(keys.tolist())) == len(luck.PURPOSES)
    assert int(luck.key("society.size")) == int(keys[luck.SIZE]) == 13496813661395022786
    assert int(luck.key("society.home.multiple")) == int(keys[luck.MULTIPLE])


def words(purpose: str, seed: int, count: int = 20_000) -> np.ndarray:
    key = luck.key(purpose)
    return np.array([luck.four(key, u64(seed), slot, 0) for slot in range(count)]) / 2.0**32


def test_draws_are_even_and_independent_between_words_purposes_seeds_and_slots():
    a, b, c = words("a", 1), words("b", 1), words("a", 2)
    limit = 4.5 / len(a) ** 0.5
    assert abs(a.mean(0) - 0.5).max() < limit / 12**0.5
    assert abs(np.corrcoef(np.hstack([a, b, c]).T) - np.eye(12)).max() < limit
    assert abs(np.corrcoef(a[:-1, 0], a[1:, 0])[0, 1]) < limit


@given(st.lists(st.integers(-(2**62), 2**62), max_size=200))
def test_the_sort_sorts_what_it_should_and_nothing_else(numbers):
    keys = np.array([*numbers, 99, -99], dtype=np.int64)
    shell_sort(keys, len(numbers))
    assert keys[: len(numbers)].tolist() == sorted(numbers)
    assert keys[len(numbers) :].tolist() == [99, -99]


def test_machine_code_is_kept_under_a_hash_of_all_its_sources():
    """Numba alone would go on using old machine code after a change in a file that the outermost function's file calls."""
    stamp = shell_sort._cache._cache_file._source_stamp
    assert sources_digest() in stamp
