"""What is read from a report of Lighthouse, and when it is enough."""

from benchmarks import lighthouse
from benchmarks.lighthouse import AIMS, PAINTS, Finding, found_in, middle


def report(performance: float, largest: float) -> dict:
    return {
        "categories": {name: {"score": 1} for name in AIMS}
        | {"performance": {"score": performance}},
        "audits": {name: {"numericValue": 900.0} for name in PAINTS}
        | {"largest-contentful-paint": {"numericValue": largest}}
        | {"total-byte-weight": {"numericValue": 34_000}},
    }


def finding(performance: float = 0.98, largest: float = 1234.0) -> Finding:
    return found_in(report(performance, largest))


def test_marks_times_and_bytes_are_read():
    assert finding().cells() == ("98", "100", "100", "100", "0.9", "1.2", "900", "34")
    assert finding().good


def test_too_low_a_mark_or_too_late_a_paint_is_not_enough():
    assert finding(performance=0.97).good
    assert not finding(performance=0.96).good
    assert not finding(largest=2500.0).good


def test_one_slow_run_of_three_does_not_count():
    runs = [finding(0.99, 1000.0), finding(0.50, 9000.0), finding(0.97, 1100.0)]

    assert middle(runs).cells() == ("97", "100", "100", "100", "0.9", "1.1", "900", "34")


def test_lighthouse_is_looked_for_where_the_run_says_to_put_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(lighthouse, "FOLDER", tmp_path)
    assert lighthouse.program() is None

    place = tmp_path / "node_modules" / ".bin" / "lighthouse"
    place.parent.mkdir(parents=True)
    place.touch(0o755)
    assert lighthouse.program() == str(place)
    assert "--prefix build/lighthouse " in lighthouse.GET_IT
