"""Pages for a printer: A4, large type, black on white. They carry real text, which can be copied and read aloud."""
