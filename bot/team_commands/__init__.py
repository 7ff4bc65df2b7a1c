"""Commands for teams: their list, and the posters that people join them by."""
