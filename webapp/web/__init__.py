"""The staff edge: HTTP in, one operation or one page, HTTP out. The only ring, with the commands, that knows Flask."""
