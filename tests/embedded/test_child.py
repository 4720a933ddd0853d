"""One child: kept running, given up on with its log, and gone with whoever started it."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from storyreel.embedded import child as children
from storyreel.embedded.child import LAUNCH, Child, ChildFailed, kept


def program(code: str, **how: object) -> Child:
    return Child(name="tried", argv=(sys.executable, "-u", "-c", code), **how)


def appears(path: Path):
    async def ready() -> bool:
        return path.exists()

    return ready


async def gone(pid: int) -> None:
    async with asyncio.timeout(10):
        while running(pid):
            await asyncio.sleep(0.01)


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in {"Z", "X"}
    except FileNotFoundError:
        return False


async def test_a_child_is_ready_when_the_block_begins_and_gone_when_it_ends(tmp_path: Path) -> None:
    sign = tmp_path / "ready"
    code = f"import pathlib, time; pathlib.Path({str(sign)!r}).touch(); time.sleep(60)"
    async with kept(program(code, ready=appears(sign)), tmp_path) as one:
        assert sign.exists()
        pid = one.pid
        assert pid is not None
        assert running(pid)
    assert not running(pid)


async def test_a_child_that_dies_is_started_again(tmp_path: Path) -> None:
    async with kept(program("import time; time.sleep(60)"), tmp_path) as one:
        first = one.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        async with asyncio.timeout(10):
            while one.pid in {first, None}:
                await asyncio.sleep(0.01)
        assert one.starts == 2


async def test_what_a_child_leaves_behind_goes_before_it_is_started_again(tmp_path: Path) -> None:
    sign = tmp_path / "grandchild"
    code = f"import pathlib, subprocess, time; p = subprocess.Popen(['sleep', '60']); pathlib.Path({str(sign)!r}).write_text(str(p.pid)); time.sleep(60)"
    async with kept(program(code, ready=appears(sign)), tmp_path) as one:
        async with asyncio.timeout(5):
            while not sign.read_text():
                await asyncio.sleep(0.01)
        grandchild = int(sign.read_text())
        assert running(grandchild)
        assert one.pid is not None
        os.kill(one.pid, signal.SIGKILL)
        await gone(grandchild)


async def test_a_child_that_waits_to_be_started_again_is_stopped_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "FIRST_PAUSE_S", 60.0)
    monkeypatch.setattr(children, "LONGEST_PAUSE_S", 60.0)
    async with asyncio.timeout(10), kept(program("raise SystemExit(1)"), tmp_path) as one:
        while one.pid is not None:
            await asyncio.sleep(0.01)


async def test_an_error_of_the_work_in_hand_comes_out_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="mine") as raised:
        async with kept(program("import time; time.sleep(60)"), tmp_path):
            raise ValueError("mine") from KeyError("why")
    assert isinstance(raised.value.__cause__, KeyError)


async def test_five_failures_stop_the_stack_with_the_log_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "FIRST_PAUSE_S", 0.001)
    with pytest.raises(ChildFailed, match=r"(?s)tried failed 5 times .*exit code 7.*the reason why"):
        async with kept(program("import sys; print('the reason why'); sys.exit(7)"), tmp_path):
            await asyncio.Event().wait()
    assert (tmp_path / "tried.log").read_text().count("the reason why") == 5


async def test_a_child_that_is_never_ready_is_given_up_on(tmp_path: Path) -> None:
    with pytest.raises(ChildFailed, match="not ready within 0 s"):
        async with kept(program("import time; time.sleep(60)", ready=appears(tmp_path / "never"), ready_s=0.3), tmp_path):
            pytest.fail("it was never ready")


async def test_a_child_that_does_not_listen_is_stopped_by_force(tmp_path: Path) -> None:
    sign = tmp_path / "deaf"
    code = f"import pathlib, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); pathlib.Path({str(sign)!r}).touch(); time.sleep(60)"
    async with kept(program(code, ready=appears(sign), stop_s=0.1), tmp_path) as one:
        pid = one.pid
    assert pid is not None
    assert not running(pid)


@pytest.mark.parametrize("platform", ["linux", "other"])
async def test_a_child_dies_with_a_supervisor_that_is_killed(tmp_path: Path, platform: str) -> None:
    """Also where the kernel cannot tell it, by a process that watches."""
    launch = tmp_path / "launch.py"
    launch.write_text(LAUNCH.read_text().replace('sys.platform == "linux"', f'"{platform}" == "linux"'))
    sign = tmp_path / "pid"
    child = f"import os, pathlib, time; pathlib.Path({str(sign)!r}).write_text(str(os.getpid())); time.sleep(60)"
    supervisor = f"""
import os, subprocess, sys
subprocess.Popen([sys.executable, {str(launch)!r}, str(os.getpid()), '9', '0', '0', '--', sys.executable, '-c', {child!r}]).wait()
"""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", supervisor)
    async with asyncio.timeout(10):
        while not (sign.exists() and sign.read_text()):
            await asyncio.sleep(0.01)
    pid = int(sign.read_text())
    assert running(pid)
    process.kill()
    await process.wait()
    await gone(pid)
