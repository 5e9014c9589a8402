"""Files people bring as proof: bytes by content under their SHA-256 outside the web root, one row for each content.

Two steps, because nothing is read, checked or hashed inside a write transaction:

    kept = keep_file(settings.files, content, name)          # checks, then the bytes are durable on the disk
    with writing() as session:
        file = store_file(session, by, kept)                 # the row; what it proves names `file.id`, `kept.name`

Who may read a file is decided by the thing it belongs to: `web/files.py` asks each in turn.
"""
