"""Học Số: a chatbot tutor for citizens."""
