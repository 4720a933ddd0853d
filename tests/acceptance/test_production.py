"""A film on the topology of production: real servers, workers by pool, one of them joined by an address, one stopped in the middle."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storyreel.model.errors import Unavailable
from tests.acceptance.production import Production, production, programs
from tests.acceptance.stand import Film, shot, until
from tests.fixtures_services import run


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    try:
        found = run(programs())
    except Unavailable as missing:
        pytest.skip(missing.detail)
    with production(tmp_path_factory.mktemp("site"), found) as made:
        yield made


@pytest.mark.timeout(600)
def test_a_film_is_made_by_workers_of_several_pools_though_one_is_stopped(site: Production) -> None:
    desk = site.worker("desk", "desk-1")
    picture = site.worker("picture", "picture-1", joined=True)
    film_1 = site.worker("film", "film-1")
    known = site.rows("select process_id, queues from worker order by started_at")
    assert [row["queues"] for row in known] == [["desk", "spec", "io"], ["image", "video"], ["audio", "post"]]

    film = Film(site, [shot(subject, line=f"I am {subject}", duration_s=1) for subject in ("Ada", "Ben", "Cleo")])
    film.do({"type": "gen.compose"})
    begun = "select 1 from task_event where workspace_id = %s and kind = 'stage' and stage = 'voice'"
    until(lambda: site.rows(begun, film.id), "the film's worker to be at work")
    assert film_1.stop() == 0, film_1.log.read_text()[-2000:]
    assert {row["process_id"] for row in site.rows("select process_id from worker")} == {desk.process.pid, picture.process.pid}
    assert any(task["state"] != "succeeded" for task in film.tasks())

    film_2 = site.worker("film", "film-2")
    film.finish(240)
    assert film.film()["frames"] == 3 * 24
    assert [path for path in (site.folder / "s3" / "storyreel").rglob("*") if path.is_file()], "it is in S3"
    assert not list(site.folder.glob("*/assets")), "no machine keeps a store of its own"

    assert len(site.found(f"WorkspaceId='{film.id}' AND Title='Ben'")) == 1, "runs are found by the words of their titles"
    makers = site.makers(film.id)
    assert {stage for stage, pids in makers.items() if picture.process.pid in pids} == {"grid", "select", "video"}, makers
    assert {stage for stage, pids in makers.items() if desk.process.pid in pids} == {"spec", "finish"}
    assert makers["compose"] | makers["film"] | makers["music"] <= {film_1.process.pid, film_2.process.pid}
    assert film_2.process.pid in makers["film"]
    attempts = site.rows("select distinct (data ->> 'attempt')::int as n from task_event where kind = 'stage'")
    assert [row["n"] for row in attempts] == [1], "the worker that was stopped cost no try"
