"""Settings: read from source, checked wherever they come from."""

import ast

import pytest

from synth.errors import UsageError
from synth.settings import Setting, check, read_settings

SOURCE = '''
WORDS = ("yes", "no")

@dataclass(frozen=True)
class Example:
    """An example."""

    n: int = setting(16, low=1, help="how many")
    grey: tuple[float, float] | None = setting((0.25, 0.75), low=0, high=1)
    shown: Literal["own", "by-order"] = setting("own")
    words: tuple[str, ...] = setting(WORDS)
    strict: bool = False
    formats: ClassVar[tuple[str, ...]] = ("sft",)
'''


@pytest.fixture
def settings() -> dict[str, Setting]:
    return {setting.name: setting for setting in read_settings(ast.parse(SOURCE), "Example")}


def test_fields_are_settings_and_class_variables_are_not(settings: dict[str, Setting]) -> None:
    assert list(settings) == ["n", "grey", "shown", "words", "strict"]
    assert settings["n"].default == 16
    assert settings["words"].default == ("yes", "no")


def test_text_and_yaml_values_read_alike(settings: dict[str, Setting]) -> None:
    assert settings["n"].read("32") == settings["n"].read(32) == 32
    assert settings["grey"].read("0.3,0.7") == settings["grey"].read([0.3, 0.7]) == (0.3, 0.7)
    assert settings["grey"].read("none") is settings["grey"].read(None) is None
    assert settings["words"].read(["a, b", "c"]) == ("a, b", "c")
    assert settings["strict"].read("true") is settings["strict"].read(True) is True
    assert settings["shown"].read("by_order") == "by-order"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("n", "many", "'many' is not a whole number"),
        ("n", "-3", "-3 is below 1"),
        ("n", 2.5, "'2.5' is not a whole number"),
        ("n", True, "True is not a number"),
        ("n", None, "None is not a number"),
        ("grey", "0.2", "not 2 values"),
        ("grey", "0.2,1.5", "1.5 is above 1"),
        ("grey", "nan,0.5", "is not a number"),
        ("shown", "theirs", "'theirs' is not 'own' or 'by-order'"),
        ("strict", "perhaps", "'perhaps' is not true or false"),
    ],
)
def test_a_wrong_value_names_the_option_and_the_value(
    settings: dict[str, Setting], name: str, value: object, message: str
) -> None:
    with pytest.raises(UsageError, match=f"--{name}: ") as error:
        settings[name].read(value)
    assert message in str(error.value)


def test_all_mistakes_are_told_at_once(settings: dict[str, Setting]) -> None:
    with pytest.raises(UsageError) as error:
        check(settings.values(), {"n": 0, "showm": "own", "strict": "x"}, "conf.yaml")
    message = str(error.value)
    assert message.startswith("conf.yaml: 3 problems")
    assert "did you mean 'shown'?" in message
    assert "--n: 0 is below 1" in message


def test_a_setting_without_a_default_is_refused() -> None:
    with pytest.raises(UsageError, match="line 3: setting 'n' cannot be read: it has no default"):
        read_settings(ast.parse("class A:\n    x: int = 1\n    n: int\n"), "A")
