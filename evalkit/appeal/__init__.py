"""An appeal against the results of a locked round: its case file, from the objection to the
decision.
"""
