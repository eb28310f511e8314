"""The parts of a desk, one module for each capacity or feature that has work waiting."""
