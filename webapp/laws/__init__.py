"""The library of laws, policies and own rules, with their editions in force."""
