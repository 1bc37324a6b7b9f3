"""Files of other programs: tables of scores in, papers for people out."""
