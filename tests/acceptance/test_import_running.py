"""A file given to a running DevTime is imported without anybody doing anything more."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

from database import TestServer
from instances import run_instance

_PATIENCE_S = 60.0


def test_an_uploaded_file_is_imported_by_the_running_server(test_server: TestServer, tmp_path: Path) -> None:
    rows = [{"project": "a", "time": 1_741_276_680 + 60 * number} for number in range(5_000)]
    address = asyncio.run(test_server.create_database())
    with run_instance(address, tmp_path) as instance:
        ada = instance.settle()
        with instance.client(ada) as client:
            made = client.post("/api/imports?name=rows.json", content=json.dumps(rows).encode()).json()
            deadline = time.monotonic() + _PATIENCE_S
            while (told := client.get(f"/api/imports/{made['id']}").json())["state"] in ("waiting", "running"):
                assert time.monotonic() < deadline, told
                time.sleep(0.1)
            assert (told["state"], told["inserted"], told["rejected"]) == ("done", 5_000, 0)
            summary = client.get("/api/v1/stats/summary?range=all").json()
        assert summary["total_seconds"] == 5_000 * 60
        assert list((instance.home / "imports").iterdir()) == []
        assert instance.complaints() == ""
    asyncio.run(test_server.drop_database(address))
