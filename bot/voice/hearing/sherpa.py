"""A model for sherpa-onnx in a folder of yours: a transducer or a Zipformer with CTC, as its project publishes them."""

from importlib import import_module
from pathlib import Path

from bot.voice.hearing.certainty import twice
from bot.voice.hearing.ear import RATE, CantHear, Heard
from bot.voice.sound import Samples

_PARTS = ("encoder", "decoder", "joiner")
_THREADS = 1  # a second one wins little on sound of two seconds, and answers need the processor too


class Sherpa:
    """Reads `tokens.txt` and `encoder*.onnx`, `decoder*.onnx`, `joiner*.onnx`, or else one `*.onnx`.

    Where there are several, one with `int8` in its name is taken.
    """

    name = "sherpa"

    def __init__(self, model: str = "") -> None:
        """Load the model in the folder `model`; raises CantHear where something is missing there."""
        recognisers = import_module("sherpa_onnx").OfflineRecognizer
        folder = Path(model)
        if not model or not folder.is_dir():
            raise CantHear("no ear", f"The ear sherpa needs the folder of a model; {model!r} is none.")
        tokens = _one(folder, "tokens.txt")
        try:
            if any(folder.glob(f"{_PARTS[0]}*.onnx")):
                encoder, decoder, joiner = (_one(folder, f"{part}*.onnx") for part in _PARTS)
                self._recogniser = recognisers.from_transducer(encoder, decoder, joiner, tokens, num_threads=_THREADS)
            else:
                self._recogniser = recognisers.from_zipformer_ctc(_one(folder, "*.onnx"), tokens, num_threads=_THREADS)
        except RuntimeError as error:
            raise CantHear("no ear", f"sherpa-onnx can't read the model in {model!r}: {error}") from error

    def hear(self, samples: Samples) -> Heard:
        """Return the words, decoded twice."""
        return twice(self._text, samples)

    def _text(self, samples: Samples) -> str:
        stream = self._recogniser.create_stream()
        stream.accept_waveform(RATE, samples)
        self._recogniser.decode_stream(stream)
        return str(stream.result.text)


def _one(folder: Path, pattern: str) -> str:
    found = sorted(folder.glob(pattern), key=lambda path: ("int8" not in path.name, path.name))
    if not found:
        raise CantHear("no ear", f"The folder {str(folder)!r} has no file {pattern}, which the ear sherpa needs.")
    return str(found[0])
