"""Which kind of paper is this, and where are its fields?"""
