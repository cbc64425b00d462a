from setuptools import find_packages, setup

DRAWERS = ("pipelines", "filters", "data_cards")
setup(packages=[*find_packages(include=["synth", "synth.*"]), *(f"synth._shipped.{d}" for d in DRAWERS)])
