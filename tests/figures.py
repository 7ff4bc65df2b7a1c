"""The figures that moved since some moment: they are the process's, so tests look at differences."""

from prometheus_client import REGISTRY

from bot import metrics


class Figures:
    """What was counted since this was made, such as {"failures telegram later": 1}; times and gauges are left out."""

    def __init__(self) -> None:
        self._before = _counters()

    def since(self, *prefixes: str) -> dict[str, float]:
        """Return the counters that moved and by how much; only those that begin so, if any are named."""
        moved = {name: value - self._before.get(name, 0.0) for name, value in _counters().items()}
        return {name: by for name, by in moved.items() if by and (not prefixes or name.startswith(prefixes))}


def _counters() -> dict[str, float]:
    metrics.tell()
    return {
        " ".join((sample.name.removeprefix("hocso_").removesuffix("_total"), *sample.labels.values())): sample.value
        for metric in REGISTRY.collect()
        if metric.name.startswith("hocso_") and metric.type == "counter"
        for sample in metric.samples
        if sample.name.endswith("_total")
    }
