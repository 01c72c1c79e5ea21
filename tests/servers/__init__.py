"""Tests against real servers, started on this computer by `make test-channels`."""
