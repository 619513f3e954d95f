"""Eyes of the house: one question, one file - extract, measure, figure; knows no web."""
