# Die Seiten des Betreibers.
