"""The tutor's rules as values and functions: no await, files, clock or chance in here."""
