"""How long the refresh rests: when processors are short, the pages people wait for come first."""

HELD_UP = 1.5
"""So many times its usual time a refresh may take; beyond that others' work has held it up."""
MOST_REST_SECONDS = 2.0
DRIFT = 1.02
"""The usual time may grow with the data: by so much with each refresh."""


class Pace:
    """Knows how long refreshes of about so many rows take where nothing holds them up."""

    def __init__(self) -> None:
        self._usual: dict[int, float] = {}

    def rest_after(self, rows: int, seconds: float) -> float:
        """Seconds to rest after a refresh of `rows` changed rows that took `seconds`.

        None for one that took its usual time: with idle processors nothing waits longer.
        """
        size = rows.bit_length()
        usual = min(seconds, DRIFT * self._usual.get(size, seconds))
        self._usual[size] = usual
        return min(max(seconds - HELD_UP * usual, 0.0), MOST_REST_SECONDS)
