"""What a mail server answered, in words a desk can act on."""

import pytest

from services.notices import answers
from services.notices.answers import in_words


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ("550 5.1.1 <a@mail.example>: unknown", answers.UNKNOWN),
        ("550 no such person", answers.UNKNOWN),
        ("553 sorry", answers.UNKNOWN),
        ("501 5.1.3 bad syntax", answers.UNKNOWN),
        ("552 5.2.2 over quota", answers.FULL),
        ("452 4.2.2 over quota", answers.FULL),
        ("552 too much", answers.FULL),
        ("550 5.2.1 disabled", answers.CLOSED),
        ("550 5.7.1 blocked by policy", answers.UNWANTED),
        ("554 no", answers.UNWANTED),
        ("450 4.2.0 greylisted", answers.PUT_OFF),
        ("421 busy", answers.PUT_OFF),
        ("550 5.4.1 no route", answers.REFUSED),
        ("571 away", answers.REFUSED),
        ("ConnectionRefusedError: [Errno 111]", answers.OURS),
        ("SMTPAuthenticationError: (535, b'5.7.8 no')", answers.OURS),
        ("TimeoutError: timed out", answers.OURS),
        ("", answers.OURS),
        (None, answers.OURS),
    ],
)
def test_an_answer_is_said_in_words(answer, meaning):
    assert in_words(answer) == meaning
