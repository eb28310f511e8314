"""Tests of requests to departments."""
