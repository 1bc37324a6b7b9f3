"""Reports: the part that every applicant gets, and the summary of the panel.

A result (the dictionary of one applicant or of the panel, as JSON) goes into a thin notebook, which
shows sections of HTML; a template without scripts turns the executed notebook into one page.
"""
