"""What stands on the board of lights."""

# The platform itself owes what no organisation owes.
PLATFORM = "platform"
# The worst first.
LIGHTS = ("red", "yellow")
