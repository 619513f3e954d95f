"""Every sentence a person reads: gettext catalogues through Babel, the locale handed in as a value.

English is the message id; `zh_Hant_TW/*.po` (one file per room of the product) is complete.
"""

from services.words.catalogue import ENGLISH, LOCALES, ZH_HANT, Words, mark, words_for

__all__ = ["ENGLISH", "LOCALES", "ZH_HANT", "Words", "mark", "words_for"]
