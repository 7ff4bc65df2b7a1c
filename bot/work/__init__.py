"""What runs in the background: the journal into records."""
