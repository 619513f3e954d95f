"""Reports by e-mail: who wants them, which week they are of, what became of each letter."""
