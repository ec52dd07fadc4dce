"""How fast Ayni is, beside the bare limit in the same run: `python -m benchmarks [--quick] [--json] [--write]`."""
