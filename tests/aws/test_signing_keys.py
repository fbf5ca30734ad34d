"""Keys are derived as RFC 5869 says, and nothing that is signed for one purpose is taken for another."""

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from shared.aws.signing_keys import KeyPurpose, hkdf
from tests.builders import NOW, signing_keys

# RFC 5869, appendix A: the test cases with SHA-256 (input keying material, salt, info, length, output).
CASES = [
    ("0b" * 22, "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9", 42,
     "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"),
    (bytes(range(0x50)).hex(), bytes(range(0x60, 0xB0)).hex(), bytes(range(0xB0, 0x100)).hex(), 82,
     ("b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
      "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87")),
    ("0b" * 22, "", "", 42,
     "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"),
]  # fmt: skip


@pytest.mark.parametrize(("secret", "salt", "info", "length", "key"), CASES)
def test_the_keys_are_those_of_the_test_vectors(secret: str, salt: str, info: str, length: int, key: str) -> None:
    assert hkdf(bytes.fromhex(secret), bytes.fromhex(info), length, salt=bytes.fromhex(salt)).hex() == key


@given(st.binary(min_size=1, max_size=200), st.binary(max_size=200), st.integers(1, 200))
def test_the_keys_are_those_of_another_implementation(secret: bytes, info: bytes, length: int) -> None:
    assert hkdf(secret, info, length) == HKDF(SHA256(), length, None, info).derive(secret)


def test_every_purpose_and_every_office_has_a_key_of_its_own() -> None:
    contexts = [
        (),
        ("kings",),
        ("kings", "https://a.example"),
        ("queens", "https://a.example"),
        ("kingshttps://a.example",),
    ]
    derived = {signing_keys(purpose).of(*context).newest for purpose in KeyPurpose for context in contexts}
    assert len(derived) == len(KeyPurpose) * len(contexts)


@pytest.mark.parametrize("purpose", KeyPurpose)
def test_a_version_that_nobody_before_it_can_stand_in_for_signs_at_once(purpose: KeyPurpose) -> None:
    keys = signing_keys(purpose, b"new", since=NOW)
    assert (keys.signing(NOW), keys.valid(NOW)) == (b"new", (b"new",))
