"""Numbers, headings and columns as text files hold them."""
