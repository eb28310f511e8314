"""What demo plugs into the application."""

from marketplace.demo import duties, views
from marketplace.web.feature import Feature

FEATURE = Feature(
    blueprints=(views.bp,),
    tasks={
        "demo_load": duties.load,
        "demo_accounts": duties.show_accounts,
    },
    checks={
        "demo": duties.demo_is_complete,
    },
    prepare=views.init_app,
)
