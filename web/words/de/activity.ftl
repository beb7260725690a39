# Das Protokoll.
