"""ExtractionService: the sandbox that runs extractors in killable processes, and the conversion to the wire."""
