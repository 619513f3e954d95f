"""What is on offer: courses, institutions, the annual plan, training classes; the calendar."""
