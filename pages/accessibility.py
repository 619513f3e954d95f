"""The accessibility statement: the aim, what was done, how it was checked, whom to tell."""

from dash.development.base_component import Component

from pages.components.prose import points, prose_page, section
from pages.visit import Visit
from services.words import mark

PATH = "/accessibility"
DONE = (
    mark("Everything works with the keyboard alone; the focus is always visible."),
    mark("Every status has a word, an icon and a pattern; no meaning rests on colour alone."),
    mark("Text and controls meet the contrast of level AA, in the light and in the dark scheme."),
    mark("Pages work at 400% zoom and on a phone, without scrolling sideways."),
    mark("Every chart has its numbers as a table beside it."),
    mark("Errors stand beside their field as a sentence, and what was typed stays."),
    mark("Who prefers less motion sees none."),
    mark("All of it is in Traditional Chinese and in English."),
)
LIMITS = (
    mark("Pages are checked by a program (axe-core), on a desk screen and on a phone screen."),
    mark("People who use screen readers have not tried the portal yet."),
    mark("Papers that seafarers upload are shown as they come; a scan may have no text in it."),
    mark("The portal needs JavaScript."),
)


def layout(visit: Visit) -> Component:
    """State how accessible the portal is."""
    words = visit.words
    return prose_page(
        words("Accessibility"),
        words("We want everybody to be able to register, read the queue and answer in time."),
        section(
            words("Our aim"),
            words("The portal follows the Web Content Accessibility Guidelines 2.2, level AA."),
        ),
        section(words("What we did"), points(words, DONE)),
        section(words("What is checked, and what is not"), points(words, LIMITS)),
        section(
            words("Something does not work for you?"),
            words(
                "Call 02-0000-0000, Monday to Friday 08:30 to 17:30, and say which page. Your "
                "institution can also register you at the counter or by phone: you get the same "
                "number in the same queue."
            ),
        ),
    )
