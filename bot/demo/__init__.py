"""A synthetic province: sample learners who never lived, to try figures and pages on."""
