"""A provider at work: pick or award, contract, clock, delivery, acceptance."""
