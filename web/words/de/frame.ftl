# Was um jede Seite herum steht.

frame-skip = Zum Inhalt springen
frame-help = Hilfe nötig? Schreiben Sie an { $support }.
frame-language = Sprache
frame-errors = { $count ->
    [0] Das hat nicht geklappt
    [one] Bitte prüfen Sie ein Feld
   *[other] Bitte prüfen Sie einige Felder
}
