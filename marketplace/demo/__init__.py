"""The demo world: invented organisations and people who really went through the services."""
