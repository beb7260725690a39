# Die Einrichtung und die Übersicht.
