"""What a participant pays (pure)."""


def own_share(fee: int, subsidy_percent: int) -> int:
    """Give what a funded participant pays: the fee less the subsidy."""
    return round(fee * (100 - subsidy_percent) / 100)
