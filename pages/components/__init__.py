"""Parts of the faces: small functions that every page may lay out; no ids of their own."""
