"""The demo years: invented seafarers and believable seasons, played by the same verbs people use."""
