"""Raw text to values: money, dates, phones, places, organisations."""
