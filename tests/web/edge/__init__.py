"""Tests of the platform below the features."""
