"""All that rating, revising and replying leave behind, and who may when."""

from datetime import date, timedelta

from marketplace.engagements.rules import State
from marketplace.kernel.times import end_of_day
from marketplace.ratings import services
from marketplace.ratings.rules import CRITERIA
from tests.dossiers import act
from tests.engagements import make_engagement, make_enterprise
from tests.stories import refusals

SCORES = dict(zip(CRITERIA, (1, 2, 3, 4, 5), strict=True))
OTHERS = dict(zip(CRITERIA, (5, 4, 3, 2, 1), strict=True))
MOBILE = "请联系13900001111"


def test_a_rating_is_given_revised_and_answered_once_and_in_time(story):
    world, working = make_engagement(State.ACCEPTED), make_engagement(State.DELIVERED)
    stranger = make_enterprise()
    client, provider = world.client, world.provider

    def rate(scores=SCORES, comment="", key=world.engagement_id):
        return lambda uow: services.rate_engagement(
            uow, engagement=key, scores=scores, comment=comment
        )

    def revise(scores=OTHERS, comment=""):
        return lambda uow: services.revise_rating(
            uow, engagement=world.engagement_id, scores=scores, comment=comment
        )

    def reply(words="谢谢"):
        return lambda uow: services.answer_rating(uow, engagement=world.engagement_id, words=words)

    everybody = {"the client": client, "the provider": provider, "a stranger": stranger}
    all_acts = {"rate": rate(), "revise": revise(), "reply": reply()}
    with story("ratings/rated", **everybody) as told:
        told.may(all_acts, *everybody.values())
        tries = {
            f"{one} {score}": rate(SCORES | {one: score})
            for one in CRITERIA
            for score in (0, 1, 5, 6)
        }
        tries |= {"four": rate(dict(list(SCORES.items())[:4])), "mobile": rate(comment=MOBILE)}
        told.may(tries, client)
        told.may({"early": rate(key=working.engagement_id)}, working.client)
        last = end_of_day(date(2026, 12, 14))
        for at in (last - timedelta(seconds=1), last):
            told.may({"rate": rate()}, client, at=at)
        act(client, rate(comment=" 专业 "))
        told.may(all_acts, *everybody.values())
        last = end_of_day(date(2026, 11, 26))
        for at in (last - timedelta(seconds=1), last):
            told.may({"revise": revise()}, client, at=at)
        refusals(
            lambda: act(client, revise(comment=MOBILE)),
            lambda: act(client, revise(OTHERS | {"fees": 6})),
            lambda: act(provider, reply(" ")),
            lambda: act(provider, reply(MOBILE)),
        )
        act(client, revise(comment=" 更正 "))
        act(provider, reply(" 谢谢 "))
        told.may(all_acts, *everybody.values())
