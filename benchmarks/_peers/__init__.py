"""What peers serve: the same bundle, decoded by the same code, each in a web server of its own."""
