"""An AWS for tests: moto's server, and before it what moto lacks or answers otherwise than AWS."""
