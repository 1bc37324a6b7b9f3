"""What is kept of a round for years: a bag that others' tools verify, and what became of it.

A bag is a BagIt folder whose payload is an RO-Crate; `layout` says what lies where in it.
"""
