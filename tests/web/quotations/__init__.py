"""Tests of quotation rounds."""
