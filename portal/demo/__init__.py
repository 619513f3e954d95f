"""The demo years: invented seafarers, believable seasons, played by the verbs that people use."""
