"""`host.crypto`: AES-256-GCM in the envelope `iv:tag:ciphertext`, and SHA-256."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os

from devtime.plugins.engine import HostError

_KEY_BYTES, _IV_BYTES, _TAG_BYTES = 32, 16, 16


def decrypt(envelope: str, key: str) -> str:
    """The text in an envelope; the key is 32 bytes in base64."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    parts = envelope.strip().split(":")
    if len(parts) != 3:
        raise _error("invalid AES-GCM envelope")
    cipher = AESGCM(_key(key))
    iv, tag, content = (_bytes(part, name) for part, name in zip(parts, ("iv", "tag", "ciphertext"), strict=True))
    if len(iv) != _IV_BYTES:
        raise _error(f"invalid iv length: expected {_IV_BYTES} bytes, got {len(iv)}")
    if len(tag) != _TAG_BYTES:
        raise _error(f"invalid tag length: expected {_TAG_BYTES} bytes, got {len(tag)}")
    try:
        return cipher.decrypt(iv, content + tag, None).decode()
    except InvalidTag:
        raise _error("decrypt finalize failed") from None
    except UnicodeDecodeError:
        raise _error("decrypted text is not valid UTF-8") from None


def encrypt(text: str, key: str) -> str:
    """An envelope with a fresh initialisation vector."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    cipher = AESGCM(_key(key))
    iv = os.urandom(_IV_BYTES)
    sealed = cipher.encrypt(iv, text.encode(), None)
    parts = (iv, sealed[-_TAG_BYTES:], sealed[:-_TAG_BYTES])
    return ":".join(base64.b64encode(part).decode() for part in parts)


def sha256(text: str) -> str:
    """The digest in lower-case hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _key(written: str) -> bytes:
    key = _bytes(written.strip(), "key")
    if len(key) != _KEY_BYTES:
        raise _error(f"invalid key length: expected {_KEY_BYTES} bytes, got {len(key)}")
    return key


def _bytes(written: str, name: str) -> bytes:
    try:
        return base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        raise _error(f"invalid base64 in {name}") from None


def _error(message: str) -> HostError:
    return HostError("crypto", message)
