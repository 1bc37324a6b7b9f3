"""The sections of the notebooks' pages, their looks, and how a page is made of them."""
