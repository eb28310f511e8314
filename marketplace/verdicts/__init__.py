"""What the approving department says of a deliverable: it comes through the approval platform."""
