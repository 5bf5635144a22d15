"""The ways a webhook goes wrong between a gateway and the portal, for whoever tries that out."""

import json
import random
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from portal.gateways.sandbox.post import Letter, SandboxPost


class PostFault(StrEnum):
    """One way the post fails."""

    DUPLICATED = "duplicated"
    REORDERED = "reordered"
    LOST = "lost"
    DELAYED = "delayed"
    FORGED = "forged"
    STALE = "stale"
    OTHER_ACCOUNT = "other_account"
    UNKNOWN_TYPE = "unknown_type"


COPIES = 10
THREE_DAYS = timedelta(days=3)


class LossyPost:
    """The sandbox's post with one fault. What is due is taken out of the post and comes back bent.

    `seed` decides which letters are lost and in which order they come.
    """

    def __init__(self, post: SandboxPost, *, seed: int = 1) -> None:
        self._post = post
        self._random = random.Random(seed)  # noqa: S311 - which letters get lost is no secret

    def take(self, fault: PostFault) -> list[Letter]:
        """The letters that are due, as they arrive with this fault."""
        due = self._post.letters()
        for letter in due:
            self._post.taken(letter)
        return self._arriving(due, fault)

    def _arriving(self, due: Sequence[Letter], fault: PostFault) -> list[Letter]:
        if fault is PostFault.DUPLICATED:
            return [letter for letter in due for _ in range(COPIES)]
        if fault is PostFault.REORDERED:
            return self._random.sample(list(due), len(due))
        if fault is PostFault.LOST:
            return [letter for letter in due if self._random.random() < 0.5]
        if fault is PostFault.DELAYED:
            # Whoever sends late signs late: only the event in it is old.
            return [self._signed(letter) for letter in due]
        if fault is PostFault.STALE:
            return [self._signed(letter, ago=timedelta(seconds=301)) for letter in due]
        if fault is PostFault.FORGED:
            return [self._forged(letter) for letter in due]
        changes = (
            {"account": "acct_someone_else"}
            if fault is PostFault.OTHER_ACCOUNT
            else {"type": "weather", "version": "99"}
        )
        return [self._changed(letter, changes) for letter in due]

    def _signed(self, letter: Letter, ago: timedelta = timedelta(0)) -> Letter:
        at = self._post.real_time() - ago
        headers = self._post.sign(letter.body, at)
        return Letter(event_no=letter.event_no, headers=headers, body=letter.body)

    def _forged(self, letter: Letter) -> Letter:
        body = letter.body.replace(b'"payment"', b'"payment" ')
        return Letter(event_no=letter.event_no, headers=letter.headers, body=body)

    def _changed(self, letter: Letter, changes: dict[str, object]) -> Letter:
        body = json.dumps(json.loads(letter.body) | changes).encode()
        return Letter(event_no=letter.event_no, headers=self._post.sign(body), body=body)
