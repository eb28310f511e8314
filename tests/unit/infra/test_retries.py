"""When a failed delivery is tried again, and when it is parked."""

import pytest

from marketplace.infra.outbox.delivery import JITTER, delay_before


def test_each_delay_of_the_settings_is_waited_with_some_jitter() -> None:
    delays = (5.0, 300.0)
    for attempts, delay in enumerate(delays, start=1):
        waits = {delay_before(delays, attempts) for _try in range(50)}
        assert all(wait is not None and delay <= wait <= delay * (1 + JITTER) for wait in waits)
        assert len(waits) > 1


@pytest.mark.parametrize(("delays", "attempts"), [((5.0, 300.0), 3), ((), 1)])
def test_after_the_last_delay_it_is_parked(delays: tuple[float, ...], attempts: int) -> None:
    assert delay_before(delays, attempts) is None
