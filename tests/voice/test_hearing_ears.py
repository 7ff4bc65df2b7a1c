"""How certain words are, and what ears say when they can't be made."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from made_notes import tone

from bot.voice.hearing import CantHear, ear
from bot.voice.hearing.certainty import LONGEST, twice
from bot.voice.hearing.ear import EARS, FLOOR, RATE, Kind
from bot.voice.sound import Samples


def decoder(*texts: str) -> Callable[[Samples], str]:
    given = iter(texts)
    return lambda _: next(given)


@pytest.mark.parametrize(
    ("texts", "text", "certain"),
    [
        (("số hai", "số hai"), "số hai", True),
        (("Số hai.", "số hai"), "số hai", True),
        (("số hai", "số hay"), "số hai", False),
        (("hai", "hài"), "hai", False),
        (("hai", ""), "hai", False),
        (("không đưa mã", "không đưa mà"), "không đưa mã", False),
        (("",), "", False),
        ((" \n",), "", False),
    ],
)
def test_words_are_certain_that_come_twice(texts: tuple[str, ...], text: str, certain: bool) -> None:
    heard = twice(decoder(*texts), tone(1))
    assert heard.text == text
    assert (heard.certainty >= FLOOR) == certain


def test_what_is_longer_than_any_answer_is_decoded_once_and_not_certain() -> None:
    assert twice(decoder("một"), tone(LONGEST + 1)).certainty == 0


def test_the_second_decoding_is_slower_and_later() -> None:
    lengths: list[int] = []

    def text_of(samples: Samples) -> str:
        lengths.append(len(samples))
        return "một"

    twice(text_of, tone(1))
    assert lengths == [RATE, pytest.approx(RATE * 1.15, abs=2)]


class FakeSherpa:
    """sherpa-onnx's class, as far as it is used; notes what it was made with."""

    made: tuple[object, ...] = ()

    @classmethod
    def from_transducer(cls, *files: str, num_threads: int) -> "FakeSherpa":
        if Path(files[0]).stat().st_size == 0:
            raise RuntimeError("Load model failed")
        cls.made = ("transducer", *(Path(file).name for file in files), num_threads)
        return cls()

    @classmethod
    def from_zipformer_ctc(cls, *files: str, num_threads: int) -> "FakeSherpa":
        cls.made = ("ctc", *(Path(file).name for file in files), num_threads)
        return cls()

    def create_stream(self) -> SimpleNamespace:
        stream = SimpleNamespace(result=SimpleNamespace(text=""))
        stream.accept_waveform = lambda rate, samples: setattr(stream, "size", (rate, len(samples)))
        return stream

    def decode_stream(self, stream: SimpleNamespace) -> None:
        assert stream.size[0] == RATE
        stream.result.text = "SỐ HAI"


@pytest.mark.parametrize(
    ("files", "made"),
    [
        (
            ["tokens.txt", "encoder.onnx", "encoder.int8.onnx", "decoder.onnx", "joiner.int8.onnx"],
            ("transducer", "encoder.int8.onnx", "decoder.onnx", "joiner.int8.onnx", "tokens.txt", 1),
        ),
        (["tokens.txt", "model.onnx"], ("ctc", "model.onnx", "tokens.txt", 1)),
    ],
)
def test_sherpa_loads_the_model_of_a_folder(
    files: list[str], made: tuple[object, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in files:
        (tmp_path / name).write_text("x", encoding="utf-8")
    monkeypatch.setitem(sys.modules, "sherpa_onnx", SimpleNamespace(OfflineRecognizer=FakeSherpa))
    sherpa = ear.made(EARS["sherpa"].place, str(tmp_path))
    assert FakeSherpa.made == made
    heard = sherpa.hear(tone(1))
    assert (heard.text, heard.certainty) == ("số hai", 1.0)


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([], "The folder '{}' has no file tokens.txt, which the ear sherpa needs."),
        (["tokens.txt"], "The folder '{}' has no file *.onnx, which the ear sherpa needs."),
        (["tokens.txt", "encoder.onnx"], "The folder '{}' has no file decoder*.onnx, which the ear sherpa needs."),
        (
            ["tokens.txt", "encoder.onnx", "decoder.onnx", "joiner.onnx"],
            "sherpa-onnx can't read the model in '{}': Load model failed",
        ),
    ],
)
def test_what_a_folder_for_sherpa_lacks_is_told(
    files: list[str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in files:
        (tmp_path / name).touch()
    monkeypatch.setitem(sys.modules, "sherpa_onnx", SimpleNamespace(OfflineRecognizer=FakeSherpa))
    with pytest.raises(CantHear) as error:
        ear.made(EARS["sherpa"].place, str(tmp_path))
    assert str(error.value) == sentence.format(tmp_path)


@pytest.mark.parametrize("model", ["", "/no/such/folder"])
def test_sherpa_needs_a_folder(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sherpa_onnx", SimpleNamespace(OfflineRecognizer=FakeSherpa))
    with pytest.raises(CantHear) as error:
        ear.made(EARS["sherpa"].place, model)
    assert str(error.value) == f"The ear sherpa needs the folder of a model; {model!r} is none."


def test_what_to_install_is_told() -> None:
    kinds = {name: Kind(kind.place, "no_such_package", kind.get).lacks() for name, kind in EARS.items()}
    assert kinds["viet-asr"].endswith("get it by: pip install 'hocso[hear]'")
    assert kinds["sherpa"].endswith("get it by: pip install sherpa-onnx")
