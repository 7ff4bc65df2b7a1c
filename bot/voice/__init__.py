"""Text -> clips: who speaks (engines), how it is packed, where it is kept."""
