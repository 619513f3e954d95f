"""The door to the web: gate, headers, compression, plain routes; everything the pages need not know."""
