"""Corrections of moto's answers, one AWS API per module; each module's ``apply()`` makes its own.

A module's docstring names the API and says what the Terraform AWS provider or Pulumi would refuse, or see as a change,
without it.
"""

from importlib import import_module
from pkgutil import iter_modules


def apply() -> None:
    """Applies every correction once."""
    for module in sorted(m.name for m in iter_modules(__path__)):
        import_module("." + module, __name__).apply()
