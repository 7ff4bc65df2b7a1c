"""Tables of communes that come with the program, from the official list since July 2025, when districts went."""

from importlib.resources import files
from pathlib import Path

from bot.core.places import Province, read_province

ENDING = ".csv"


def names() -> list[str]:
    """Return the names of the tables that come with the program."""
    return sorted(each.name.removesuffix(ENDING) for each in files(__name__).iterdir() if each.name.endswith(ENDING))


def read(name: str) -> Province:
    """Read a table by its name, or a `.csv` of one's own by its path. Raises ValueError with a sentence."""
    if name.endswith(ENDING):
        path = Path(name)
        try:
            return read_province(path.read_text(encoding="utf-8-sig"), str(path))
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"{path}: this table of communes can't be read ({error})") from None
    if name not in names():
        raise ValueError(f"there is no table of communes {name!r}; known here: {', '.join(names())}, or a .csv file")
    return read_province(files(__name__).joinpath(name + ENDING).read_text(encoding="utf-8"), name + ENDING)
