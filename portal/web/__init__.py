"""The door to the web: gate, headers, compression, plain routes; what pages need not know."""
