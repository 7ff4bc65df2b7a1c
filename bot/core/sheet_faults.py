"""What can be wrong with the rows of a sheet, beyond what can be wrong with any lesson."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.core.problem import Phrase, near

SHOWN = 40  # characters of a cell that a sentence repeats

_SENTENCES: Mapping[str, Phrase] = {
    "heading-twice": Phrase(
        "the column '{said}' is there twice; delete one", "có hai cột '{said}'; hãy xóa bớt một cột"
    ),
    "no-such-column": Phrase("there is no column '{said}'; {near}", "không có cột nào tên '{said}'; {near}"),
    "no-heading": Phrase(
        "the first row names no column '{name}'; add it", "hàng đầu thiếu tên cột '{name}'; hãy thêm vào"
    ),
    "no-kind": Phrase(
        "it isn't told what this row is; write 'Tell', 'Ask', 'Choice' or another",
        "chưa ghi đây là dòng gì; hãy ghi 'Kể', 'Hỏi', 'Lựa chọn' hay tên khác",
    ),
    "no-such-row": Phrase("there is no row '{said}'; {near}", "không có loại dòng '{said}'; {near}"),
    "formula": Phrase("'{said}' is a formula; type the text itself", "'{said}' là công thức; hãy gõ thẳng chữ vào ô"),
    "invisible": Phrase(
        "there is a character nobody sees, {said}; type the text anew", "có ký tự ẩn {said}; hãy gõ lại chữ trong ô"
    ),
    "no-column-name": Phrase(
        "'{said}' stands in a column without a name; name it in the first row, or empty the cell",
        "'{said}' nằm ở cột chưa có tên; hãy đặt tên cột ở hàng đầu, hoặc xóa ô này",
    ),
    "not-in-such-row": Phrase(
        "a row '{name}' has no '{cell}'; empty the cell", "dòng '{name}' không có ô '{cell}'; hãy xóa ô này"
    ),
    "row-twice": Phrase(
        "there is a row '{name}' already, row {first}; delete one",
        "đã có dòng '{name}' ở hàng {first}; hãy xóa bớt một dòng",
    ),
    "misplaced": Phrase(
        "a row '{name}' must stand below a row '{above}'; move it there",
        "dòng '{name}' phải nằm dưới dòng '{above}'; hãy chuyển xuống đó",
    ),
    "right-or-not": Phrase(
        "'{said}' is neither yes nor no; put an x where the choice is right, else nothing",
        "'{said}' không rõ đúng hay sai; lựa chọn đúng thì ghi x, không thì để trống",
    ),
    "no-step": Phrase("there is no step; add a row 'Tell'", "chưa có bước nào; hãy thêm một dòng 'Kể'"),
    "no-row": Phrase("there is no row '{name}'; add it", "thiếu dòng '{name}'; hãy thêm vào"),
    "no-cell": Phrase("the row has no '{name}'; fill it in", "dòng này thiếu ô '{name}'; hãy điền vào"),
}


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong with a cell. Rows and columns count from 1."""

    row: int
    column: int
    told: Phrase = field(compare=False)


def fault(row: int, column: int, code: str, **fields: Phrase | str) -> Fault:
    """Make one; `fields` fill the sentence of that code."""
    sentence = _SENTENCES[code]
    en, vi = ({name: _part(value, lang) for name, value in fields.items()} for lang in ("en", "vi"))
    return Fault(row, column, Phrase(sentence.en.format_map(en), sentence.vi.format_map(vi)))


def near_names(said: str, names: Iterable[Phrase]) -> Phrase:
    """Advise on a name that isn't known."""
    known = list(names)
    return Phrase(near(said, [each.en for each in known]).en, near(said, [each.vi for each in known]).vi)


def _part(value: Phrase | str, lang: str) -> str:
    return value.said(lang) if isinstance(value, Phrase) else value[:SHOWN]
