"""The lesson editor: texts written, checked, published, compared and brought back, all in a browser."""
