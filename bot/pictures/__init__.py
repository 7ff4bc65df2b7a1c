"""Pictures for those who would rather look: phone screens, drawn by our own code from what a lesson says."""
