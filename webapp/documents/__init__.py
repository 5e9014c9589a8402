"""Office documents: spreadsheets written so that nothing in them computes, and tables read in a limited process."""
