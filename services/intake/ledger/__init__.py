"""The ledger: what was accepted, how far it is and what came of it; SQLite in the data folder, or PostgreSQL by a URL.

    database.py       engines, transactions off the event loop, one schema version
    schema.py         the tables; migrations/ is how they came about
    attachments.py    which bytes are kept, and who uploaded them
    submissions.py    accept, get, list, finish, erase
    queue.py          what waits: take, hold, give back
    readings.py       what files state, so that nothing is read twice
    pages.py          the same of single pages, while their file is being read
    events.py         what happened to a submission, for those who watch

Every function takes a connection inside a transaction of `Database`; none commits. A moment is µs since 1970, UTC.
"""
