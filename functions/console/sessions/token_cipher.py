"""A session's refresh token, encrypted under the product's key for this session alone: its row moved to another
session, or read by somebody without the key, gives no token."""

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


class TokenCipher:
    def __init__(self, client: "KMSClient", key: str) -> None:
        self._client, self._key = client, key

    def encrypted(self, token: str, session_hash: str) -> str:
        answer = self._client.encrypt(KeyId=self._key, Plaintext=token.encode(), EncryptionContext=_of(session_hash))
        return b64encode(answer["CiphertextBlob"]).decode()

    def decrypted(self, text: str, session_hash: str) -> str:
        answer = self._client.decrypt(
            KeyId=self._key, CiphertextBlob=b64decode(text), EncryptionContext=_of(session_hash)
        )
        return answer["Plaintext"].decode()


def _of(session_hash: str) -> dict[str, str]:
    return {"session": session_hash}
