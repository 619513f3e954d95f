"""Privacy: what is kept and why, how long, how it is protected, who sees what."""

from dash.development.base_component import Component

from pages.components.prose import pairs, points, prose_page, section
from pages.visit import Visit
from services.words import mark

PATH = "/privacy"
KEPT = (
    (
        mark("ID or resident certificate number"),
        mark("To know who you are and to ask MTNet about you. It is kept sealed (see below)."),
    ),
    (
        mark("Name, date of birth, sex, nationality, rank"),
        mark("To check the rules of a course and to write the roster. They come from MTNet."),
    ),
    (
        mark("E-mail, mobile number, region of residence"),
        mark("To reach you in time. You check and correct them when you register."),
    ),
    (
        mark("Registrations"),
        mark(
            "Your numbers and every step of them with its time, in a chain that cannot be changed "
            "unseen: it is the proof that the queue was kept."
        ),
    ),
    (
        mark("Screening and papers"),
        mark("Which rule was met by what, and the papers you upload for a review."),
    ),
    (
        mark("Notices and calls"),
        mark("What we sent you, what became of it, when you read it; notes of calls to you."),
    ),
    (
        mark("Account and sessions"),
        mark(
            "Your password only as a hash (argon2id). A session ends after 30 minutes without use "
            "(staff: 15), after 8 hours in any case."
        ),
    ),
)
SEALED = (
    mark("ID numbers are encrypted (AES-256-GCM), each bound to its own record."),
    mark("To find you at log-in we use a keyed fingerprint; the number cannot be read from it."),
    mark("No notice, no address of a page and no list shows an ID number."),
    mark(
        "The public file of a queue has a fingerprint of each ID number, made with a random code "
        "that only its owner is given: it proves a place, and nobody can try out whose it is."
    ),
    mark("Uploaded papers lie outside the web server's folders; only those named below get them."),
)
SEES = (
    (
        mark("Everybody"),
        mark(
            "Of each class: the numbers taken, where each stands and when it moved, without any "
            'name. Ended registrations read "closed" without a reason.'
        ),
    ),
    (mark("You"), mark("Everything about your own registrations.")),
    (
        mark("The institution"),
        mark(
            "The people who registered for its own classes: name, contact, screening, papers. "
            "Nothing of another institution."
        ),
    ),
    (
        mark("Planners of the Maritime and Port Bureau"),
        mark("All classes and reviews, and statistics in which small numbers are hidden."),
    ),
    (
        mark("The companies that carry our letters and text messages"),
        mark("Your address or number and what is said there: never your ID number."),
    ),
    (
        mark("MTNet"),
        mark(
            "Your ID number when we ask for your record; the roster when a class opens and the "
            "results after it."
        ),
    ),
)
LONG = (
    mark("A draft is deleted when you send the registration."),
    mark("Failed log-ins are counted for a day, then forgotten."),
    mark("The language and theme you choose stay in your browser for a year."),
    mark(
        "What an officer types about a class or into a roll stays in that browser window until it "
        "is sent or thrown away, or the officer logs out or closes it; never an ID number."
    ),
    mark(
        "How long registrations and contact data are kept has not been decided by the Bureau yet; "
        "until then nothing is deleted by itself."
    ),
)
COOKIES = (
    mark(
        "The portal sets only its own cookies: log-in, protection of forms, language, theme, width."
    ),
    mark("Nothing is loaded from other sites; nobody counts or follows you here."),
)


def layout(visit: Visit) -> Component:
    """Say what the portal does with people's data."""
    words = visit.words
    return prose_page(
        words("Privacy and use of data"),
        words("What we keep about you, why, for how long, and who can see it."),
        section(
            words("What we keep, and why"), pairs([(words(term), words(why)) for term, why in KEPT])
        ),
        section(words("How it is protected"), points(words, SEALED)),
        section(words("Who sees what"), pairs([(words(who), words(what)) for who, what in SEES])),
        section(words("How long"), points(words, LONG)),
        section(words("Cookies"), points(words, COOKIES)),
        section(
            words("Your questions"),
            words(
                "To see, correct or delete your data call 02-0000-0000, Monday to Friday 08:30 to "
                "17:30. Data from MTNet is corrected there."
            ),
        ),
    )
