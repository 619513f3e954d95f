"""The bench: what the portal can do, beside what this machine and its peers can do.

`make bench` plays every part on SQLite and on PostgreSQL, prints a table and writes
build/bench.json; `make bench BENCH=core` plays one part, `BENCH="--quick"` the small size of all
(under three minutes), `BENCH="--quick --on sqlite core"` a part of that.

A part is a module of this folder, named in `bench.__main__.PARTS`, with

    def run(place: Place) -> Iterable[Line]

`place` gives the part empty durable databases (`place.fresh()`), a folder of its own, and
`place.size(full, quick)`; each `Line` it gives is printed as soon as it comes. A limit or a peer
belongs beside the figure and is measured in the same run; a bar of performance.md is a `Bar`.
Bulk data are written in bulk (`bench.crowd`), children come from `workers`, so that a part
costs what it measures. Nothing here is a test: pytest collects none of it.
"""
